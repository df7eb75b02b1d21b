// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/arrivals.hpp"

#include <QCoreApplication>
#include <QTest>

#include <xcb/xcb.h>

namespace rbpf::gui {

namespace {

constexpr int kDeadlineMs = 1000;
constexpr int kSentByClient = 0x80; // a bit of the type
constexpr int kInputButtonRelease = 5; // of the extension XInput 2, which tells of the mouse

} // namespace

Arrivals::Arrivals() {
    QCoreApplication::instance()->installNativeEventFilter(this);
}

Arrivals::~Arrivals() {
    QCoreApplication::instance()->removeNativeEventFilter(this);
}

void Arrivals::wait(int expected) {
    static_cast<void>(QTest::qWaitFor([&] { return count_ >= expected; }, kDeadlineMs));
    count_ = 0;
    QCoreApplication::processEvents();
}

bool Arrivals::nativeEventFilter(const QByteArray&, void* message, qintptr*) {
    const auto* event = static_cast<const xcb_generic_event_t*>(message);
    const int type = event->response_type & ~kSentByClient;
    if (type == XCB_KEY_RELEASE || type == XCB_BUTTON_RELEASE ||
        (type == XCB_GE_GENERIC && reinterpret_cast<const xcb_ge_generic_event_t*>(event)->event_type == kInputButtonRelease)) {
        ++count_;
    }
    return false;
}

} // namespace rbpf::gui
