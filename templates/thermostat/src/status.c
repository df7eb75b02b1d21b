/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /thermostat tells "on" or "off"; PUT with a number sets the target in tenths of a degree. */
#include <stdbool.h>
#include <string.h>

#include <rbpf/coap.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>

#include "settings.h"

/* Digits as a number; false if there is anything else, nothing at all, or more than fits a temperature. */
static bool parse(const uint8_t *text, uint32_t length, uint32_t *number)
{
    if (length == 0 || length > 3) {
        return false;
    }
    *number = 0;
    for (uint32_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *number = *number * 10 + (text[i] - '0');
    }
    return *number > 0;
}

static int set_target(bpf_coap_ctx_t *request)
{
    uint32_t tenths;
    if (!parse(rbpf_coap_payload(request), rbpf_coap_payload_len(request), &tenths)) {
        return ERROR_COAP_BAD_REQUEST;
    }
    if (bpf_store_local(KEY_TARGET, tenths) < 0) {
        return ERROR_COAP_INTERNAL_SERVER;
    }
    bpf_gcoap_resp_init(request, COAP_CODE_CHANGED);
    return bpf_coap_opt_finish(request, COAP_OPT_FINISH_NONE);
}

static int get_status(bpf_coap_ctx_t *request)
{
    uint32_t heating;
    bpf_fetch_local(KEY_HEATING, &heating);

    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    const char *text = heating ? "on" : "off";
    memcpy(bpf_coap_get_pdu(request), text, strlen(text));
    return length + strlen(text);
}

SEC("coap/thermostat")
int status(bpf_coap_ctx_t *request)
{
    switch (rbpf_coap_code(request)) {
    case COAP_METHOD_GET:
        return get_status(request);
    case COAP_METHOD_PUT:
        return set_target(request);
    default:
        return ERROR_COAP_METHOD_NOT_ALLOWED;
    }
}
