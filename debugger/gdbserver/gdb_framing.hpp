// SPDX-License-Identifier: GPL-3.0-or-later
// The frames that GDB itself speaks over TCP: $PAYLOAD#CHECKSUM, acknowledgements, the interrupt byte (GDB manual,
// "Overview" of appendix E).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rbpf::gdbserver {

/// "$…#cs". Text payloads only: replies here are hexadecimal or printable.
[[nodiscard]] std::string framed(std::string_view payload);

/// Takes bytes as they come.
class GdbDecoder {
public:
    enum class Item : std::uint8_t {
        Packet,    ///< payload() is good
        Damaged,   ///< wrong checksum, or longer than kMostBytes
        Interrupt, ///< byte 03 between packets
        Nak        ///< '-': send the last one again
    };
    static constexpr std::size_t kMostBytes = 1 << 16;

    [[nodiscard]] std::optional<Item> put(char byte);
    /// As it was sent, escapes of binary data included.
    [[nodiscard]] const std::string& payload() const { return payload_; }

private:
    enum class State : std::uint8_t {
        Outside,
        Payload,
        FirstDigit,
        SecondDigit
    } state_ = State::Outside;
    std::string payload_;
    std::uint8_t sum_ = 0;
    char firstDigit_ = 0;
    bool tooLong_ = false;
};

} // namespace rbpf::gdbserver
