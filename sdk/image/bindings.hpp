// SPDX-License-Identifier: GPL-3.0-or-later
// The bindings as scripts call them, from bindings.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rbpf::image {

struct Binding {
    std::uint16_t id;
    std::string_view name;          ///< "bpf_printf"
    std::string_view returns;       ///< "int"
    std::string_view parameters;    ///< "(const char *format, ...)"
    std::string_view documentation; ///< a sentence or some
};

/// In the table's order.
[[nodiscard]] std::span<const Binding> bindings();
[[nodiscard]] std::optional<std::string_view> bindingName(std::uint32_t id);

} // namespace rbpf::image
