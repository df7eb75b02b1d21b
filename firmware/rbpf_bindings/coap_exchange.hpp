// SPDX-License-Identifier: LGPL-2.1-or-later
// The CoAP request that a script is answering. Request and response share one buffer, as in gcoap: it starts with the
// whole request and is granted to the script as the first granted region. A record of where things stand in it
// (rbpf/coap.h) is granted as the second one, read-only.
#pragma once

#include <rbpf/coap.h>
#include <rbpf/image.h>

#include "rbpf_wire/coap_message.hpp"

namespace rbpf::bindings {

inline constexpr uint32_t kRegionPacketRecord = RBPF_REGION_GRANT + 1; ///< where the record is granted

struct CoapExchange {
    uint8_t* buffer = nullptr;
    uint32_t capacity = 0;
    // Of the request, kept apart because the script may overwrite the buffer.
    uint16_t messageId = 0;
    uint8_t token[wire::kCoapTokenMax] = {};
    uint8_t tokenBytes = 0;
    // Of the response.
    uint8_t code = 0; ///< 0 = none started
    uint16_t lastOption = 0;
    bool optionsEnded = false;
    bool marked = false; ///< the payload marker is the last byte of `length`
    uint32_t length = 0; ///< of what the bindings wrote so far

    rbpf_coap_packet_t packet{}; ///< what the script sees as context.pkt

    /// Fills `packet` from a request that lies in the buffer.
    void describe(const wire::CoapMessage& request);
    /// Writes header and token, whatever the buffer holds. False if they do not fit or the code is none of a response.
    bool begin(uint8_t responseCode);
    bool addFormat(uint32_t format);
    /// The length so far; 0 if the payload marker does not fit.
    uint32_t endOptions(bool payload);
    /// Version, type, token length, code, message id and token, as they must be on the wire.
    void stamp(wire::CoapType type, uint16_t id);

private:
    void describeRoom();
};

} // namespace rbpf::bindings
