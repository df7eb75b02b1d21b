// SPDX-License-Identifier: LGPL-2.1-or-later
// CoAP options (RFC 7252 section 3.1): their numbers, one option's encoding, and a bounds-checked walk over them.
#pragma once

#include "rbpf_wire/bytes.hpp"

namespace rbpf::wire {

/// RFC 7252 section 12.2; Observe RFC 7641; Block and Size2 RFC 7959; Request-Tag RFC 9175.
enum CoapOptionNumber : uint16_t {
    kOptionIfMatch = 1,
    kOptionUriHost = 3,
    kOptionETag = 4,
    kOptionIfNoneMatch = 5,
    kOptionObserve = 6,
    kOptionUriPort = 7,
    kOptionLocationPath = 8,
    kOptionUriPath = 11,
    kOptionContentFormat = 12,
    kOptionMaxAge = 14,
    kOptionUriQuery = 15,
    kOptionAccept = 17,
    kOptionLocationQuery = 20,
    kOptionBlock2 = 23,
    kOptionBlock1 = 27,
    kOptionSize2 = 28,
    kOptionProxyUri = 35,
    kOptionProxyScheme = 39,
    kOptionSize1 = 60,
    kOptionRequestTag = 292,
};

inline constexpr uint16_t kFormatText = 0;
inline constexpr uint16_t kFormatLink = 40;
inline constexpr uint16_t kFormatOctets = 42;
inline constexpr uint16_t kFormatCbor = 60;

/// A receiver that does not know a critical option must refuse the message (4.02), others it may skip.
constexpr bool optionIsCritical(uint16_t number) {
    return (number & 1) != 0;
}

struct CoapOption {
    uint16_t number = 0;
    Bytes value; ///< inside of the message
};

/// The value as an unsigned number; false if it is longer than 4 bytes.
bool optionUint(Bytes value, uint32_t& number);

/// Writes delta, length and value of one option behind an option with the number `previous` (0 = the first).
/// The bytes written, or 0 if they do not fit, `number` < `previous`, or the value is longer than 65,535 bytes.
size_t writeOption(uint8_t* out, size_t capacity, uint16_t previous, uint16_t number, Bytes value);

/// Walks over options in encoded order. Never reads outside of the bytes given, whatever they hold.
class CoapOptionReader {
public:
    /// `encoded`: from the first option's header to the end of the message.
    explicit CoapOptionReader(Bytes encoded) : rest_(encoded) {}
    /// True: `option` is the next one. False: no more, or malformed().
    bool next(CoapOption& option);
    [[nodiscard]] bool malformed() const { return malformed_; }
    /// After the last option: what stands behind the payload marker (size 0 = there is none).
    [[nodiscard]] Bytes payload() const { return payload_; }

private:
    bool extended(uint8_t nibble, uint32_t& value);
    bool fail();

    Bytes rest_;
    Bytes payload_;
    uint32_t number_ = 0;
    bool malformed_ = false;
};

} // namespace rbpf::wire
