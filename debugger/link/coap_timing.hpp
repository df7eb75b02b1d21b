// SPDX-License-Identifier: GPL-3.0-or-later
// When a CoAP client tries again (RFC 7252 section 4.8).
#pragma once

#include <chrono>

namespace rbpf::link {

/// A serial line has one sender in each direction and nothing to congest, so the first retransmission comes earlier
/// than between strangers in a network.
struct CoapTiming {
    std::chrono::milliseconds ackTimeout{1000};
    double randomFactor = 1.5;
    unsigned maxRetransmit = 4;
};

} // namespace rbpf::link
