/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For scripts that keep bpf/bpfapi/helpers.h on their include path as plain helpers.h. */
#ifndef RBPF_COMPAT_HELPERS_H
#define RBPF_COMPAT_HELPERS_H

#include "bpf/bpfapi/helpers.h"

#endif
