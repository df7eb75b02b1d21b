/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rbpf_container_run: cuts a run into segments that a core can execute without counting, sees to bindings and faults,
 * and keeps the count exact. Counting costs a core nothing between jumps (see Segment::slack). Near the end of the
 * budget single instructions are run from a copy with a stop behind it. */
#include "rbpf_vm/core.hpp"

#include <stddef.h>

using namespace rbpf::vm;

namespace {

/// Instructions counted at a time, so that eight times as many fit an int32_t with room for the longest text.
constexpr uint32_t kChunk = 1u << 27;
/// Keeps slack negative whatever a single instruction does.
constexpr int32_t kSingle = -(1 << 30);

/// The address of the access at c.pc, and whether it was to read or to write.
int32_t describeAccess(rbpf_container_t& c) {
    const uint32_t word = reinterpret_cast<const Instruction*>(c.text)[c.pc].word;
    const bool isLoad = (word & 7) == kLdx;
    const uint32_t pointer = isLoad ? src(word) : dst(word);
    c.fault.detail = static_cast<uint32_t>(c.reg[pointer]) + static_cast<uint32_t>(offset(word));
    return isLoad ? RBPF_STATUS_READ_FAULT : RBPF_STATUS_WRITE_FAULT;
}

// What interpreter_thumb2.S knows.
static_assert(sizeof(void*) > 4 || (offsetof(rbpf_container_t, reg) == 0 && offsetof(rbpf_container_t, region) == 88));
static_assert(sizeof(void*) > 4 || (sizeof(rbpf_region_t) == 12 && offsetof(rbpf_region_t, base) == 4));
static_assert(RBPF_REGION_SHIFT == 28 && RBPF_REGION_RODATA == 2 && RBPF_REGION_DATA == 3);

} // namespace

rbpf_halt_t rbpf_container_run(rbpf_container_t* container, uint32_t left) {
    rbpf_container_t& c = *container;
    if (!c.runnable) {
        c.fault = {RBPF_STATUS_NOT_RUNNABLE, 0, 0};
        return RBPF_HALT_FAULT;
    }
    for (;;) {
        Instruction single[3]; // one instruction of one or two slots, then opcode 0
        Segment segment;
        uint32_t at = c.pc * kSlotBytes;
        segment.base = reinterpret_cast<uintptr_t>(c.text);
        // Slack, had the run begun at the start of the text.
        int32_t mark = static_cast<int32_t>((left < kChunk ? left : kChunk) * kSlotBytes - c.textBytes);
        if (mark + static_cast<int32_t>(at) < 0) {
            if (left == 0)
                return RBPF_HALT_BUDGET;
            const auto* text = reinterpret_cast<const Instruction*>(segment.base + at);
            single[0] = *text;
            single[1] = {0, text[(text->word & 7) == kLd].imm};
            single[2].word = 0;
            segment.base = reinterpret_cast<uintptr_t>(single) - at;
            mark = kSingle;
        }
        segment.pc = segment.base + at;
        segment.slack = mark + static_cast<int32_t>(at);
        int32_t status = rbpf_vm_execute(container, &segment);

        // Executed are the bytes passed, with what was jumped over.
        at = static_cast<uint32_t>(segment.pc - segment.base);
        const uint32_t executed = (at + static_cast<uint32_t>(mark - segment.slack)) / kSlotBytes;
        c.pc = at / kSlotBytes;
        c.instructions += executed;
        left -= executed;
        if (status == kStopped) {
            if (executed != 0)
                continue;
            status = RBPF_STATUS_BAD_OPCODE; // standing still: the text is no longer what was verified
        } else if (status == kExited) {
            c.runnable = 0;
            return RBPF_HALT_EXITED;
        } else if (status == kBinding) {
            const auto* call = reinterpret_cast<const Instruction*>(segment.pc);
            status = c.firmware->call(c.firmware, container, static_cast<uint32_t>(call->imm));
            if (status >= 0) {
                c.pc++;
                c.instructions++;
                left--;
                if (status == 0)
                    continue;
                return RBPF_HALT_INTERRUPT;
            }
        } else if (status == kAccess) {
            status = describeAccess(c);
        }
        c.fault.status = static_cast<int8_t>(status);
        c.fault.insnIndex = c.pc;
        c.runnable = 0;
        return RBPF_HALT_FAULT;
    }
}
