/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For scripts that keep bpf/shared.h on their include path as plain shared.h. */
#ifndef RBPF_COMPAT_SHARED_H
#define RBPF_COMPAT_SHARED_H

#include "bpf/shared.h"

#endif
