// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/exchange.hpp"

#include <string.h>

namespace rbpf::agent {

void Exchange::begin(const Peer& from, const wire::CoapMessage& request, uint32_t nowMs) {
    uint8_t* buffer = coap.buffer;
    const uint32_t capacity = coap.capacity;
    *this = Exchange{};
    coap.buffer = buffer;
    coap.capacity = capacity;
    coap.messageId = request.messageId;
    coap.tokenBytes = static_cast<uint8_t>(request.token.size);
    if (request.token.size != 0) {
        memcpy(coap.token, request.token.data, request.token.size);
    }
    peer = from;
    requestType = request.type;
    sinceMs = nowMs;
    state = State::Working;
}

wire::CoapType Exchange::answerType() const {
    if (requestType != wire::CoapType::Confirmable) {
        return wire::CoapType::NonConfirmable;
    }
    return acknowledged || notification ? wire::CoapType::Confirmable : wire::CoapType::Acknowledgement;
}

} // namespace rbpf::agent
