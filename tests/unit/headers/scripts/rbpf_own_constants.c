/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the manner of rBPF's scripts: they define CoAP's constants and the packet's record themselves, and follow the
 * context's pointers. Our headers must leave room for that. */
#include <stdint.h>
#include "bpf/bpfapi/helpers.h"

#define RUNS_KEY 7
#define COAP_OPT_FINISH_PAYLOAD (0x0001)
#define COAP_CODE_CONTENT ((2 << 5) | 5)

typedef struct {
    uint32_t hdr_p;
    uint32_t token_p;
    uint32_t payload_p;
    uint16_t payload_len;
    uint16_t options_len;
} bpf_coap_pkt_t;

int greet(bpf_coap_ctx_t *gcoap)
{
    bpf_coap_pkt_t *pkt = gcoap->pkt;
    uint32_t runs;
    bpf_fetch_local(RUNS_KEY, &runs);
    bpf_store_local(RUNS_KEY, runs + 1);

    char text[10];
    size_t text_len = bpf_fmt_u32_dec(text, runs + 1);

    bpf_gcoap_resp_init(gcoap, COAP_CODE_CONTENT);
    bpf_coap_add_format(gcoap, 0);
    ssize_t pdu_len = bpf_coap_opt_finish(gcoap, COAP_OPT_FINISH_PAYLOAD);
    if (pkt->payload_len < text_len) {
        return -1;
    }
    bpf_memcpy((uint8_t *)(intptr_t)pkt->payload_p, text, text_len);
    return pdu_len + text_len;
}
