/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The `.rbpf` image, version 1: the only place where its layout is written down. All fields are little-endian.
 *
 *   header (56 bytes) | entries (8 each) | binding ids (2 each) | strings | zeroes up to headerBytes (multiple of 8)
 *   | text | rodata | data            (bss has no bytes in the image)
 *
 * text starts at headerBytes, rodata at headerBytes + textBytes, data right behind rodata padded to a multiple of 8.
 * The image ends with data (without data: with rodata, which may be empty); a byte more is an error, as is a byte before
 * text that is not 0, or data and bss together above 2^28 bytes.
 * It is executed in place: text must lie on a multiple of 4 (8 is better). */
#ifndef RBPF_IMAGE_H
#define RBPF_IMAGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The bytes 'r' 'B' 'P' 'I' read as a little-endian word. */
#define RBPF_IMAGE_MAGIC 0x49504272u
#define RBPF_IMAGE_VERSION 1
#define RBPF_BUILD_ID_BYTES 16

/** Header at offset 0; offsets in comments. Offsets of strings count from the start of the image; strings end with NUL. */
typedef struct {
    uint32_t magic;                         /**< 0: RBPF_IMAGE_MAGIC */
    uint8_t version;                        /**< 4: RBPF_IMAGE_VERSION */
    uint8_t flags;                          /**< 5: none defined, 0 */
    uint16_t headerBytes;                   /**< 6: where text starts; multiple of 8 */
    uint32_t checksum;                      /**< 8: CRC-32 (IEEE 802.3, as zlib) of the whole image with this field taken as 0 */
    uint32_t textBytes;                     /**< 12: multiple of 8, at least 8 */
    uint32_t rodataBytes;                   /**< 16 */
    uint32_t dataBytes;                     /**< 20: initialised data, carried in the image, copied to RAM when loaded */
    uint32_t bssBytes;                      /**< 24: zeroed RAM right behind the data, in the same region */
    uint32_t budget;                        /**< 28: instructions one run may execute; 0 = the device's default */
    uint16_t stackBytes;                    /**< 32: stack wanted, multiple of 8 */
    uint8_t entryCount;                     /**< 34: at least 1 */
    uint8_t bindingCount;                   /**< 35: distinct binding ids used, ascending */
    uint16_t name;                          /**< 36: offset of the script's name */
    uint16_t scriptVersion;                 /**< 38: offset of the script's version */
    uint8_t buildId[RBPF_BUILD_ID_BYTES];   /**< 40: ties the image to its debug ELF */
} rbpf_image_header_t;

/** One entry; they follow the header. */
typedef struct {
    uint16_t name;       /**< offset of the entry's name */
    uint16_t trigger;    /**< offset of the trigger, "" = manual only; see trigger.h */
    uint16_t insnIndex;  /**< first instruction slot, counted in 8-byte slots from the start of text */
    uint16_t frameBytes; /**< stack that the entry function itself uses; multiple of 8 */
} rbpf_image_entry_t;

/** A Femto-Container image (`.rbf`): 28-byte header of seven little-endian words, then
 * data (padded to 8) | rodata and names (padded to 8) | text | functions. Its entry is its first function, or its text. */
#define RBPF_FC_MAGIC 0x46504272u /* the bytes 'r' 'B' 'P' 'F' */
#define RBPF_FC_HEADER_BYTES 28
#define RBPF_OP_LDDWD 0xB8 /**< 16 bytes: dst = address of data + imm64 */
#define RBPF_OP_LDDWR 0xD8 /**< 16 bytes: dst = address of rodata + imm64 */

/* Virtual addresses (32 bits): top 4 bits = region index, low 28 = offset into the region. */
#define RBPF_REGION_TEXT 0    /**< never accessible, so that null pointers fault */
#define RBPF_REGION_STACK 1
#define RBPF_REGION_RODATA 2
#define RBPF_REGION_DATA 3    /**< data, then bss */
#define RBPF_REGION_CONTEXT 4 /**< what r1 points at when a run starts */
#define RBPF_REGION_GRANT 5   /**< first of those that the firmware grants: a CoAP packet, a sensor record */
#define RBPF_REGION_COUNT 16
#define RBPF_REGION_SHIFT 28
#define RBPF_OFFSET_MASK 0x0fffffffu
#define RBPF_ADDRESS(region, offset) (((uint32_t)(region) << RBPF_REGION_SHIFT) | (uint32_t)(offset))

/* Local calls (opcode 0x85, src 1): the otherwise unused 16-bit offset field holds the caller's frame size in bytes, a
 * multiple of 8. The callee's r10 is the caller's r10 minus that. */

#ifdef __cplusplus
}
#endif

#endif
