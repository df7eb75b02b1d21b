/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listing 1 of the rBPF paper, token for token; the test puts nothing but one include in front of it. */
int coap_resp(bpf_coap_ctx_t *gcoap)
{
/* Find first sensor */
bpf_saul_reg_t *sens = bpf_saul_reg_find_nth(1);
phydat_t m; /* measurement value */
if (!sens ||
(bpf_saul_reg_read(sens, &m) < 0)) {
return ERROR_COAP_INTERNAL_SERVER;
}
/* Format the CoAP Packet */
bpf_gcoap_resp_init(gcoap, COAP_CODE_CONTENT);
bpf_coap_add_format(gcoap, 0);
ssize_t pdu_len = bpf_coap_opt_finish(gcoap,
COAP_OPT_FINISH_PAYLOAD);
/* Add the sensor as payload */
uint8_t *payload = bpf_coap_get_pdu(gcoap);
pdu_len += bpf_fmt_s16_dfp(payload, m.val[0],
m.scale);
return pdu_len;
}
