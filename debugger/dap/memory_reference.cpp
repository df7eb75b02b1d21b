// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/memory_reference.hpp"

#include <charconv>
#include <fmt/format.h>

namespace rbpf::dap {

support::Result<std::uint32_t> parseReference(const Arguments& arguments, const char* name, const char* offset) {
    const std::string text = arguments.text(name);
    const bool isHex = text.starts_with("0x") || text.starts_with("0X");
    const char* begin = text.data() + (isHex ? 2 : 0);
    const char* end = text.data() + text.size();
    std::uint32_t address = 0;
    const auto [stop, code] = std::from_chars(begin, end, address, isHex ? 16 : 10);
    const std::int64_t shift = arguments.number(offset, 0);
    const bool fits = shift >= -std::int64_t{UINT32_MAX} && shift <= std::int64_t{UINT32_MAX} &&
                      std::int64_t{address} + shift >= 0 && std::int64_t{address} + shift <= std::int64_t{UINT32_MAX};
    if (code != std::errc() || stop != end || !fits) {
        return support::fail(support::ErrorKind::Usage, fmt::format("\"{}\" is no address of a script", text));
    }
    return static_cast<std::uint32_t>(address + shift);
}

} // namespace rbpf::dap
