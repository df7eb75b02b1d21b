// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/stall_watch.hpp"

#include <algorithm>

namespace rbpf::gui {

StallWatch::StallWatch() {
    since_.start();
    QObject::connect(&beat_, &QTimer::timeout, &beat_, [this] { longest_ = std::max(longest_, since_.restart()); });
    beat_.start(5);
}

} // namespace rbpf::gui
