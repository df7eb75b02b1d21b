// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/bindings.hpp"

namespace rbpf::image {

namespace {
// Twice, so that the macros within are expanded first.
#define TEXT_OF(...) #__VA_ARGS__
#define TEXT(...) TEXT_OF(__VA_ARGS__)
#define RBPF_NONE void
#define RBPF_VALUE(type, name) type name
#define RBPF_IN(type, name, bytes) type name
#define RBPF_OUT(type, name, bytes) type name
#define RBPF_IN_N(type, name, n) type name
#define RBPF_OUT_N(type, name, n) type name
#define RBPF_STRING(name) const char *name
#define RBPF_TEXT(type, name) type name
#define RBPF_MORE ...
#define RBPF_BINDING(id, name, returns, parameters, doc) {id, "bpf_" #name, #returns, TEXT(parameters), doc},

constexpr Binding kBindings[] = {
#include <rbpf/bindings.def>
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
