// SPDX-License-Identifier: LGPL-2.1-or-later
// A received CoAP message (RFC 7252 section 3), checked once and then read through views into the caller's bytes.
#pragma once

#include "rbpf_wire/bytes.hpp"
#include "rbpf_wire/coap_option.hpp"

namespace rbpf::wire {

enum class CoapType : uint8_t {
    Confirmable = 0,
    NonConfirmable = 1,
    Acknowledgement = 2,
    Reset = 3
};

/// Class 0 … 7 and detail 0 … 31: coapCode(4, 4) is "4.04".
constexpr uint8_t coapCode(unsigned klass, unsigned detail) {
    return static_cast<uint8_t>(klass << 5 | detail);
}
constexpr unsigned coapClass(uint8_t code) {
    return code >> 5;
}

inline constexpr uint8_t kCoapEmpty = 0;
inline constexpr uint8_t kCoapGet = 1;
inline constexpr uint8_t kCoapPost = 2;
inline constexpr uint8_t kCoapPut = 3;
inline constexpr uint8_t kCoapDelete = 4;
inline constexpr uint8_t kCoapCreated = coapCode(2, 1);
inline constexpr uint8_t kCoapDeleted = coapCode(2, 2);
inline constexpr uint8_t kCoapValid = coapCode(2, 3);
inline constexpr uint8_t kCoapChanged = coapCode(2, 4);
inline constexpr uint8_t kCoapContent = coapCode(2, 5);
inline constexpr uint8_t kCoapContinue = coapCode(2, 31);
inline constexpr uint8_t kCoapBadRequest = coapCode(4, 0);
inline constexpr uint8_t kCoapUnauthorized = coapCode(4, 1);
inline constexpr uint8_t kCoapBadOption = coapCode(4, 2);
inline constexpr uint8_t kCoapForbidden = coapCode(4, 3);
inline constexpr uint8_t kCoapNotFound = coapCode(4, 4);
inline constexpr uint8_t kCoapMethodNotAllowed = coapCode(4, 5);
inline constexpr uint8_t kCoapNotAcceptable = coapCode(4, 6);
inline constexpr uint8_t kCoapIncomplete = coapCode(4, 8);
inline constexpr uint8_t kCoapConflict = coapCode(4, 9);
inline constexpr uint8_t kCoapPreconditionFailed = coapCode(4, 12);
inline constexpr uint8_t kCoapTooLarge = coapCode(4, 13);
inline constexpr uint8_t kCoapUnsupportedFormat = coapCode(4, 15);
inline constexpr uint8_t kCoapUnprocessable = coapCode(4, 22);
inline constexpr uint8_t kCoapInternalError = coapCode(5, 0);
inline constexpr uint8_t kCoapNotImplemented = coapCode(5, 1);
inline constexpr uint8_t kCoapUnavailable = coapCode(5, 3);

inline constexpr size_t kCoapHeaderBytes = 4;
inline constexpr size_t kCoapTokenMax = 8;

enum class CoapParse : uint8_t {
    Ok,
    Ignore,    ///< too short or another version: drop silently (RFC 7252 section 3)
    Malformed, ///< message format error: type and messageId are set; answer a Confirmable one with Reset (section 4.2)
};

/// Views into the bytes that were parsed; valid as long as those are.
struct CoapMessage {
    CoapType type = CoapType::Confirmable;
    uint8_t code = 0;
    uint16_t messageId = 0;
    Bytes token;   ///< 0 … 8 bytes
    Bytes options; ///< encoded, for CoapOptionReader (payload included)
    Bytes payload;

    [[nodiscard]] bool isRequest() const { return coapClass(code) == 0 && code != kCoapEmpty; }
    [[nodiscard]] bool isResponse() const { return coapClass(code) >= 2; }
};

/// Checks header, token and every option, so that later reads need not fail.
[[nodiscard]] CoapParse parseCoap(CoapMessage& message, Bytes bytes);

/// The first option with this number; false if there is none.
bool findOption(const CoapMessage& message, uint16_t number, Bytes& value);

/// The first option with this number as an unsigned number; false if there is none or it is longer than 4 bytes.
bool findUint(const CoapMessage& message, uint16_t number, uint32_t& value);

/// Joins the options `number` (Uri-Path with '/', Uri-Query with '&') to a C string without leading separator.
/// Its length, or -1 if it does not fit or a part holds the separator or NUL, which would read as another path.
int joinOptions(const CoapMessage& message, uint16_t number, char separator, char* out, size_t capacity);
inline int coapPath(const CoapMessage& message, char* out, size_t capacity) {
    return joinOptions(message, kOptionUriPath, '/', out, capacity);
}

/// The value of the Uri-Query option "name=value"; false if there is none.
bool findQuery(const CoapMessage& message, const char* name, Bytes& value);

/// The first critical option that is not among `known` (ascending or not); 0 if all are. For 4.02 answers.
uint16_t unknownCriticalOption(const CoapMessage& message, const uint16_t* known, size_t count);

} // namespace rbpf::wire
