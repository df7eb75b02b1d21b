// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/gdbserver/gdb_framing.hpp"

#include <fmt/format.h>

#include "debugger/rsp/text_fields.hpp"

namespace rbpf::gdbserver {

namespace {

constexpr char kInterruptByte = 0x03;

bool needsEscape(char byte) {
    return byte == '$' || byte == '#' || byte == '}' || byte == '*';
}

} // namespace

std::string framed(std::string_view payload) {
    std::string body;
    std::uint8_t sum = 0;
    const auto add = [&](char byte) {
        body += byte;
        sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(byte));
    };
    for (const char byte : payload) {
        if (needsEscape(byte)) {
            add('}');
            add(static_cast<char>(byte ^ 0x20));
        } else {
            add(byte);
        }
    }
    return fmt::format("${}#{:02x}", body, sum);
}

std::optional<GdbDecoder::Item> GdbDecoder::put(char byte) {
    switch (state_) {
    case State::Outside:
        if (byte == '$') {
            payload_.clear();
            sum_ = 0;
            tooLong_ = false;
            state_ = State::Payload;
        } else if (byte == kInterruptByte) {
            return Item::Interrupt;
        } else if (byte == '-') {
            return Item::Nak;
        }
        return std::nullopt;
    case State::Payload:
        if (byte == '#') {
            state_ = State::FirstDigit;
        } else if (payload_.size() < kMostBytes) {
            payload_ += byte;
            sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(byte));
        } else {
            tooLong_ = true;
        }
        return std::nullopt;
    case State::FirstDigit:
        firstDigit_ = byte;
        state_ = State::SecondDigit;
        return std::nullopt;
    case State::SecondDigit:
        break;
    }
    state_ = State::Outside;
    const char digits[] = {firstDigit_, byte};
    const auto sum = rsp::hexNumber({digits, 2});
    return !tooLong_ && sum && *sum == sum_ ? Item::Packet : Item::Damaged;
}

} // namespace rbpf::gdbserver
