// SPDX-License-Identifier: GPL-3.0-or-later
// Registers and stops as GDB reads and writes them (GDB manual, appendix E).
#include <fmt/format.h>

#include "debugger/rsp/packets.hpp"
#include "debugger/rsp/text_fields.hpp"

namespace rbpf::rsp {

namespace {

tl::unexpected<support::Error> malformed() {
    return support::fail(support::ErrorKind::Board, "this is no list of registers");
}

} // namespace

support::Result<Registers> parseRegisters(std::string_view text) {
    Registers registers{};
    std::size_t at = 0;
    for (int number = 0; number < kRegisterCount; ++number) {
        const std::size_t digits = 2 * static_cast<std::size_t>(registerBytes(number));
        const auto value = at + digits <= text.size() ? littleEndian(text.substr(at, digits)) : std::nullopt;
        if (!value) {
            return malformed();
        }
        registers[static_cast<std::size_t>(number)] = *value;
        at += digits;
    }
    return at == text.size() ? support::Result<Registers>(registers) : malformed();
}

std::string registersText(const Registers& registers) {
    std::string text;
    for (int number = 0; number < kRegisterCount; ++number) {
        text += littleEndianText(registers[static_cast<std::size_t>(number)], registerBytes(number));
    }
    return text;
}

std::string gdbStopText(const StopReply& stop) {
    std::string text = fmt::format("T{:02x}", stop.signal & 0xff);
    for (int number = 0; number < kRegisterCount; ++number) {
        text += fmt::format("{:02x}:{};", number,
                            littleEndianText(stop.reg[static_cast<std::size_t>(number)], registerBytes(number)));
    }
    text += fmt::format("thread:{:x};", stop.slot + 1);
    if (stop.watched) {
        const char* name = stop.watched->point == Point::Write  ? "watch"
                           : stop.watched->point == Point::Read ? "rwatch"
                                                                : "awatch";
        text += fmt::format("{}:{:x};", name, stop.watched->address);
    }
    return text;
}

} // namespace rbpf::rsp
