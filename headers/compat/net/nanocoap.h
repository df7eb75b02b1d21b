/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of COAP_OPT_FINISH_… */
#ifndef RBPF_COMPAT_NET_NANOCOAP_H
#define RBPF_COMPAT_NET_NANOCOAP_H

#include <rbpf/coap.h>

#endif
