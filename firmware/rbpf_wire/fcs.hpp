// SPDX-License-Identifier: LGPL-2.1-or-later
// The frame check sequence of slipmux frames: CRC-16/IBM-SDLC (RFC 1662, appendix C).
#pragma once

#include "rbpf_wire/bytes.hpp"

namespace rbpf::wire {

inline constexpr size_t kFcsBytes = 2;
/// Where a running FCS starts.
inline constexpr uint16_t kFcsInit = 0xFFFF;
/// What the running FCS is after a message and its own FCS (low byte first) have gone through undamaged.
inline constexpr uint16_t kFcsGood = 0xF0B8;

/// The running FCS after one more byte.
uint16_t fcsAdd(uint16_t running, uint8_t byte);

/// The FCS of some bytes as it is sent: low byte first.
uint16_t fcs(const uint8_t* data, size_t size);

} // namespace rbpf::wire
