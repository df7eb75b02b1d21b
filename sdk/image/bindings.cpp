// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/bindings.hpp"

namespace rbpf::image {

namespace {
constexpr Binding kBindings[] = {
#define RBPF_BINDING(id, name, returns, parameters, doc) {id, "bpf_" #name},
#include <rbpf/bindings.def>
#undef RBPF_BINDING
};
} // namespace

std::span<const Binding> bindings() {
    return kBindings;
}

std::optional<std::string_view> bindingName(std::uint32_t id) {
    for (const Binding& binding : kBindings) {
        if (binding.id == id) {
            return binding.name;
        }
    }
    return std::nullopt;
}

} // namespace rbpf::image
