/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples a sensor every second and keeps the average of the last eight samples. Static variables live as long as the
 * script stays loaded, so one run can go on where the last one stopped. */
#include <rbpf/coap.h>
#include <rbpf/fmt.h>
#include <rbpf/saul.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>

#define SAMPLES 8

/* In the store that all scripts share: whoever wants the average reads it here. */
#define KEY_AVERAGE 0x100

static int16_t samples[SAMPLES];
static uint32_t taken; /* samples since the script was loaded */
static int8_t scale;   /* of the latest one */

static int32_t average(void)
{
    uint32_t count = taken < SAMPLES ? taken : SAMPLES;
    int32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += samples[i];
    }
    return sum / (int32_t)count;
}

SEC("timer/1000")
int sample(void)
{
    phydat_t reading;
    bpf_saul_reg_t *sensor = bpf_saul_reg_find_type(SAUL_SENSE_TEMP);
    if (!sensor || bpf_saul_reg_read(sensor, &reading) < 0) {
        return -1;
    }
    samples[taken % SAMPLES] = reading.val[0];
    scale = reading.scale;
    taken++;
    return bpf_store_global(KEY_AVERAGE, (uint32_t)average());
}

SEC("coap/average")
int answer(bpf_coap_ctx_t *request)
{
    if (taken == 0) {
        return ERROR_COAP_SERVICE_UNAVAILABLE; /* no sample yet: ask again in a second */
    }
    bpf_gcoap_resp_init(request, COAP_CODE_CONTENT);
    bpf_coap_add_format(request, COAP_FORMAT_TEXT);
    ssize_t length = bpf_coap_opt_finish(request, COAP_OPT_FINISH_PAYLOAD);
    return length + bpf_fmt_s16_dfp(bpf_coap_get_pdu(request), average(), scale);
}
