// SPDX-License-Identifier: GPL-3.0-or-later
// What a peer has sent, read without believing that it is there or of the right type.
#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace rbpf::language {

/// More than any file has lines; keeps sums far from an overflow.
inline constexpr std::uint64_t kMostLines = 1u << 30;

/// null where there is none.
[[nodiscard]] inline const nlohmann::json& field(const nlohmann::json& object, const char* name) {
    static const nlohmann::json nothing;
    if (!object.is_object()) {
        return nothing;
    }
    const auto found = object.find(name);
    return found != object.end() ? *found : nothing;
}

[[nodiscard]] inline std::string text(const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

[[nodiscard]] inline unsigned number(const nlohmann::json& value, unsigned otherwise = 0) {
    const bool isCount = value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
    return isCount ? static_cast<unsigned>(std::min(value.get<std::uint64_t>(), kMostLines)) : otherwise;
}

[[nodiscard]] inline bool truth(const nlohmann::json& value, bool otherwise) {
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

} // namespace rbpf::language
