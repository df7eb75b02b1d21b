// SPDX-License-Identifier: LGPL-2.1-or-later
// Observing the statistics (RFC 7641). Notifications are non-confirmable, but now and then a confirmable one finds out
// whether the observer is still there.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/timing.hpp"

namespace rbpf::agent {

namespace {
constexpr uint8_t kUnconfirmed = 10; ///< notifications between two confirmable ones
} // namespace

void Agent::dropObserver(const Peer& peer, const uint8_t* token, size_t tokenBytes) {
    for (Observer& observer : observer_) {
        if (observer.used && observer.peer == peer && observer.tokenBytes == tokenBytes &&
            memcmp(observer.token, token, tokenBytes) == 0) {
            observer.used = false;
        }
    }
}

void Agent::observe(Exchange& exchange, const wire::CoapMessage& message, ReplyOptions& options) {
    uint32_t wish = 0;
    if (!wire::findUint(message, wire::kOptionObserve, wish)) {
        return;
    }
    dropObserver(exchange.peer, exchange.coap.token, exchange.coap.tokenBytes);
    if (wish != 0) {
        return;
    }
    for (Observer& observer : observer_) {
        if (observer.used) {
            continue;
        }
        observer = Observer{};
        observer.used = true;
        observer.peer = exchange.peer;
        observer.tokenBytes = exchange.coap.tokenBytes;
        observer.untilConfirmed = kUnconfirmed;
        memcpy(observer.token, exchange.coap.token, exchange.coap.tokenBytes);
        options.hasObserve = true;
        options.observe = ++observeSequence_;
        return;
    }
}

void Agent::tendObservers(uint32_t now) {
    if (!statsChanged_ || now - notifiedMs_ < kNotifyMs) {
        return;
    }
    statsChanged_ = false;
    notifiedMs_ = now;
    ++observeSequence_;
    for (Observer& observer : observer_) {
        Exchange* exchange = observer.used ? freeExchange(true) : nullptr;
        if (exchange == nullptr) {
            continue; // a notification that is skipped is made good by the next
        }
        const bool confirm = observer.untilConfirmed == 0;
        observer.untilConfirmed = confirm ? kUnconfirmed : static_cast<uint8_t>(observer.untilConfirmed - 1);
        wire::CoapMessage request;
        request.type = confirm ? wire::CoapType::Confirmable : wire::CoapType::NonConfirmable;
        request.token = {observer.token, observer.tokenBytes};
        exchange->begin(observer.peer, request, now);
        exchange->notification = true;
        wire::CborWriter cbor(memory_.scratch, memory_.messageBytes);
        writeStats(cbor);
        ReplyOptions options;
        options.hasObserve = true;
        options.observe = observeSequence_;
        options.hasFormat = true;
        options.format = wire::kFormatCbor;
        reply(*exchange, wire::kCoapContent, options, {memory_.scratch, cbor.size()});
        observer.lastId = exchange->sentId;
    }
}

} // namespace rbpf::agent
