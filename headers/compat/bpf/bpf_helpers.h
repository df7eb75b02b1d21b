/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libbpf's path of SEC(). None of the Linux kernel's functions exist on a board. */
#ifndef RBPF_COMPAT_BPF_HELPERS_H
#define RBPF_COMPAT_BPF_HELPERS_H

#include <rbpf/sec.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif

#endif
