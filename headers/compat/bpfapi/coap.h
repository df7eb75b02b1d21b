/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path of bpf/bpfapi/coap.h in RIOT's package of Femto-Containers. */
#ifndef BPFAPI_COAP_H
#define BPFAPI_COAP_H

#include "bpf/bpfapi/coap.h"

#endif
