// SPDX-License-Identifier: LGPL-2.1-or-later
// The message layer (RFC 7252 section 4): what arrives, duplicates, empty acknowledgements, separate answers that are
// sent again until they are acknowledged.
#include <string.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/timing.hpp"
#include "rbpf_wire/coap_option.hpp"

namespace rbpf::agent {

namespace {

constexpr unsigned kRetransmissions = 4;

/// What the de-duplication knows a request by.
wire::CoapMessage identity(const Exchange& exchange) {
    wire::CoapMessage message;
    message.type = exchange.requestType;
    message.messageId = exchange.coap.messageId;
    message.token = {exchange.coap.token, exchange.coap.tokenBytes};
    return message;
}

} // namespace

void Agent::receive(const Peer& peer, wire::Bytes bytes) {
    wire::CoapMessage message;
    switch (wire::parseCoap(message, bytes)) {
    case wire::CoapParse::Ignore:
        return;
    case wire::CoapParse::Malformed:
        if (message.type == wire::CoapType::Confirmable) {
            sendEmpty(peer, wire::CoapType::Reset, message.messageId);
        }
        return;
    case wire::CoapParse::Ok:
        break;
    }
    if (message.isRequest() &&
        (message.type == wire::CoapType::Confirmable || message.type == wire::CoapType::NonConfirmable)) {
        receiveRequest(peer, message, bytes);
    } else if (message.code == wire::kCoapEmpty) {
        receiveEmpty(peer, message);
    } else if (message.type == wire::CoapType::Confirmable) {
        sendEmpty(peer, wire::CoapType::Reset, message.messageId); // an answer to a question that nobody here asked
    }
}

void Agent::receiveEmpty(const Peer& peer, const wire::CoapMessage& message) {
    if (message.type == wire::CoapType::Confirmable) {
        sendEmpty(peer, wire::CoapType::Reset, message.messageId); // a ping
        return;
    }
    const bool reset = message.type == wire::CoapType::Reset;
    for (uint32_t i = 0; i < memory_.exchanges; ++i) {
        Exchange& exchange = memory_.exchange[i];
        if (exchange.state == Exchange::State::AwaitingAck && exchange.sentId == message.messageId &&
            exchange.peer == peer) {
            if (reset && exchange.notification) {
                dropObserver(peer, exchange.coap.token, exchange.coap.tokenBytes);
            }
            release(exchange);
            return;
        }
    }
    for (Observer& observer : observer_) {
        if (reset && observer.used && observer.lastId == message.messageId && observer.peer == peer) {
            observer.used = false;
        }
    }
}

void Agent::receiveRequest(const Peer& peer, const wire::CoapMessage& message, wire::Bytes bytes) {
    wire::Bytes first;
    const bool management = wire::findOption(message, wire::kOptionUriPath, first) &&
                            (first == wire::textBytes("rbpf") || first == wire::textBytes(".well-known"));
    Exchange* exchange = freeExchange(!management);
    if (exchange == nullptr) {
        return; // the client sends it again
    }
    wire::Bytes known;
    switch (memory_.dedup->check(peer.key(), message, port_.nowMs(), known)) {
    case wire::DedupVerdict::InProgress:
        return;
    case wire::DedupVerdict::Replay:
        (void)transmit(peer, known);
        return;
    case wire::DedupVerdict::New:
        break;
    }
    exchange->begin(peer, message, port_.nowMs());
    if (bytes.size > memory_.messageBytes) {
        replyStatus(*exchange, wire::kCoapTooLarge, RBPF_STATUS_TOO_LARGE);
        return;
    }
    memset(exchange->coap.buffer, 0, exchange->coap.capacity); // scripts see the buffer: nobody else's bytes in it
    memcpy(exchange->coap.buffer, bytes.data, bytes.size);
    wire::CoapMessage own;
    if (wire::parseCoap(own, {exchange->coap.buffer, bytes.size}) != wire::CoapParse::Ok) {
        release(*exchange);
        return;
    }
    exchange->length = static_cast<uint32_t>(bytes.size);
    serve(*exchange, own);
}

Exchange* Agent::freeExchange(bool forScript) {
    Exchange* found = nullptr;
    uint32_t available = 0;
    for (uint32_t i = 0; i < memory_.exchanges; ++i) {
        if (memory_.exchange[i].state == Exchange::State::Free) {
            found = &memory_.exchange[i];
            ++available;
        }
    }
    // Scripts that sleep while they answer can hold exchanges: the last one is for management.
    return forScript && available < 2 ? nullptr : found;
}

bool Agent::transmit(const Peer& peer, wire::Bytes message) {
    if (peer.udp) {
        port_.datagramWrite(peer.number, message.data, message.size);
        return true;
    }
    return out_.coap(message);
}

void Agent::sendEmpty(const Peer& peer, wire::CoapType type, uint16_t messageId) {
    uint8_t message[wire::kCoapHeaderBytes];
    wire::writeEmpty(message, type, messageId);
    (void)transmit(peer, {message, sizeof message}); // lost where the line is full: the peer asks again
}

void Agent::send(Exchange& exchange) {
    exchange.state = Exchange::State::Sending;
    if (transmit(exchange.peer, {exchange.coap.buffer, exchange.length})) {
        sent(exchange);
    }
}

void Agent::sent(Exchange& exchange) {
    const bool confirmable = (exchange.coap.buffer[0] >> 4 & 3) == static_cast<uint8_t>(wire::CoapType::Confirmable);
    if (confirmable) {
        exchange.state = Exchange::State::AwaitingAck;
        exchange.intervalMs = kAckTimeoutMs + port_.random() % kAckRandomMs;
        exchange.retryMs = port_.nowMs() + exchange.intervalMs;
        return;
    }
    if (!exchange.notification) {
        memory_.dedup->answered(exchange.peer.key(), identity(exchange), {exchange.coap.buffer, exchange.length});
    }
    release(exchange);
}

void Agent::release(Exchange& exchange) {
    exchange.state = Exchange::State::Free;
}

void Agent::tendExchanges(uint32_t now) {
    for (uint32_t i = 0; i < memory_.exchanges; ++i) {
        Exchange& exchange = memory_.exchange[i];
        switch (exchange.state) {
        case Exchange::State::Free:
            break;
        case Exchange::State::Working:
            if (!exchange.acknowledged && exchange.requestType == wire::CoapType::Confirmable &&
                due(now, exchange.sinceMs + kSeparateMs)) {
                uint8_t ack[wire::kCoapHeaderBytes];
                wire::writeEmpty(ack, wire::CoapType::Acknowledgement, exchange.coap.messageId);
                (void)transmit(exchange.peer, {ack, sizeof ack});
                memory_.dedup->answered(exchange.peer.key(), identity(exchange), {ack, sizeof ack});
                exchange.acknowledged = true;
            }
            break;
        case Exchange::State::Sending:
            if (due(now, exchange.sinceMs + wire::kExchangeLifetimeMs)) {
                release(exchange); // nobody has read the line for minutes
            } else if (transmit(exchange.peer, {exchange.coap.buffer, exchange.length})) {
                sent(exchange);
            }
            break;
        case Exchange::State::AwaitingAck:
            if (!due(now, exchange.retryMs)) {
                break;
            }
            if (exchange.retries == kRetransmissions) {
                if (exchange.notification) {
                    dropObserver(exchange.peer, exchange.coap.token, exchange.coap.tokenBytes);
                }
                release(exchange);
                break;
            }
            ++exchange.retries;
            exchange.intervalMs *= 2;
            exchange.retryMs = now + exchange.intervalMs;
            (void)transmit(exchange.peer, {exchange.coap.buffer, exchange.length});
            break;
        }
    }
}

} // namespace rbpf::agent
