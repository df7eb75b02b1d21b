// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the bindings as scripts call them, from bindings.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rbpf::image {

struct Binding {
    std::uint16_t id;
    std::string_view name; ///< "bpf_printf"
};

/// In the table's order.
[[nodiscard]] std::span<const Binding> bindings();
[[nodiscard]] std::optional<std::string_view> bindingName(std::uint32_t id);

} // namespace rbpf::image
