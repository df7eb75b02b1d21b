/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts the requests for /counter. A script's variables start anew when it is loaded; what it puts into the store is
 * still there after a new version has been deployed or the board has restarted. */
#include <rbpf/coap.h>
#include <rbpf/fmt.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>

/* Keys are this script's own choice: nobody else sees its local store. */
#define KEY_COUNT 1

SEC("coap/counter")
int count(bpf_coap_ctx_t *request)
{
    uint32_t count;
    bpf_fetch_local(KEY_COUNT, &count); /* 0 the first time */
    count++;
    if (bpf_store_local(KEY_COUNT, count) < 0) {
        return ERROR_COAP_INTERNAL_SERVER; /* the store is full */
    }

    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    return length + bpf_fmt_u32_dec(bpf_coap_get_pdu(request), count);
}
