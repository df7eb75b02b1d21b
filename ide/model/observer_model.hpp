// SPDX-License-Identifier: GPL-3.0-or-later
// What the selected board prints, senses and stores, live; and changes to that. Sensors and stores are read only while
// somebody looks at them.
#pragma once

#include <QObject>
#include <memory>
#include <set>

#include "ide/model/observer_worker.hpp"

namespace rbpf::model {

class BoardsModel;

class ObserverModel : public QObject {
    Q_OBJECT
public:
    explicit ObserverModel(BoardsModel& boards, QObject* parent = nullptr);
    ~ObserverModel() override;

    /// Null until there is one of the selected board.
    [[nodiscard]] const ObservationPtr& last() const { return last_; }
    [[nodiscard]] const ObservationPtr& before() const { return before_; }
    /// The observed board's id; "" = none.
    [[nodiscard]] const QString& board() const { return id_; }
    void wantSensors(const QObject* who, bool isWanted);
    void wantStores(const QObject* who, bool isWanted);

    /// What a simulated sensor reads from now on; none = its own signal again.
    void simulate(std::uint32_t device, const std::vector<std::int16_t>& values);
    void simulatePin(std::uint32_t pin, bool isHigh);
    void setKey(const std::string& scope, std::uint32_t key, std::uint32_t value);
    void removeKey(const std::string& scope, std::uint32_t key);

Q_SIGNALS:
    /// last() is another one; or another board is observed.
    void changed();
    void text(const QString& text);
    void refused(const QString& message, const QString& hint);

private:
    void follow();
    void post(const std::string& key, ObserverWorker::Task task);
    void tellWishes();

    BoardsModel& boards_;
    std::unique_ptr<ObserverWorker> worker_;
    QString id_, line_;
    ObservationPtr last_, before_;
    std::set<const QObject*> forSensors_, forStores_;
};

} // namespace rbpf::model
