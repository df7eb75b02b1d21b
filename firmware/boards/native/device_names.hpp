// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of SAUL classes and phydat units, as device descriptions write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rbpf::native {

/// "temperature" → 0x82.
std::optional<std::uint8_t> typeByName(std::string_view name);
/// "°C" or "celsius" → 2.
std::optional<std::uint8_t> unitByName(std::string_view name);
/// The short form: "°C"; "" for none.
std::string_view unitText(std::uint8_t unit);
/// All names, for messages.
std::string typeNames();
std::string unitNames();

} // namespace rbpf::native
