/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CRC-32 (IEEE 802.3) bit by bit: shifts, masks and short loops. */
#include "kernel.h"

uint32_t crc32(kernel_bytes_t *context)
{
    uint32_t crc = 0xffffffff;

    for (uint32_t i = 0; i < context->size; i++) {
        crc ^= context->data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }
    return ~crc;
}
