/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rbpf/bindings.h>

void *memmove(void *destination, const void *source, size_t bytes) {
    return bpf_memcpy(destination, source, bytes);
}
