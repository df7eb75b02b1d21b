// SPDX-License-Identifier: GPL-3.0-or-later
// Typed requests to payloads (GDB manual, appendix E; vendor requests: <rbpf/debug.h>).
#include <fmt/format.h>

#include "debugger/rsp/packets.hpp"
#include "debugger/rsp/text_fields.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::rsp {

namespace {

void appendList(std::string& text, char name, std::span<const std::uint32_t> numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        text += i == 0 ? fmt::format(";{}{:x}", name, numbers[i]) : fmt::format(",{:x}", numbers[i]);
    }
}

} // namespace

std::string setPointRequest(bool insert, Point point, std::uint32_t address, std::uint32_t size) {
    return fmt::format("{}{},{:x},{:x}", insert ? 'Z' : 'z', static_cast<int>(point), address, size);
}

std::string readMemoryRequest(std::uint32_t address, std::uint32_t size) {
    return fmt::format("m{:x},{:x}", address, size);
}

std::string writeMemoryRequest(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    return fmt::format("M{:x},{:x}:{}", address, bytes.size(), support::toHex(bytes));
}

std::string setRegisterRequest(int number, std::uint64_t value) {
    return fmt::format("P{:x}={}", number, littleEndianText(value, registerBytes(number)));
}

std::string stopOnRequest(std::uint32_t mask, std::span<const std::uint32_t> bindings,
                          std::span<const std::uint32_t> keys) {
    std::string text = fmt::format("QRbpfStop:{:x}", mask);
    appendList(text, 'b', bindings);
    appendList(text, 'k', keys);
    return text;
}

std::string monitorRequest(std::string_view command) {
    return "qRcmd," + support::toHex({reinterpret_cast<const std::uint8_t*>(command.data()), command.size()});
}

} // namespace rbpf::rsp
