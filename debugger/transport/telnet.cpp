// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/telnet.hpp"

#include <algorithm>

namespace rbpf::transport {

namespace {

constexpr std::uint8_t kSubEnd = 240, kSubBegin = 250, kWill = 251, kWont = 252, kDo = 253, kDont = 254, kIac = 255;

// RFC 2217 section 2; the server's answer to a request has 100 more.
constexpr std::uint8_t kSignature = 0, kBaudRate = 1, kDataSize = 2, kParity = 3, kStopSize = 4, kControl = 5;
constexpr std::uint8_t kSuspend = 8, kResume = 9, kFromServer = 100;
constexpr std::uint8_t kNoParity = 1, kOneStopBit = 1;
constexpr std::uint8_t kNoFlowControl = 1, kDtrOn = 8, kRtsOn = 11;

/// Longer subnegotiations are cut: none that we know needs it.
constexpr std::size_t kLongestSub = 256;

constexpr const char* kOurName = "rBPF Studio";

void put(TelnetBytes& out, std::uint8_t verb, std::uint8_t option) {
    out.insert(out.end(), {kIac, verb, option});
}

void putSub(TelnetBytes& out, std::uint8_t option, std::uint8_t code, std::span<const std::uint8_t> value) {
    out.insert(out.end(), {kIac, kSubBegin, option, code});
    TelnetClient::send(value, out);
    out.insert(out.end(), {kIac, kSubEnd});
}

std::uint32_t bigEndian(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes) {
        value = value << 8 | byte;
    }
    return value;
}

} // namespace

void TelnetClient::begin(TelnetBytes& out) {
    for (const std::uint8_t option : {kBinary, kNoGoAhead}) {
        us_[option] = Will::Asked;
        them_[option] = Will::Asked;
        put(out, kWill, option);
        put(out, kDo, option);
    }
    us_[kComPort] = Will::Asked;
    put(out, kWill, kComPort);
}

void TelnetClient::send(std::span<const std::uint8_t> bytes, TelnetBytes& out) {
    for (const std::uint8_t byte : bytes) {
        out.push_back(byte);
        if (byte == kIac) {
            out.push_back(kIac);
        }
    }
}

void TelnetClient::receive(std::span<const std::uint8_t> bytes, TelnetBytes& data, TelnetBytes& out) {
    for (const std::uint8_t byte : bytes) {
        step(byte, data, out);
    }
}

void TelnetClient::step(std::uint8_t byte, TelnetBytes& data, TelnetBytes& out) {
    switch (state_) {
    case State::Data:
        if (byte == kIac) {
            state_ = State::Command;
        } else {
            data.push_back(byte);
        }
        return;
    case State::Command:
        command(byte, data);
        return;
    case State::Option:
        state_ = State::Data;
        option(byte, out);
        return;
    case State::Sub:
        if (byte == kIac) {
            state_ = State::SubCommand;
        } else if (sub_.size() < kLongestSub) {
            sub_.push_back(byte);
        }
        return;
    case State::SubCommand:
        if (byte == kIac) {
            state_ = State::Sub;
            if (sub_.size() < kLongestSub) {
                sub_.push_back(byte);
            }
            return;
        }
        state_ = State::Data;
        if (byte == kSubEnd) {
            subnegotiation(out);
        }
        return;
    }
}

void TelnetClient::command(std::uint8_t byte, TelnetBytes& data) {
    state_ = State::Data;
    if (byte == kIac) {
        data.push_back(kIac);
    } else if (byte == kSubBegin) {
        sub_.clear();
        state_ = State::Sub;
    } else if (byte >= kWill) {
        verb_ = byte;
        state_ = State::Option;
    } // others (no operation, go ahead, …) ask for nothing
}

void TelnetClient::option(std::uint8_t option, TelnetBytes& out) {
    heard_ = true;
    switch (verb_) {
    case kDo:
        answerDo(option, out);
        break;
    case kWill:
        answerWill(option, out);
        break;
    case kDont:
        if (us_[option] == Will::Yes) {
            put(out, kWont, option);
        }
        us_[option] = Will::No;
        refuse(option);
        break;
    default:
        if (them_[option] == Will::Yes) {
            put(out, kDont, option);
        }
        them_[option] = Will::No;
        if (option == kBinary) { // that the server has no COM-PORT-OPTION of its own to offer is as it should be
            refuse(option);
        }
        break;
    }
}

/// Answers only what changes something, so that the two sides cannot answer each other for ever (RFC 854).
void TelnetClient::answerDo(std::uint8_t option, TelnetBytes& out) {
    const Will before = us_[option];
    if (option != kBinary && option != kNoGoAhead && option != kComPort) {
        put(out, kWont, option);
        return;
    }
    us_[option] = Will::Yes;
    if (before == Will::No) {
        put(out, kWill, option);
    }
    if (option == kComPort && before != Will::Yes) {
        configure(out);
    }
}

void TelnetClient::answerWill(std::uint8_t option, TelnetBytes& out) {
    const Will before = them_[option];
    if (option != kBinary && option != kNoGoAhead) {
        put(out, kDont, option);
        return;
    }
    them_[option] = Will::Yes;
    if (before == Will::No) {
        put(out, kDo, option);
    }
}

void TelnetClient::configure(TelnetBytes& out) {
    const std::array<std::uint8_t, 4> baud{static_cast<std::uint8_t>(baud_ >> 24),
                                           static_cast<std::uint8_t>(baud_ >> 16),
                                           static_cast<std::uint8_t>(baud_ >> 8), static_cast<std::uint8_t>(baud_)};
    const auto set = [&out](std::uint8_t code, std::uint8_t value) { putSub(out, kComPort, code, {&value, 1}); };
    putSub(out, kComPort, kSignature, {}); // asks for the server's
    set(kDataSize, 8);
    set(kParity, kNoParity);
    set(kStopSize, kOneStopBit);
    set(kControl, kNoFlowControl);
    set(kControl, kDtrOn);
    set(kControl, kRtsOn);
    putSub(out, kComPort, kBaudRate, baud); // last: its answer tells that all is set
}

void TelnetClient::subnegotiation(TelnetBytes& out) {
    if (sub_.size() < 2 || sub_[0] != kComPort) {
        return;
    }
    const std::span<const std::uint8_t> value(sub_.data() + 2, sub_.size() - 2);
    switch (sub_[1]) {
    case kFromServer + kSignature:
        if (value.empty()) {
            const std::string name = kOurName;
            putSub(out, kComPort, kSignature, {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
        } else {
            signature_.assign(value.begin(), value.end());
            std::replace_if(signature_.begin(), signature_.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
        }
        break;
    case kFromServer + kBaudRate:
        confirmed_ = value.size() == 4 && bigEndian(value) == baud_;
        if (!confirmed_ && value.size() == 4) {
            refusal_ =
                "the server sets " + std::to_string(bigEndian(value)) + " baud instead of " + std::to_string(baud_);
        }
        break;
    case kFromServer + kSuspend:
        suspended_ = true;
        break;
    case kFromServer + kResume:
        suspended_ = false;
        break;
    default: // line and modem states, and settings that are as we asked
        break;
    }
}

void TelnetClient::refuse(std::uint8_t option) {
    if (option == kComPort) {
        refusal_ = "the server does not offer RFC 2217 (COM-PORT-OPTION)";
    } else if (option == kBinary) {
        refusal_ = "the server does not pass all bytes on (binary transmission)";
    }
}

} // namespace rbpf::transport
