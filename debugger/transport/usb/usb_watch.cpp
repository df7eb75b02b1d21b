// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/usb/usb_watch.hpp"

#include <libusb.h>
#include <poll.h>

namespace rbpf::usb {

namespace {

timeval toTimeval(std::chrono::milliseconds span) {
    return {static_cast<time_t>(span.count() / 1000), static_cast<suseconds_t>(span.count() % 1000 * 1000)};
}

} // namespace

struct Watch::Impl {
    libusb_context* context = nullptr;
    bool registered = false;
    int changed = 0;

    static int LIBUSB_CALL hear(libusb_context*, libusb_device*, libusb_hotplug_event, void* user) {
        static_cast<Impl*>(user)->changed = 1;
        return 0; // goes on
    }

    void handle(std::chrono::milliseconds span) {
        timeval most = toTimeval(span);
        libusb_handle_events_timeout_completed(context, &most, &changed);
    }
};

Watch::Watch() : impl_(std::make_unique<Impl>()) {
    if (libusb_init(&impl_->context) != 0) {
        impl_->context = nullptr;
        return;
    }
    impl_->registered = libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) != 0 &&
                        libusb_hotplug_register_callback(
                            impl_->context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                            LIBUSB_HOTPLUG_NO_FLAGS, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                            LIBUSB_HOTPLUG_MATCH_ANY, &Impl::hear, impl_.get(), nullptr) == LIBUSB_SUCCESS;
}

Watch::~Watch() {
    if (impl_->context != nullptr) {
        libusb_exit(impl_->context); // takes the callback with it
    }
}

void Watch::wait(std::chrono::milliseconds most) {
    if (!impl_->registered) {
        poll(nullptr, 0, static_cast<int>(most.count()));
        return;
    }
    impl_->changed = 0;
    const auto until = std::chrono::steady_clock::now() + most;
    while (impl_->changed == 0 && std::chrono::steady_clock::now() < until) {
        impl_->handle(std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()));
    }
}

} // namespace rbpf::usb
