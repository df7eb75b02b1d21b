// SPDX-License-Identifier: LGPL-2.1-or-later
// Recognises retransmitted requests and repeats their reply (RFC 7252 section 4.5), so that nothing runs twice.
#pragma once

#include "rbpf_wire/bytes.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::wire {

/// RFC 7252 section 4.8.2: how long a message id may still be repeated by its sender.
inline constexpr uint32_t kExchangeLifetimeMs = 247000;

enum class DedupVerdict : uint8_t {
    New,        ///< handle it; an entry now stands for it
    InProgress, ///< the same request is being handled: say nothing (or acknowledge), its reply will come
    Replay,     ///< answered before: send the reply again
};

/// Keyed on peer, message id and token: several clients share a serial line, where they are one peer and only their
/// random tokens tell them apart. When full, the oldest entry goes.
class CoapDedup {
public:
    struct Entry {
        uint32_t peer = 0;
        uint32_t sinceMs = 0;
        uint32_t replyBytes = 0;
        uint16_t messageId = 0;
        uint8_t token[kCoapTokenMax] = {};
        uint8_t tokenBytes = 0;
        enum class State : uint8_t {
            Free,
            InProgress,
            Answered
        } state = State::Free;
    };

    /// `entries` has `count` elements (1 or more), `replies` count × replyCapacity bytes.
    CoapDedup(Entry* entries, uint8_t* replies, size_t count, size_t replyCapacity)
        : entries_(entries), replies_(replies), count_(count), replyCapacity_(replyCapacity) {}

    /// For every request, before it is handled. Replay: `reply` is valid until the next call. `nowMs` wraps.
    DedupVerdict check(uint32_t peer, const CoapMessage& request, uint32_t nowMs, Bytes& reply);
    /// Keeps the reply of a request that check() called New. A reply longer than replyCapacity is not kept: then the
    /// entry goes and a retransmission is handled as a new request.
    void answered(uint32_t peer, const CoapMessage& request, Bytes reply);

private:
    Entry* find(uint32_t peer, const CoapMessage& request);
    uint8_t* replyOf(const Entry* entry) { return replies_ + static_cast<size_t>(entry - entries_) * replyCapacity_; }

    Entry* entries_;
    uint8_t* replies_;
    size_t count_;
    size_t replyCapacity_;
};

/// A cache with its own memory.
template <size_t Count, size_t ReplyBytes>
class FixedCoapDedup : public CoapDedup {
public:
    FixedCoapDedup() : CoapDedup(entries_, replies_, Count, ReplyBytes) {}
    FixedCoapDedup(const FixedCoapDedup&) = delete;
    FixedCoapDedup& operator=(const FixedCoapDedup&) = delete;

private:
    Entry entries_[Count];
    uint8_t replies_[Count * ReplyBytes];
};

} // namespace rbpf::wire
