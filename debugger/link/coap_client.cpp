// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/coap_client.hpp"

#include <algorithm>
#include <cstring>

#include <rbpf/wire.h>

#include "rbpf_wire/coap_builder.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::link {

using support::ErrorKind;
using transport::Clock;

namespace {

/// How long a wait may be deaf to cancellation.
constexpr std::chrono::milliseconds kStopInterval{50};
constexpr std::size_t kAnsweredKept = 8;
constexpr std::size_t kConsoleKept = 256 * 1024;

tl::unexpected<support::Error> noAnswer(const std::string& name) {
    return support::fail(ErrorKind::Link, name + ": the board does not answer",
                         "is it running rBPF firmware, and is this its port? `rbpf boards` lists boards");
}

tl::unexpected<support::Error> cancelled() {
    return support::fail(ErrorKind::Cancelled, "cancelled");
}

} // namespace

void CoapRequest::add(std::uint16_t number, std::uint32_t value) {
    std::vector<std::uint8_t> bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto byte = static_cast<std::uint8_t>(value >> shift);
        if (!bytes.empty() || byte != 0) {
            bytes.push_back(byte);
        }
    }
    options.push_back({number, std::move(bytes)});
}

void CoapRequest::add(std::uint16_t number, const std::string& value) {
    options.push_back({number, {value.begin(), value.end()}});
}

const std::vector<std::uint8_t>* CoapReply::find(std::uint16_t number) const {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [number](const CoapOptionOut& option) { return option.number == number; });
    return found == options.end() ? nullptr : &found->value;
}

std::optional<std::uint32_t> CoapReply::findUint(std::uint16_t number) const {
    const auto* value = find(number);
    std::uint32_t result = 0;
    if (value == nullptr || !wire::optionUint({value->data(), value->size()}, result)) {
        return std::nullopt;
    }
    return result;
}

void Console::add(const std::vector<std::uint8_t>& text) {
    text_.append(text.begin(), text.end());
    if (text_.size() > kConsoleKept) {
        text_.erase(0, text_.size() - kConsoleKept);
    }
}

std::string Console::take() {
    return std::exchange(text_, {});
}

CoapClient::CoapClient(std::unique_ptr<transport::Transport> line, CoapTiming timing)
    : channel_(std::move(line)), timing_(timing), random_(std::random_device{}()),
      nextMessageId_(static_cast<std::uint16_t>(random_())) {}

std::vector<std::uint8_t> CoapClient::encode(const CoapRequest& request, const Exchange& exchange) const {
    std::vector<CoapOptionOut> options;
    for (const CoapOptionOut& option : request.options) { // equal numbers keep their order: the segments of a path
        const auto behind =
            std::upper_bound(options.begin(), options.end(), option.number,
                             [](std::uint16_t number, const CoapOptionOut& other) { return number < other.number; });
        options.insert(behind, option);
    }
    std::vector<std::uint8_t> bytes(RBPF_COAP_MESSAGE_BYTES);
    wire::CoapBuilder builder(bytes.data(), bytes.size());
    builder.begin(wire::CoapType::Confirmable, request.method, exchange.messageId,
                  {exchange.token.data(), exchange.token.size()});
    for (const CoapOptionOut& option : options) {
        builder.option(option.number, {option.value.data(), option.value.size()});
    }
    builder.payload({request.payload.data(), request.payload.size()});
    bytes.resize(builder.finish());
    return bytes;
}

