// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/sensors_view.hpp"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "boards/native/device_names.hpp"
#include "boards/native/devices.hpp"
#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

using link::DeviceInfo;

constexpr std::uint8_t kCelsius = 2, kLux = 5, kBool = 25, kPercent = 27;

QString words(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString reading(const DeviceInfo& device) {
    if (device.values.empty()) {
        return SensorsView::tr("cannot be read");
    }
    phydat_t value{};
    std::ranges::copy(device.values, value.val);
    value.unit = device.unit;
    value.scale = device.scale;
    return words(native::phydatText(value, static_cast<unsigned>(device.values.size())));
}

/// Where a slider is of use, in the unit itself.
std::pair<double, double> range(const DeviceInfo& device) {
    const double step = std::pow(10.0, device.scale);
    const std::pair<double, double> all(-32768 * step, 32767 * step);
    const std::pair<double, double> usual = device.unit == kCelsius   ? std::pair(-40.0, 85.0)
                                            : device.unit == kPercent ? std::pair(0.0, 100.0)
                                            : device.unit == kLux     ? std::pair(0.0, 2000.0)
                                                                      : all;
    return {std::max(all.first, usual.first), std::min(all.second, usual.second)};
}

QString shapeOf(const model::Observation& seen) {
    QString shape;
    for (const DeviceInfo& device : seen.devices) {
        shape += QStringLiteral("%1 %2 %3 %4;").arg(words(device.name)).arg(device.type).arg(device.scale).arg(device.isSimulated);
    }
    for (const link::PinInfo& pin : seen.pins) {
        shape += QStringLiteral("pin %1 %2;").arg(pin.pin).arg(pin.isOutput);
    }
    return shape;
}

} // namespace

SensorsView::SensorsView(model::ObserverModel& observer, QWidget* parent)
    : QWidget(parent), observer_(observer), message_(new QLabel), holder_(new QWidget) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    message_->setWordWrap(true);
    message_->setAccessibleName(tr("About the sensors"));
    layout->addWidget(message_);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    (new QVBoxLayout(holder_))->setContentsMargins(0, 0, 0, 0);
    scroll->setWidget(holder_);
    layout->addWidget(scroll, 1);
    connect(&observer_, &model::ObserverModel::changed, this, &SensorsView::update);
    update();
}

void SensorsView::showEvent(QShowEvent* event) {
    observer_.wantSensors(this, true);
    QWidget::showEvent(event);
}

void SensorsView::hideEvent(QHideEvent* event) {
    observer_.wantSensors(this, false);
    QWidget::hideEvent(event);
}

void SensorsView::update() {
    const auto seen = observer_.last();
    const bool isThere = seen && !seen->devices.empty();
    const bool isSimulated = isThere && std::ranges::any_of(seen->devices, &DeviceInfo::isSimulated);
    message_->setText(observer_.board().isEmpty() ? tr("No board is there whose sensors could be read.")
                      : !seen                     ? tr("%1 is being asked.").arg(observer_.board())
                      : !seen->problem.isEmpty()  ? tr("The sensors cannot be read: %1.").arg(seen->problem)
                      : !isThere                  ? tr("%1 has no sensors.").arg(observer_.board())
                      : isSimulated ? QString()
                                    : tr("The sensors of %1 are real: they show what they read, and cannot be set.")
                                          .arg(observer_.board()));
    message_->setVisible(!message_->text().isEmpty());
    holder_->setVisible(isThere);
    if (!isThere) {
        return;
    }
    if (const QString shape = shapeOf(*seen); shape != shape_) {
        shape_ = shape;
        rebuild(*seen);
    }
    for (const auto& show : show_) {
        show(*seen);
    }
}

void SensorsView::rebuild(const model::Observation& seen) {
    show_.clear();
    delete rows_;
    rows_ = new QWidget;
    grid_ = new QGridLayout(rows_);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setColumnStretch(2, 1);
    for (std::uint32_t index = 0; index < seen.devices.size(); ++index) {
        addDevice(index, seen.devices[index]);
    }
    for (std::size_t index = 0; index < seen.pins.size(); ++index) {
        addPin(index, seen.pins[index]);
    }
    grid_->setRowStretch(grid_->rowCount(), 1);
    holder_->layout()->addWidget(rows_);
}

