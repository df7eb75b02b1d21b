/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of gcoap, of which scripts use the numbers. */
#ifndef RBPF_COMPAT_NET_GCOAP_H
#define RBPF_COMPAT_NET_GCOAP_H

#include <rbpf/coap.h>

#endif
