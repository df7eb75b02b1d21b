/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* __bpf_shared_ptr: a context's pointer that takes 8 bytes in the script and in the firmware. */
#ifndef FEMTOCONTAINER_SHARED_H
#define FEMTOCONTAINER_SHARED_H

#include <stdint.h>

/** Declares the field `name` of pointer type `type`; `context->name` reads it. 8 bytes, 8-aligned, on every machine. */
#define __bpf_shared_ptr(type, name)                                                                                   \
    union {                                                                                                            \
        type name;                                                                                                     \
        uint64_t : 64;                                                                                                 \
    } __attribute__((aligned(8)))

#endif
