/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of its number formatting; scripts call it as bpf_fmt_… */
#ifndef RBPF_COMPAT_FMT_H
#define RBPF_COMPAT_FMT_H

#include <rbpf/fmt.h>

#endif
