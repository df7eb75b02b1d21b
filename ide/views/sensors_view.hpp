// SPDX-License-Identifier: GPL-3.0-or-later
// What the board's sensors, actuators and pins read; where they are simulated, sliders and switches to set them.
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "ide/model/observer_model.hpp"

class QGridLayout;
class QLabel;

namespace rbpf::views {

class SensorsView : public QWidget {
    Q_OBJECT
public:
    explicit SensorsView(model::ObserverModel& observer, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void update();
    void rebuild(const model::Observation& seen);
    void addDevice(std::uint32_t index, const link::DeviceInfo& device);
    void addSwitch(std::uint32_t index, const link::DeviceInfo& device, int row);
    void addSlider(std::uint32_t index, const link::DeviceInfo& device, int row);
    void addPin(std::size_t index, const link::PinInfo& pin);

    model::ObserverModel& observer_;
    QLabel* message_;
    QWidget* rows_ = nullptr;
    QGridLayout* grid_ = nullptr;
    QWidget* holder_;
    QString shape_; ///< of what the rows are for
    std::vector<std::function<void(const model::Observation&)>> show_;
};

} // namespace rbpf::views