support::Result<CoapReply> CoapClient::exchange(const CoapRequest& request, Clock::time_point deadline,
                                                const std::stop_token& stop) {
    Exchange exchange;
    exchange.messageId = nextMessageId_++;
    const std::uint32_t token = random_();
    std::memcpy(exchange.token.data(), &token, exchange.token.size());
    const std::vector<std::uint8_t> message = encode(request, exchange);
    if (message.empty()) {
        return support::fail(ErrorKind::Usage, "the request is too long for one CoAP message",
                             "shorten the path, or send less");
    }

    if (stop.stop_requested()) {
        return cancelled(); // before anything is sent: a cancelled install must not send its last block
    }
    std::uniform_real_distribution<double> spread(1.0, timing_.randomFactor);
    auto wait = std::chrono::duration_cast<Clock::duration>(timing_.ackTimeout * spread(random_));
    for (unsigned attempt = 0; attempt <= timing_.maxRetransmit; ++attempt, wait *= 2) {
        if (!exchange.acknowledged) {
            if (auto sent = channel_.send(RBPF_FRAME_COAP, message, deadline); !sent) {
                return tl::unexpected(sent.error());
            }
        }
        const Clock::time_point until = std::min(deadline, Clock::now() + wait);
        while (!exchange.reply && !exchange.refused) {
            const Clock::time_point limit = exchange.acknowledged ? deadline : until;
            if (auto received = receive(&exchange, limit, stop); !received) {
                return tl::unexpected(received.error());
            }
            if (Clock::now() >= limit) {
                break;
            }
        }
        if (exchange.reply) {
            answered_.push_back(exchange.token);
            if (answered_.size() > kAnsweredKept) {
                answered_.pop_front();
            }
            return std::move(*exchange.reply);
        }
        if (exchange.refused) {
            return support::fail(ErrorKind::Link, name() + ": the board refused the message (CoAP reset)",
                                 "its firmware may be older than these tools");
        }
        if (Clock::now() >= deadline) {
            break;
        }
    }
    return noAnswer(name());
}

support::Result<void> CoapClient::listen(Clock::time_point deadline, const std::stop_token& stop) {
    while (console_.empty()) {
        if (auto received = receive(nullptr, deadline, stop); !received) {
            return received;
        }
        if (Clock::now() >= deadline) {
            break;
        }
    }
    return {};
}

support::Result<void> CoapClient::pause(Clock::time_point deadline, const std::stop_token& stop) {
    while (Clock::now() < deadline) {
        if (auto received = receive(nullptr, deadline, stop); !received) {
            return received;
        }
    }
    return {};
}

/// Handles at most one frame; returns at the deadline, or earlier to let the caller look at the clock.
support::Result<void> CoapClient::receive(Exchange* exchange, Clock::time_point deadline, const std::stop_token& stop) {
    if (stop.stop_requested()) {
        return cancelled();
    }
    Clock::time_point until = deadline;
    if (stop.stop_possible()) {
        until = std::min(until, Clock::now() + kStopInterval);
    }
    auto frame = channel_.receive(until);
    if (!frame) {
        return tl::unexpected(frame.error());
    }
    if (!*frame) {
        return {};
    }
    if ((*frame)->type == RBPF_FRAME_DIAGNOSTIC) {
        console_.add((*frame)->payload);
        return {};
    }
    if ((*frame)->type == RBPF_FRAME_COAP) {
        return handle((*frame)->payload, exchange, deadline);
    }
    return {};
}

support::Result<void> CoapClient::handle(const std::vector<std::uint8_t>& bytes, Exchange* exchange,
                                         Clock::time_point deadline) {
    wire::CoapMessage message;
    if (wire::parseCoap(message, {bytes.data(), bytes.size()}) != wire::CoapParse::Ok) {
        return {};
    }
    const auto hasToken = [&message](const Token& token) {
        return message.token == wire::Bytes{token.data(), token.size()};
    };
    const auto acknowledge = [&]() -> support::Result<void> {
        std::uint8_t empty[wire::kCoapHeaderBytes];
        wire::writeEmpty(empty, wire::CoapType::Acknowledgement, message.messageId);
        return channel_.send(RBPF_FRAME_COAP, empty, deadline);
    };
    const bool confirmable = message.type == wire::CoapType::Confirmable;

    if (message.code == wire::kCoapEmpty) {
        if (exchange != nullptr && message.messageId == exchange->messageId) {
            exchange->acknowledged = exchange->acknowledged || message.type == wire::CoapType::Acknowledgement;
            exchange->refused = exchange->refused || message.type == wire::CoapType::Reset;
        }
        return {};
    }
    if (!message.isResponse()) {
        return {};
    }
    if (exchange == nullptr || exchange->reply || !hasToken(exchange->token)) {
        const bool late = std::any_of(answered_.begin(), answered_.end(), hasToken);
        return confirmable && late ? acknowledge() : support::Result<void>{};
    }
    CoapReply reply;
    reply.code = message.code;
    wire::CoapOptionReader reader(message.options);
    wire::CoapOption option;
    while (reader.next(option)) {
        reply.options.push_back({option.number, {option.value.data, option.value.data + option.value.size}});
    }
    reply.payload.assign(message.payload.data, message.payload.data + message.payload.size);
    exchange->reply = std::move(reply);
    return confirmable ? acknowledge() : support::Result<void>{};
}

} // namespace rbpf::link
