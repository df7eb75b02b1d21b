/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What scripts of rBPF (RIOT branch of 2020) and of Femto-Containers include to call bindings. Same names, types and
 * ids as there; the CoAP and SAUL constants are enumerators, so that scripts may go on defining macros of their own
 * with those names, and no type is declared here that their scripts declare themselves (bpf_coap_pkt_t). */
#ifndef BPF_BPFAPI_HELPERS_H
#define BPF_BPFAPI_HELPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/shared.h"
#include "phydat.h"

#include <rbpf/bindings.h>
#include <rbpf/coap.h>
#include <rbpf/saul.h>

#endif
