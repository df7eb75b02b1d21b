/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The numbers of status.def as a C enumeration. */
#ifndef RBPF_STATUS_H
#define RBPF_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/** Result of everything the firmware does; 0 is success, negative values are named in status.def. Fits an int8_t. */
typedef enum {
#define RBPF_STATUS(value, name, sentence) RBPF_STATUS_##name = (value),
#include <rbpf/status.def>
#undef RBPF_STATUS
} rbpf_status_t;

#ifdef __cplusplus
}
#endif

#endif
