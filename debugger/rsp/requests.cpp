// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to payloads (<rbpf/debug.h>). The structs are copied as they are: workstations are little-endian, too.
#include <bit>
#include <cstring>

#include "debugger/rsp/packets.hpp"

namespace rbpf::rsp {

static_assert(std::endian::native == std::endian::little);

std::string request(std::uint8_t letter, unsigned number, std::uint32_t address, std::size_t size,
                    std::span<const std::uint8_t> data) {
    const rbpf_debug_request_t head{letter, static_cast<std::uint8_t>(number), static_cast<std::uint16_t>(size),
                                    address};
    std::string text(sizeof head + data.size(), '\0');
    std::memcpy(text.data(), &head, sizeof head);
    std::copy(data.begin(), data.end(), text.begin() + sizeof head);
    return text;
}

rbpf_debug_point_t boardPoint(Point point, std::uint32_t address, std::uint32_t size) {
    const std::uint8_t mode = point == Point::Breakpoint ? RBPF_POINT_BREAK
                              : point == Point::Write    ? RBPF_POINT_WRITE
                              : point == Point::Read     ? RBPF_POINT_READ
                                                         : RBPF_POINT_READ | RBPF_POINT_WRITE;
    return {address, static_cast<std::uint16_t>(point == Point::Breakpoint ? 1 : size), mode, 0};
}

} // namespace rbpf::rsp
