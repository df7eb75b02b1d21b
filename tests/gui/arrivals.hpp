// SPDX-License-Identifier: GPL-3.0-or-later
// Counts the keys and buttons let go that the X server has brought to this application, so that whoever sent them knows
// when they are here.
#pragma once

#include <QAbstractNativeEventFilter>

namespace rbpf::gui {

class Arrivals : public QAbstractNativeEventFilter {
public:
    Arrivals();
    ~Arrivals() override;
    Arrivals(const Arrivals&) = delete;
    Arrivals& operator=(const Arrivals&) = delete;

    /// Lets the application work until `expected` more have come than at the last call, and have been dealt with; after a
    /// second it goes on all the same: what nobody has the focus for is lost.
    void wait(int expected);

    bool nativeEventFilter(const QByteArray& type, void* message, qintptr* result) override;

private:
    int count_ = 0;
};

} // namespace rbpf::gui
