// SPDX-License-Identifier: GPL-3.0-or-later
// Tells when something is plugged in or out.
#pragma once

#include <chrono>
#include <memory>

namespace rbpf::usb {

class Watch {
public:
    Watch();
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Returns when something has come or gone, at the latest after `most`. Where the system tells of nothing (no udev
    /// at work) that is always the case, so look again either way. A device's tty comes a little after the device.
    void wait(std::chrono::milliseconds most);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rbpf::usb
