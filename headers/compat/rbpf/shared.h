/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path of __bpf_shared_ptr in the rBPF module proposed for RIOT. */
#ifndef RBPF_SHARED_H
#define RBPF_SHARED_H

#include "femtocontainer/shared.h"

#endif