void SensorsView::addDevice(std::uint32_t index, const DeviceInfo& device) {
    const int row = grid_->rowCount();
    auto* name = new QLabel(words(device.name));
    auto* value = new QLabel;
    value->setAccessibleName(tr("Reading of %1").arg(words(device.name)));
    value->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("-888.88 °C")));
    grid_->addWidget(name, row, 0);
    grid_->addWidget(value, row, 1);
    show_.emplace_back([value, index](const model::Observation& now) { value->setText(reading(now.devices[index])); });
    if (device.isSimulated && device.values.size() == 1) {
        device.unit == kBool ? addSwitch(index, device, row) : addSlider(index, device, row);
    }
}

void SensorsView::addSwitch(std::uint32_t index, const DeviceInfo& device, int row) {
    auto* on = new QCheckBox(tr("on"));
    on->setAccessibleName(tr("Set %1").arg(words(device.name)));
    grid_->addWidget(on, row, 2);
    connect(on, &QCheckBox::clicked, this,
            [this, index](bool isOn) { observer_.simulate(index, {static_cast<std::int16_t>(isOn ? 1 : 0)}); });
    show_.emplace_back([on, index](const model::Observation& now) {
        if (const auto& values = now.devices[index].values; !values.empty()) {
            on->setChecked(values.front() != 0);
        }
    });
}

void SensorsView::addSlider(std::uint32_t index, const DeviceInfo& device, int row) {
    const QString name = words(device.name);
    const double step = std::pow(10.0, device.scale);
    const auto [low, high] = range(device);
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setAccessibleName(tr("Slider of %1").arg(name));
    slider->setRange(static_cast<int>(std::lround(low / step)), static_cast<int>(std::lround(high / step)));
    slider->setPageStep(std::max(1, (slider->maximum() - slider->minimum()) / 20));
    slider->setMinimumWidth(60);
    auto* spin = new QDoubleSpinBox;
    spin->setAccessibleName(tr("Value of %1").arg(name));
    spin->setDecimals(std::max(0, -static_cast<int>(device.scale)));
    spin->setRange(-32768 * step, 32767 * step);
    spin->setSingleStep(std::max(step, (high - low) / 200));
    spin->setKeyboardTracking(false);
    auto* release = new QToolButton;
    release->setText(tr("auto"));
    release->setAccessibleName(tr("Let %1 go").arg(name));
    release->setToolTip(tr("Lets %1 read its own signal again").arg(name));
    release->setFocusPolicy(Qt::StrongFocus);
    grid_->addWidget(slider, row, 2);
    grid_->addWidget(spin, row, 3);
    grid_->addWidget(release, row, 4);
    connect(slider, &QSlider::valueChanged, this, [this, index, spin, step](int raw) {
        const QSignalBlocker quiet(spin);
        spin->setValue(raw * step);
        observer_.simulate(index, {static_cast<std::int16_t>(raw)});
    });
    connect(spin, &QDoubleSpinBox::valueChanged, this, [this, index, slider, step](double value) {
        const QSignalBlocker quiet(slider);
        slider->setValue(static_cast<int>(std::lround(value / step)));
        observer_.simulate(index, {static_cast<std::int16_t>(std::clamp(std::lround(value / step), -32768L, 32767L))});
    });
    connect(release, &QToolButton::clicked, this, [this, index] { observer_.simulate(index, {}); });
    show_.emplace_back([slider, spin, index, step](const model::Observation& now) {
        const auto& values = now.devices[index].values;
        if (values.empty() || slider->isSliderDown() || spin->hasFocus()) {
            return; // it is in the user's hands
        }
        const QSignalBlocker quiet(slider), quieter(spin);
        slider->setValue(values.front());
        spin->setValue(values.front() * step);
    });
}

void SensorsView::addPin(std::size_t index, const link::PinInfo& pin) {
    const int row = grid_->rowCount();
    auto* value = new QLabel;
    value->setAccessibleName(tr("Level of pin %1").arg(pin.pin));
    grid_->addWidget(new QLabel(pin.isOutput ? tr("pin %1 (output)").arg(pin.pin) : tr("pin %1").arg(pin.pin)), row, 0);
    grid_->addWidget(value, row, 1);
    show_.emplace_back(
        [value, index](const model::Observation& now) { value->setText(now.pins[index].isHigh ? tr("high") : tr("low")); });
    if (pin.isOutput) {
        return;
    }
    auto* high = new QCheckBox(tr("high"));
    high->setAccessibleName(tr("Set pin %1").arg(pin.pin));
    grid_->addWidget(high, row, 2);
    connect(high, &QCheckBox::clicked, this,
            [this, number = pin.pin](bool isHigh) { observer_.simulatePin(number, isHigh); });
    show_.emplace_back([high, index](const model::Observation& now) { high->setChecked(now.pins[index].isHigh); });
}

} // namespace rbpf::views
