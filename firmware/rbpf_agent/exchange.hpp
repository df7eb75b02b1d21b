// SPDX-License-Identifier: LGPL-2.1-or-later
// One CoAP request from its arrival until its answer has left (or, if that is confirmable, has been acknowledged).
#pragma once

#include "rbpf_bindings/coap_exchange.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::agent {

/// Who is at the other end. The serial line is one peer, however many clients share it.
struct Peer {
    uint32_t number = 0; ///< the board's number for a UDP peer
    bool udp = false;
    bool loopback = false;

    /// Tells peers apart in one number.
    [[nodiscard]] uint32_t key() const { return udp ? number : 0xFFFFFFFFu; }
    bool operator==(const Peer& other) const { return key() == other.key(); }
};

struct Exchange {
    enum class State : uint8_t {
        Free,
        Working,     ///< the answer is being made
        Sending,     ///< the answer is complete, the line has no room yet
        AwaitingAck, ///< a confirmable answer is sent
    };

    bindings::CoapExchange coap; ///< its buffer holds the request, then the answer
    Peer peer;
    State state = State::Free;
    wire::CoapType requestType = wire::CoapType::Confirmable;
    bool acknowledged = false; ///< an empty ACK has been sent: the answer goes separately
    bool notification = false; ///< not an answer but news for an observer
    bool hasBlock1 = false;
    uint32_t block1 = 0; ///< value for the answer
    uint32_t sinceMs = 0;
    uint32_t length = 0; ///< of the answer
    uint16_t sentId = 0;
    uint8_t retries = 0;
    uint32_t retryMs = 0;    ///< when to send again
    uint32_t intervalMs = 0; ///< doubles

    /// Starts with a request (or, for a notification, with only a token).
    void begin(const Peer& from, const wire::CoapMessage& request, uint32_t nowMs);
    /// Type of the answer's message.
    [[nodiscard]] wire::CoapType answerType() const;
};

/// Options of an answer; those without `has…` are left out.
struct ReplyOptions {
    bool hasEtag = false;
    bool hasObserve = false;
    bool hasFormat = false;
    bool hasBlock2 = false;
    bool hasSize1 = false;
    uint32_t etag = 0;
    uint32_t observe = 0;
    uint16_t format = 0;
    uint32_t block2 = 0;
    uint32_t size1 = 0;
};

/// A payload that can be made piece by piece, each time from its start.
class Body {
public:
    /// Writes what lies from `skip` on, as much as fits; returns the whole length.
    virtual size_t render(uint8_t* out, size_t capacity, size_t skip) const = 0;

protected:
    ~Body() = default;
};

} // namespace rbpf::agent
