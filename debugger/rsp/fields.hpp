// SPDX-License-Identifier: GPL-3.0-or-later
// Structs of <rbpf/debug.h> out of payloads, which may be shorter than they should.
#pragma once

#include <cstring>
#include <optional>
#include <string_view>

#include <rbpf/image.h>

#include "debugger/rsp/packets.hpp"

namespace rbpf::rsp {

/// The struct that a payload begins with; nullopt if the payload is shorter.
template <typename Struct>
std::optional<Struct> structAt(std::string_view payload) {
    Struct value;
    if (payload.size() < sizeof value) {
        return std::nullopt;
    }
    std::memcpy(&value, payload.data(), sizeof value);
    return value;
}

} // namespace rbpf::rsp
