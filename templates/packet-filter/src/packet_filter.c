/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at every packet before the board does and drops CoAP requests that would change something: GET, FETCH, responses
 * and everything that is not CoAP pass. */
#include <stdbool.h>

#include <rbpf/coap.h>
#include <rbpf/packet.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>

/* Packets dropped so far, for everybody to read. */
#define KEY_DROPPED 0x200

/* A CoAP message starts with version 1 in two bits, type and token length, and then its code (RFC 7252, section 3). */
static bool is_coap(const bpf_packet_ctx_t *packet)
{
    return packet->len >= 4 && packet->data[0] >> 6 == 1;
}

static bool changes_something(uint8_t code)
{
    switch (code) {
    case COAP_METHOD_POST:
    case COAP_METHOD_PUT:
    case COAP_METHOD_DELETE:
    case COAP_METHOD_PATCH:
    case COAP_METHOD_IPATCH:
        return true;
    default:
        return false;
    }
}

SEC("packet")
int filter(bpf_packet_ctx_t *packet)
{
    if (!is_coap(packet) || !changes_something(packet->data[1])) {
        return RBPF_PACKET_PASS;
    }
    uint32_t dropped;
    bpf_fetch_global(KEY_DROPPED, &dropped);
    bpf_store_global(KEY_DROPPED, dropped + 1);
    return RBPF_PACKET_DROP;
}
