// SPDX-License-Identifier: LGPL-2.1-or-later
// The de-duplication cache of RFC 7252 section 4.5.
#include "rbpf_wire/coap_dedup.hpp"

#include <string.h>

namespace rbpf::wire {

CoapDedup::Entry* CoapDedup::find(uint32_t peer, const CoapMessage& request) {
    for (size_t i = 0; i < count_; ++i) {
        Entry& entry = entries_[i];
        if (entry.state != Entry::State::Free && entry.peer == peer && entry.messageId == request.messageId &&
            Bytes{entry.token, entry.tokenBytes} == request.token) {
            return &entry;
        }
    }
    return nullptr;
}

DedupVerdict CoapDedup::check(uint32_t peer, const CoapMessage& request, uint32_t nowMs, Bytes& reply) {
    Entry* chosen = entries_;
    for (size_t i = 0; i < count_; ++i) {
        Entry& entry = entries_[i];
        if (entry.state != Entry::State::Free && nowMs - entry.sinceMs >= kExchangeLifetimeMs) {
            entry.state = Entry::State::Free;
        }
        if (chosen->state != Entry::State::Free &&
            (entry.state == Entry::State::Free || nowMs - entry.sinceMs > nowMs - chosen->sinceMs)) {
            chosen = &entry;
        }
    }
    if (Entry* known = find(peer, request)) {
        if (known->state == Entry::State::InProgress) {
            return DedupVerdict::InProgress;
        }
        reply = {replyOf(known), known->replyBytes};
        return DedupVerdict::Replay;
    }
    chosen->peer = peer;
    chosen->sinceMs = nowMs;
    chosen->replyBytes = 0;
    chosen->messageId = request.messageId;
    chosen->tokenBytes = static_cast<uint8_t>(request.token.size);
    if (request.token.size != 0) {
        memcpy(chosen->token, request.token.data, request.token.size);
    }
    chosen->state = Entry::State::InProgress;
    return DedupVerdict::New;
}

void CoapDedup::answered(uint32_t peer, const CoapMessage& request, Bytes reply) {
    Entry* entry = find(peer, request);
    if (entry == nullptr) {
        return;
    }
    if (reply.size > replyCapacity_) {
        entry->state = Entry::State::Free;
        return;
    }
    if (reply.size != 0) {
        memcpy(replyOf(entry), reply.data, reply.size);
    }
    entry->replyBytes = static_cast<uint32_t>(reply.size);
    entry->state = Entry::State::Answered;
}

} // namespace rbpf::wire
