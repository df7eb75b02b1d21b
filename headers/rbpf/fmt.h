/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers as text: bpf_fmt_s16_dfp, bpf_fmt_u32_dec, bpf_strlen. Both write no NUL and return the number of characters,
 * so that texts can be put one behind the other. */
#ifndef RBPF_FMT_H
#define RBPF_FMT_H

#include <rbpf/bindings.h>

/** Room that each writes at most, in bytes. */
enum {
    RBPF_FMT_S16_DFP_MAX = 13, /**< "-327680000000": 5 digits and 7 zeroes, with a sign */
    RBPF_FMT_U32_DEC_MAX = 10, /**< "4294967295" */
};

#endif
