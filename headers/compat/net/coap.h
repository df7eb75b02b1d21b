/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of CoAP's numbers. */
#ifndef RBPF_COMPAT_NET_COAP_H
#define RBPF_COMPAT_NET_COAP_H

#include <rbpf/coap.h>

#endif
