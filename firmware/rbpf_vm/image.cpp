/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the parts of an image and checks every length, offset and string in it (layout: rbpf/image.h). Once opened,
 * nothing in the header needs to be doubted again. Sizes stay below 2^28, so that sums of a few cannot overflow. */
#include "rbpf_vm/rbpf_vm.h"

#include "rbpf_vm/instruction.hpp"

using namespace rbpf::vm;

namespace {

constexpr uint32_t kBytesMax = RBPF_OFFSET_MASK + 1;
constexpr uint32_t kChecksumOffset = 8;
constexpr uint32_t kFemtoStackBytes = 512;
/// Header flag of Femto-Container images whose instructions are packed; no VM ever ran those.
constexpr uint32_t kFemtoPacked = 1;

struct FemtoHeader {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t dataBytes;
    uint32_t rodataBytes;
    uint32_t textBytes;
    uint32_t functionCount;
};
static_assert(sizeof(FemtoHeader) == RBPF_FC_HEADER_BYTES);

struct FemtoFunction {
    uint16_t name; ///< offset in rodata
    uint16_t flags;
    uint16_t text; ///< bytes from the start of text
};

static_assert(sizeof(rbpf_image_header_t) == 56 && sizeof(rbpf_image_entry_t) == 8);

constexpr uint32_t padded(uint32_t bytes) {
    return (bytes + 7) & ~7u;
}

const rbpf_image_header_t* header(const rbpf_image_t* image) {
    return reinterpret_cast<const rbpf_image_header_t*>(image->bytes);
}

/// CRC-32 of IEEE 802.3 over the image with its own field taken as 0.
uint32_t checksum(const uint8_t* bytes, uint32_t size) {
    uint32_t crc = 0xffffffff;
    for (uint32_t i = 0; i < size; i++) {
        if (i - kChecksumOffset >= sizeof(uint32_t))
            crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xedb88320 & -(crc & 1));
    }
    return ~crc;
}

rbpf_status_t openFemto(rbpf_image_t* image) {
    const FemtoHeader& head = *reinterpret_cast<const FemtoHeader*>(image->bytes);
    if (head.flags & kFemtoPacked)
        return RBPF_STATUS_IMAGE_VERSION;
    const uint32_t size = image->size;
    if (head.dataBytes > size || head.rodataBytes > size || head.textBytes > size || head.functionCount > size)
        return RBPF_STATUS_TRUNCATED;
    image->data = image->bytes + sizeof head;
    image->rodata = image->data + padded(head.dataBytes);
    image->text = image->rodata + padded(head.rodataBytes);
    image->dataBytes = head.dataBytes;
    image->rodataBytes = head.rodataBytes;
    image->textBytes = head.textBytes;
    image->stackBytes = kFemtoStackBytes;
    image->isFemto = 1;
    const uint32_t functions = static_cast<uint32_t>(image->text - image->bytes) + head.textBytes;
    if (functions + head.functionCount * sizeof(FemtoFunction) > size)
        return RBPF_STATUS_TRUNCATED;
    if (head.functionCount > 0xff)
        return RBPF_STATUS_TOO_LARGE;
    image->entryCount = static_cast<uint8_t>(head.functionCount ? head.functionCount : 1);
    return RBPF_STATUS_OK;
}

