/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An older path of bpf/bpfapi/helpers.h. */
#ifndef BPF_HELPERS_H
#define BPF_HELPERS_H

#include "bpf/bpfapi/helpers.h"

#endif
