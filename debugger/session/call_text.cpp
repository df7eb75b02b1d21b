// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/call_text.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sdk/image/bindings.hpp"

namespace rbpf::session {

namespace {

struct Row {
    std::uint32_t id;
    std::string_view parameters; ///< as bindings.def has them
};

// The parameters stay text: their macros are not expanded where they are only turned into a string.
constexpr Row kRows[] = {
#define RBPF_BINDING(id, name, returns, parameters, doc) {id, #parameters},
#include <rbpf/bindings.def>
#undef RBPF_BINDING
};

constexpr std::string_view kOutside[] = {"bpf_printf",       "bpf_print_debug",    "bpf_store_local",
                                         "bpf_store_global", "bpf_saul_reg_write", "bpf_gpio_write"};

constexpr std::size_t kTextMax = 40;

std::string quoted(std::uint32_t address, const History::StepView& view) {
    std::string text = "\"";
    for (std::uint32_t i = 0; i < kTextMax; ++i) {
        const std::uint8_t* byte = view.memory(address + i, 1);
        if (byte == nullptr || *byte == 0) {
            return text + '"';
        }
        text += *byte == '\n' ? "\\n" : std::string(1, *byte >= ' ' && *byte < 127 ? static_cast<char>(*byte) : '.');
    }
    return text + "…\"";
}

/// The last word of a parameter's macro: its name. "RBPF_OUT(phydat_t *, reading, 8" -> "reading".
std::string_view nameOf(std::string_view parameter) {
    const auto comma = parameter.find(',');
    std::string_view rest =
        comma == parameter.npos ? parameter.substr(parameter.find('(') + 1) : parameter.substr(comma + 1);
    rest = rest.substr(0, rest.find_first_of(",)"));
    const auto first = rest.find_first_not_of(' ');
    return first == rest.npos ? std::string_view() : rest.substr(first);
}

} // namespace

std::string callText(std::uint32_t binding, const History::StepView& view) {
    const auto name = image::bindingName(binding);
    std::string text = name ? std::string(*name) : fmt::format("binding 0x{:x}", binding);
    text += '(';
    const auto* row =
        std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& each) { return each.id == binding; });
    if (row == std::end(kRows)) {
        return text + ')';
    }
    static constexpr std::string_view kMacro = "RBPF_";
    unsigned number = 1;
    for (auto at = row->parameters.find(kMacro); at != std::string_view::npos && number <= 5;
         at = row->parameters.find(kMacro, at + 1)) {
        const std::string_view parameter = row->parameters.substr(at);
        if (parameter.starts_with("RBPF_NONE") || parameter.starts_with("RBPF_MORE")) {
            break;
        }
        const std::uint64_t value = view.reg[number++];
        const auto low = static_cast<std::uint32_t>(value);
        text += fmt::format("{}{} ", text.back() == '(' ? "" : ", ", nameOf(parameter));
        text += parameter.starts_with("RBPF_STRING")  ? quoted(low, view)
                : parameter.starts_with("RBPF_VALUE") ? fmt::format("{}", static_cast<std::int32_t>(low))
                                                      : fmt::format("0x{:08x}", low);
    }
    return text + ')';
}

bool seenOutside(std::uint32_t binding) {
    const auto name = image::bindingName(binding);
    return name && std::find(std::begin(kOutside), std::end(kOutside), *name) != std::end(kOutside);
}

} // namespace rbpf::session
