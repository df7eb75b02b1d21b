/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that other programs agree on: RIOT's SAUL and phydat, CoAP's registries, the contexts' layout. Only compiled. */
#include <rbpf/rbpf.h>

#define IS(name, number) RBPF_STATIC_ASSERT((name) == (number))

/* RIOT, drivers/include/saul.h */
IS(SAUL_ACT_LED_RGB, 0x41);
IS(SAUL_ACT_SWITCH, 0x44);
IS(SAUL_ACT_DIMMER, 0x45);
IS(SAUL_SENSE_ANY, 0x80);
IS(SAUL_SENSE_BTN, 0x81);
IS(SAUL_SENSE_TEMP, 0x82);
IS(SAUL_SENSE_PRESS, 0x89);
IS(SAUL_SENSE_COUNT, 0x8d);
IS(SAUL_SENSE_OCCUP, 0x92);
IS(SAUL_SENSE_SIZE, 0x9c);
IS(SAUL_CLASS_ANY, 0xff);

/* RIOT, sys/include/phydat.h: 16 and above moved up by one when UNIT_T came */
IS(UNIT_TEMP_C, 2);
IS(UNIT_V, 13);
IS(UNIT_GAUSS, 15);
IS(UNIT_T, 16);
IS(UNIT_DBM, 17);
IS(UNIT_BOOL, 25);
IS(UNIT_PERCENT, 27);
IS(UNIT_CPM3, 34);

/* RFC 7252, sections 12.1.1 and 12.1.2 */
IS(COAP_METHOD_GET, 1);
IS(COAP_METHOD_DELETE, 4);
IS(COAP_METHOD_IPATCH, 7);
IS(COAP_CODE_CONTENT, 0x45);
IS(COAP_CODE_CHANGED, 0x44);
IS(COAP_CODE_CONTINUE, 0x5f);
IS(COAP_CODE_PATH_NOT_FOUND, 0x84);
IS(COAP_CODE_INTERNAL_SERVER_ERROR, 0xa0);
IS(ERROR_COAP_INTERNAL_SERVER, -160);
IS(ERROR_COAP_NOT_FOUND, -132);
IS(COAP_OPT_FINISH_NONE, 0);
IS(COAP_OPT_FINISH_PAYLOAD, 1);
IS(COAP_FORMAT_TEXT, 0);
IS(COAP_FORMAT_CBOR, 60);

/* The bytes in which script and firmware meet, on 32-bit boards, workstations and in scripts alike */
IS(sizeof(phydat_t), 8);
IS(offsetof(phydat_t, scale), 7);
IS(sizeof(bpf_coap_ctx_t), 24);
IS(offsetof(bpf_coap_ctx_t, pkt), 0);
IS(offsetof(bpf_coap_ctx_t, buf), 8);
IS(offsetof(bpf_coap_ctx_t, buf_len), 16);
IS(sizeof(bpf_packet_ctx_t), 16);
IS(offsetof(bpf_packet_ctx_t, flags), 14);
IS(sizeof(rbpf_coap_packet_t), 16);
IS(offsetof(rbpf_coap_packet_t, payload), 8);
IS(offsetof(rbpf_coap_packet_t, options_len), 14);
