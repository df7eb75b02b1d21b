/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making a container, its regions, starting a run, and the door from a script's pointers to firmware memory. */
#include "rbpf_vm/rbpf_vm.h"

#include <string.h>

#include "rbpf_vm/instruction.hpp"

using namespace rbpf::vm;

static_assert(sizeof(void*) > 4 || sizeof(rbpf_container_t) <= 660, "RAM per script on a microcontroller");

void rbpf_container_init(rbpf_container_t* container, const rbpf_image_t* image, const rbpf_firmware_t* firmware,
                         void* stack, void* ram) {
    memset(container, 0, sizeof *container);
    container->firmware = firmware;
    container->text = image->text;
    container->textBytes = image->textBytes;
    rbpf_container_grant(container, RBPF_REGION_STACK, stack, image->stackBytes, 1);
    rbpf_container_grant(container, RBPF_REGION_RODATA, const_cast<uint8_t*>(image->rodata), image->rodataBytes, 0);
    const uint32_t ramBytes = image->dataBytes + image->bssBytes;
    rbpf_container_grant(container, RBPF_REGION_DATA, ram, ramBytes, 1);
    if (image->dataBytes)
        memcpy(ram, image->data, image->dataBytes);
    if (image->bssBytes)
        memset(static_cast<uint8_t*>(ram) + image->dataBytes, 0, image->bssBytes);
}

void rbpf_container_grant(rbpf_container_t* container, uint32_t index, void* base, uint32_t size, int writable) {
    if (!base)
        size = 0;
    container->region[index] = {size, static_cast<uint8_t*>(base), writable ? size : 0};
}

void rbpf_container_start(rbpf_container_t* container, uint32_t insnIndex) {
    const rbpf_region_t& stack = container->region[RBPF_REGION_STACK];
    const rbpf_region_t& context = container->region[RBPF_REGION_CONTEXT];
    if (stack.writeBytes)
        memset(stack.base, 0, stack.writeBytes);
    memset(container->reg, 0, sizeof container->reg);
    if (context.base)
        container->reg[1] = RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0);
    container->reg[2] = context.readBytes;
    container->reg[10] = RBPF_ADDRESS(RBPF_REGION_STACK, stack.writeBytes);
    container->pc = insnIndex;
    container->instructions = 0;
    container->fault = {};
    container->depth = 0;
    container->runnable = 1;
}

void* rbpf_container_access(const rbpf_container_t* container, uint64_t address, uint32_t size, uint32_t mode) {
    const rbpf_region_t& region = container->region[static_cast<uint32_t>(address) >> RBPF_REGION_SHIFT];
    const uint32_t offset = static_cast<uint32_t>(address) & RBPF_OFFSET_MASK;
    const uint32_t limit = mode & RBPF_WRITE ? region.writeBytes : region.readBytes;
    if (limit == 0 || offset > limit || size > limit - offset)
        return nullptr;
    return region.base + offset;
}
