/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linux' path of its BPF interface, of which only the integer types mean anything here. */
#ifndef RBPF_COMPAT_LINUX_BPF_H
#define RBPF_COMPAT_LINUX_BPF_H

#include <linux/types.h>

#endif
