/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listing 1 of the rBPF paper: reads a sensor and answers a CoAP request with it. Little but calls of bindings. */
#include "kernel.h"

int listing1(bpf_coap_ctx_t *context)
{
    bpf_saul_reg_t *sensor = bpf_saul_reg_find_nth(1);
    phydat_t measured;

    if (!sensor || bpf_saul_reg_read(sensor, &measured) < 0) {
        return ERROR_COAP_INTERNAL_SERVER;
    }
    bpf_gcoap_resp_init(context, COAP_CODE_CONTENT);
    bpf_coap_add_format(context, 0);
    ssize_t length = bpf_coap_opt_finish(context, COAP_OPT_FINISH_PAYLOAD);
    uint8_t *payload = bpf_coap_get_pdu(context);
    length += bpf_fmt_s16_dfp((char *)payload, measured.val[0], measured.scale);
    return length;
}