rbpf_status_t openV1(rbpf_image_t* image) {
    const rbpf_image_header_t& head = *header(image);
    const uint32_t size = image->size;
    if (head.version != RBPF_IMAGE_VERSION)
        return RBPF_STATUS_IMAGE_VERSION;
    if (head.headerBytes > size || head.textBytes > size || head.rodataBytes > size || head.dataBytes > size)
        return RBPF_STATUS_TRUNCATED;
    const uint32_t rodata = head.headerBytes + head.textBytes;
    uint32_t data = rodata + head.rodataBytes;
    if (head.dataBytes)
        data = padded(data);
    const uint32_t end = data + head.dataBytes;
    if (end > size)
        return RBPF_STATUS_TRUNCATED;
    if (size != end || head.bssBytes > kBytesMax - head.dataBytes || head.flags ||
        (head.headerBytes | head.stackBytes) % 8 || head.entryCount == 0)
        return RBPF_STATUS_MALFORMED;
    if (checksum(image->bytes, size) != head.checksum)
        return RBPF_STATUS_CHECKSUM;

    // The last byte before text is NUL, so every string that starts in the area before it ends there too.
    const uint32_t strings = sizeof head + head.entryCount * sizeof(rbpf_image_entry_t) + head.bindingCount * 2;
    const auto isString = [&](uint32_t offset) { return offset >= strings && offset < head.headerBytes; };
    bool sound = head.headerBytes > strings && image->bytes[head.headerBytes - 1] == 0 && isString(head.name) &&
                 isString(head.scriptVersion);
    const auto* entry = reinterpret_cast<const rbpf_image_entry_t*>(&head + 1);
    for (uint32_t i = 0; sound && i < head.entryCount; i++)
        sound = isString(entry[i].name) && isString(entry[i].trigger);
    const auto* binding = reinterpret_cast<const uint16_t*>(entry + head.entryCount);
    for (uint32_t i = 1; sound && i < head.bindingCount; i++)
        sound = binding[i - 1] < binding[i];
    if (!sound)
        return RBPF_STATUS_MALFORMED;

    image->text = image->bytes + head.headerBytes;
    image->rodata = image->bytes + rodata;
    image->data = image->bytes + data;
    image->textBytes = head.textBytes;
    image->rodataBytes = head.rodataBytes;
    image->dataBytes = head.dataBytes;
    image->bssBytes = head.bssBytes;
    image->budget = head.budget;
    image->stackBytes = head.stackBytes;
    image->entryCount = head.entryCount;
    return RBPF_STATUS_OK;
}

} // namespace

rbpf_status_t rbpf_image_open(rbpf_image_t* image, const void* bytes, uint32_t size) {
    *image = {};
    image->bytes = static_cast<const uint8_t*>(bytes);
    image->size = size;
    if (reinterpret_cast<uintptr_t>(bytes) % 4)
        return RBPF_STATUS_ALIGNMENT;
    if (size > kBytesMax)
        return RBPF_STATUS_TOO_LARGE;
    if (size < sizeof(FemtoHeader))
        return RBPF_STATUS_TRUNCATED;
    const uint32_t magic = header(image)->magic;
    rbpf_status_t status = RBPF_STATUS_NOT_AN_IMAGE;
    if (magic == RBPF_FC_MAGIC)
        status = openFemto(image);
    else if (magic == RBPF_IMAGE_MAGIC)
        status = size < sizeof(rbpf_image_header_t) ? RBPF_STATUS_TRUNCATED : openV1(image);
    if (status == RBPF_STATUS_OK && (image->textBytes == 0 || image->textBytes % kSlotBytes))
        status = RBPF_STATUS_MALFORMED;
    return status;
}

rbpf_entry_t rbpf_image_entry(const rbpf_image_t* image, uint32_t index) {
    if (!image->isFemto) {
        const rbpf_image_entry_t& entry = reinterpret_cast<const rbpf_image_entry_t*>(header(image) + 1)[index];
        const char* strings = reinterpret_cast<const char*>(image->bytes);
        return {strings + entry.name, strings + entry.trigger, entry.insnIndex, entry.frameBytes};
    }
    rbpf_entry_t entry = {"", "", 0, 0};
    if (reinterpret_cast<const FemtoHeader*>(image->bytes)->functionCount) {
        const auto& function = reinterpret_cast<const FemtoFunction*>(image->text + image->textBytes)[index];
        // A text offset inside of an instruction becomes an index that the verifier refuses.
        entry.insnIndex = function.text % kSlotBytes ? ~0u : function.text / kSlotBytes;
        if (function.name < image->rodataBytes && image->rodata[image->rodataBytes - 1] == 0)
            entry.name = reinterpret_cast<const char*>(image->rodata) + function.name;
    }
    return entry;
}

const char* rbpf_image_name(const rbpf_image_t* image) {
    return image->isFemto ? "" : reinterpret_cast<const char*>(image->bytes) + header(image)->name;
}

const char* rbpf_image_version(const rbpf_image_t* image) {
    return image->isFemto ? "" : reinterpret_cast<const char*>(image->bytes) + header(image)->scriptVersion;
}
