/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answering CoAP requests: bpf_gcoap_resp_init, bpf_coap_add_format, bpf_coap_opt_finish, bpf_coap_get_pdu.
 *
 *   bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
 *   bpf_coap_add_format(request, COAP_FORMAT_TEXT);
 *   ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
 *   uint8_t *payload = bpf_coap_get_pdu(request);
 *   … write n bytes to payload …
 *   return length + n;
 *
 * The entry's result is the length of the whole response in bytes, or one of ERROR_COAP_… to answer with an error.
 * Numbers: RFC 7252 section 12, RFC 8132 (FETCH, PATCH), RFC 7959 (2.31, 4.08), RFC 8516 (4.29). */
#ifndef RBPF_COAP_H
#define RBPF_COAP_H

#include <rbpf/bindings.h>
#include <rbpf/types.h>

/** What bpf_coap_ctx_t::pkt points at: 16 bytes, read-only. Addresses are a script's 32-bit addresses. Until
 * bpf_gcoap_resp_init it tells of the request, then of the response as far as it has been built. */
typedef struct {
    uint32_t header;      /**< 0: the message's first byte */
    uint32_t token;       /**< 4: the token's first byte */
    uint32_t payload;     /**< 8: payload of the request; then where the response's payload goes */
    uint16_t payload_len; /**< 12: bytes of payload in the request; then room for payload in the response */
    uint16_t options_len; /**< 14: number of options */
} rbpf_coap_packet_t;

RBPF_STATIC_ASSERT(sizeof(rbpf_coap_packet_t) == 16);
RBPF_STATIC_ASSERT(offsetof(rbpf_coap_packet_t, payload) == 8);
RBPF_STATIC_ASSERT(offsetof(rbpf_coap_packet_t, payload_len) == 12);

/** Request codes. */
enum {
    COAP_METHOD_GET = 1,
    COAP_METHOD_POST = 2,
    COAP_METHOD_PUT = 3,
    COAP_METHOD_DELETE = 4,
    COAP_METHOD_FETCH = 5,
    COAP_METHOD_PATCH = 6,
    COAP_METHOD_IPATCH = 7,
};

/** c.dd as one byte. */
#define RBPF_COAP_CODE(c, dd) (((c) << 5) | (dd))

/** Response codes. */
enum {
    COAP_CODE_EMPTY = 0,

    COAP_CODE_CREATED = RBPF_COAP_CODE(2, 1),
    COAP_CODE_DELETED = RBPF_COAP_CODE(2, 2),
    COAP_CODE_VALID = RBPF_COAP_CODE(2, 3),
    COAP_CODE_CHANGED = RBPF_COAP_CODE(2, 4),
    COAP_CODE_204 = COAP_CODE_CHANGED,
    COAP_CODE_CONTENT = RBPF_COAP_CODE(2, 5),
    COAP_CODE_205 = COAP_CODE_CONTENT,
    COAP_CODE_CONTINUE = RBPF_COAP_CODE(2, 31),
    COAP_CODE_231 = COAP_CODE_CONTINUE,

    COAP_CODE_BAD_REQUEST = RBPF_COAP_CODE(4, 0),
    COAP_CODE_UNAUTHORIZED = RBPF_COAP_CODE(4, 1),
    COAP_CODE_BAD_OPTION = RBPF_COAP_CODE(4, 2),
    COAP_CODE_FORBIDDEN = RBPF_COAP_CODE(4, 3),
    COAP_CODE_PATH_NOT_FOUND = RBPF_COAP_CODE(4, 4),
    COAP_CODE_404 = COAP_CODE_PATH_NOT_FOUND,
    COAP_CODE_METHOD_NOT_ALLOWED = RBPF_COAP_CODE(4, 5),
    COAP_CODE_NOT_ACCEPTABLE = RBPF_COAP_CODE(4, 6),
    COAP_CODE_REQUEST_ENTITY_INCOMPLETE = RBPF_COAP_CODE(4, 8),
    COAP_CODE_CONFLICT = RBPF_COAP_CODE(4, 9),
    COAP_CODE_PRECONDITION_FAILED = RBPF_COAP_CODE(4, 12),
    COAP_CODE_REQUEST_ENTITY_TOO_LARGE = RBPF_COAP_CODE(4, 13),
    COAP_CODE_UNSUPPORTED_CONTENT_FORMAT = RBPF_COAP_CODE(4, 15),
    COAP_CODE_UNPROCESSABLE_ENTITY = RBPF_COAP_CODE(4, 22),
    COAP_CODE_TOO_MANY_REQUESTS = RBPF_COAP_CODE(4, 29),

