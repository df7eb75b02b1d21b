/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations that the cores share: atomics (RFC 9669, section 5.3), calls of functions of the script, and their return.
 */
#include "rbpf_vm/operations.hpp"
#include "rbpf_vm/core.hpp"

using namespace rbpf::vm;

namespace {

constexpr uint32_t kSavedFirst = 6; ///< r6 … r9 are the caller's

uint32_t slotOf(uintptr_t pc, const Segment* segment) {
    return static_cast<uint32_t>(pc - segment->base) / kSlotBytes;
}

} // namespace

void rbpf_vm_atomic(rbpf_container_t* container, uint32_t word, uint32_t op, uint8_t* p) {
    const bool wide = (word >> 3 & 3) == kDouble;
    uint64_t* fetched = &container->reg[src(word)];
    // Nothing else runs at the same time as a script.
    const uint64_t old = wide ? get<uint64_t>(p) : get<uint32_t>(p);
    uint64_t now = *fetched;
    switch (op & ~kFetch) {
    case kAtomicAdd:
        now += old;
        break;
    case kAtomicOr:
        now |= old;
        break;
    case kAtomicAnd:
        now &= old;
        break;
    case kAtomicXor:
        now ^= old;
        break;
    case kCompareExchange & ~kFetch:
        fetched = &container->reg[0];
        if (old != (wide ? *fetched : static_cast<uint32_t>(*fetched)))
            now = old;
        break;
    }
    if (op & kFetch)
        *fetched = old;
    if (wide)
        put<uint64_t>(p, now);
    else
        put<uint32_t>(p, now);
}

int32_t rbpf_vm_enter(rbpf_container_t* container, uint32_t word, uintptr_t pc, const Segment* segment) {
    rbpf_container_t& c = *container;
    const uint32_t frame = static_cast<uint32_t>(c.reg[10]);
    const uint32_t frameBytes = word >> 16;
    if (c.depth == RBPF_CALL_DEPTH_MAX - 1)
        return RBPF_STATUS_CALL_DEPTH;
    if ((frame & RBPF_OFFSET_MASK) < frameBytes)
        return RBPF_STATUS_STACK_OVERFLOW;
    rbpf_frame_t& saved = c.frame[c.depth++];
    memcpy(saved.saved, &c.reg[kSavedFirst], sizeof saved.saved);
    saved.returnPc = slotOf(pc, segment);
    saved.frame = frame;
    c.reg[10] = frame - frameBytes;
    return 0;
}

int32_t rbpf_vm_leave(rbpf_container_t* container, uintptr_t pc, const Segment* segment) {
    rbpf_container_t& c = *container;
    if (c.depth == 0)
        return 0;
    const rbpf_frame_t& saved = c.frame[--c.depth];
    memcpy(&c.reg[kSavedFirst], saved.saved, sizeof saved.saved);
    c.reg[10] = saved.frame;
    return static_cast<int32_t>(saved.returnPc - slotOf(pc, segment));
}
