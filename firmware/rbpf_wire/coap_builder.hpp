// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds a CoAP message (RFC 7252 section 3) into the caller's buffer. Remembers the first thing that did not fit, so
// that a message can be written without a check at each step.
#pragma once

#include "rbpf_wire/bytes.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::wire {

class CoapBuilder {
public:
    CoapBuilder(uint8_t* buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) {}

    /// Starts over with a header. Token: at most 8 bytes.
    void begin(CoapType type, uint8_t code, uint16_t messageId, Bytes token);
    /// Header of a response: acknowledgement with the request's id if it was confirmable, else non-confirmable with
    /// `freshId`. The token is the request's.
    void beginResponse(const CoapMessage& request, uint8_t code, uint16_t freshId);

    /// Options must come in ascending order of their numbers; equal numbers repeat.
    void option(uint16_t number, Bytes value);
    void optionUint(uint16_t number, uint32_t value);
    /// One Uri-Path option for every segment of "rbpf/slots/0"; leading and double slashes make no segment.
    void path(const char* path);

    /// Copies the payload; nothing may follow. Size 0 writes no marker.
    void payload(Bytes bytes);
    /// Where a payload may be written in place, and how much of it; null if there is no room for a single byte.
    /// Then payloadWritten() with its length.
    uint8_t* payloadRoom(size_t& room);
    void payloadWritten(size_t bytes);

    /// The message's length, or 0 if anything did not fit or was out of order.
    [[nodiscard]] size_t finish() const { return failed_ ? 0 : size_; }

private:
    uint8_t* buffer_;
    size_t capacity_;
    size_t size_ = 0;
    uint16_t lastOption_ = 0;
    bool failed_ = true; ///< until begin()
};

/// The 4 bytes of an Empty message: acknowledgement or reset of `messageId`, or a ping (Confirmable).
void writeEmpty(uint8_t out[kCoapHeaderBytes], CoapType type, uint16_t messageId);

} // namespace rbpf::wire