    COAP_CODE_INTERNAL_SERVER_ERROR = RBPF_COAP_CODE(5, 0),
    COAP_CODE_NOT_IMPLEMENTED = RBPF_COAP_CODE(5, 1),
    COAP_CODE_BAD_GATEWAY = RBPF_COAP_CODE(5, 2),
    COAP_CODE_SERVICE_UNAVAILABLE = RBPF_COAP_CODE(5, 3),
    COAP_CODE_GATEWAY_TIMEOUT = RBPF_COAP_CODE(5, 4),
    COAP_CODE_PROXYING_NOT_SUPPORTED = RBPF_COAP_CODE(5, 5),
};

/** Results of a CoAP entry that answer with an error: minus the response code. Any other negative result is 5.00. */
enum {
    ERROR_COAP_BAD_REQUEST = -COAP_CODE_BAD_REQUEST,
    ERROR_COAP_UNAUTHORIZED = -COAP_CODE_UNAUTHORIZED,
    ERROR_COAP_BAD_OPTION = -COAP_CODE_BAD_OPTION,
    ERROR_COAP_FORBIDDEN = -COAP_CODE_FORBIDDEN,
    ERROR_COAP_NOT_FOUND = -COAP_CODE_PATH_NOT_FOUND,
    ERROR_COAP_METHOD_NOT_ALLOWED = -COAP_CODE_METHOD_NOT_ALLOWED,
    ERROR_COAP_NOT_ACCEPTABLE = -COAP_CODE_NOT_ACCEPTABLE,
    ERROR_COAP_CONFLICT = -COAP_CODE_CONFLICT,
    ERROR_COAP_REQUEST_ENTITY_TOO_LARGE = -COAP_CODE_REQUEST_ENTITY_TOO_LARGE,
    ERROR_COAP_UNSUPPORTED_CONTENT_FORMAT = -COAP_CODE_UNSUPPORTED_CONTENT_FORMAT,
    ERROR_COAP_UNPROCESSABLE_ENTITY = -COAP_CODE_UNPROCESSABLE_ENTITY,
    ERROR_COAP_INTERNAL_SERVER = -COAP_CODE_INTERNAL_SERVER_ERROR, /**< -160 */
    ERROR_COAP_NOT_IMPLEMENTED = -COAP_CODE_NOT_IMPLEMENTED,
    ERROR_COAP_SERVICE_UNAVAILABLE = -COAP_CODE_SERVICE_UNAVAILABLE,
};

/** Flags of bpf_coap_opt_finish. */
enum {
    COAP_OPT_FINISH_NONE = 0,    /**< nothing follows the options */
    COAP_OPT_FINISH_PAYLOAD = 1, /**< a payload follows: adds the payload marker */
};

/** Content formats (IANA "CoAP Content-Formats"). */
enum {
    COAP_FORMAT_TEXT = 0,
    COAP_FORMAT_LINK = 40,
    COAP_FORMAT_XML = 41,
    COAP_FORMAT_OCTET = 42,
    COAP_FORMAT_EXI = 47,
    COAP_FORMAT_JSON = 50,
    COAP_FORMAT_CBOR = 60,
    COAP_FORMAT_SENML_JSON = 110,
    COAP_FORMAT_SENSML_JSON = 111,
    COAP_FORMAT_SENML_CBOR = 112,
    COAP_FORMAT_SENSML_CBOR = 113,
};

#ifdef __bpf__

/** The record behind a CoAP context. */
static inline const rbpf_coap_packet_t* rbpf_coap_packet(const bpf_coap_ctx_t* context) {
    return (const rbpf_coap_packet_t*)context->pkt;
}

/** Code of the message: COAP_METHOD_… of the request, until bpf_gcoap_resp_init writes that of the response. */
static inline uint8_t rbpf_coap_code(const bpf_coap_ctx_t* context) {
    return context->buf[1];
}

/** Payload of the request, rbpf_coap_payload_len() bytes. Read it before bpf_gcoap_resp_init. */
static inline const uint8_t* rbpf_coap_payload(const bpf_coap_ctx_t* context) {
    return (const uint8_t*)(uintptr_t)rbpf_coap_packet(context)->payload;
}

/** Bytes of payload in the request; after bpf_coap_opt_finish the bytes that may be written behind bpf_coap_get_pdu. */
static inline uint16_t rbpf_coap_payload_len(const bpf_coap_ctx_t* context) {
    return rbpf_coap_packet(context)->payload_len;
}

#endif

#endif
