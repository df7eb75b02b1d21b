// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/stall_watch.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace rbpf::gui {

namespace {

/// The second number of a schedstat (Linux, Documentation/scheduler/sched-stats).
qint64 waitedNs(const std::string& schedstat) {
    std::ifstream file(schedstat);
    qint64 ran = 0;
    qint64 waited = 0;
    file >> ran >> waited;
    return waited;
}

/// This thread, and the X server that it asks.
qint64 waitedForProcessorNs() {
    static const std::string server = "/proc/" + qEnvironmentVariable("RBPF_X_SERVER", "none").toStdString() + "/schedstat";
    return waitedNs("/proc/thread-self/schedstat") + waitedNs(server);
}

} // namespace

StallWatch::StallWatch() : waitedNs_(waitedForProcessorNs()) {
    since_.start();
    QObject::connect(&beat_, &QTimer::timeout, &beat_, [this] { beat(); });
    beat_.start(5);
}

void StallWatch::beat() {
    const qint64 waited = waitedForProcessorNs();
    const qint64 stoodNs = since_.nsecsElapsed() - (waited - waitedNs_);
    since_.restart();
    waitedNs_ = waited;
    if (excused_ == 0 && !hasBeenExcused_) {
        longest_ = std::max(longest_, stoodNs / 1000000);
    }
    hasBeenExcused_ = false;
}

} // namespace rbpf::gui
