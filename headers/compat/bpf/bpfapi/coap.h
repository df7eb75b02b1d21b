/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context of CoAP scripts and the numbers of CoAP. */
#ifndef BPF_BPFAPI_COAP_H
#define BPF_BPFAPI_COAP_H

#include "bpf/shared.h"
#include "net/coap.h"

#endif
