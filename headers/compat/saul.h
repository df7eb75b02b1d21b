/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of the SAUL classes. */
#ifndef RBPF_COMPAT_SAUL_H
#define RBPF_COMPAT_SAUL_H

#include <rbpf/saul.h>

#endif
