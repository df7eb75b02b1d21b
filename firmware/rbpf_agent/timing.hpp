// SPDX-License-Identifier: LGPL-2.1-or-later
// How long the agent waits for what, in milliseconds; and comparing times that wrap.
#pragma once

#include <stdint.h>

namespace rbpf::agent {

inline constexpr uint32_t kSeparateMs = 1000;   ///< clients send again after 2 s: an empty ACK goes out before
inline constexpr uint32_t kAckTimeoutMs = 2000; ///< RFC 7252 section 4.8; a random half comes on top
inline constexpr uint32_t kAckRandomMs = 1000;
inline constexpr uint32_t kWaitMs = 5000;      ///< how long an activation waits for a slot that is busy
inline constexpr uint32_t kNotifyMs = 250;     ///< observers are notified at most so often
inline constexpr uint32_t kCongestedMs = 20;   ///< until a serial line that took nothing is tried again
inline constexpr uint32_t kSaveMs = 500;       ///< see Options::saveMs
inline constexpr uint32_t kSaveBurst = 8;      ///< saves that may follow each other at once
inline constexpr uint32_t kSaveRetryMs = 5000; ///< … after a failure

/// `now` has reached `when`, both of a clock that wraps.
constexpr bool due(uint32_t now, uint32_t when) {
    return static_cast<int32_t>(now - when) >= 0;
}

} // namespace rbpf::agent
