// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/fd.hpp"

#include <unistd.h>

namespace rbpf::transport {

void Fd::reset() {
    if (number_ >= 0) {
        close(number_);
        number_ = -1;
    }
}

} // namespace rbpf::transport
