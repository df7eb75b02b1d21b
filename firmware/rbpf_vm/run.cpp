/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rbpf_container_run: cuts a run into segments that a core can execute without counting, sees to bindings and faults,
 * and keeps the count exact. Counting costs a core nothing between jumps (see Segment::slack). Near the end of the
 * budget pieces without a jump are run from a copy with a stop behind them. */
#include "rbpf_vm/core.hpp"

#include <stddef.h>

using namespace rbpf::vm;

namespace {

/// Instructions counted at a time, so that eight times as many fit an int32_t with room for the longest text.
constexpr uint32_t kChunk = 1u << 27;
/// Slots executed at a time near the end of the budget.
constexpr uint32_t kPiece = 8;
/// Keeps slack negative whatever a piece does.
constexpr int32_t kPieceMark = -(1 << 30);

/// The address of the access at c.pc, and whether it was to read or to write.
int32_t describeAccess(rbpf_container_t& c) {
    const uint32_t word = reinterpret_cast<const Instruction*>(c.text)[c.pc].word;
    const bool isLoad = (word & 7) == kLdx;
    const uint32_t pointer = isLoad ? src(word) : dst(word);
    c.fault.detail = static_cast<uint32_t>(c.reg[pointer]) + static_cast<uint32_t>(offset(word));
    return isLoad ? RBPF_STATUS_READ_FAULT : RBPF_STATUS_WRITE_FAULT;
}

// What the assembly cores know.
static_assert(sizeof(void*) > 4 || (offsetof(rbpf_container_t, reg) == 0 && offsetof(rbpf_container_t, region) == 88));
static_assert(sizeof(void*) > 4 || (sizeof(rbpf_region_t) == 12 && offsetof(rbpf_region_t, base) == 4));
static_assert(sizeof(void*) > 4 || (offsetof(Segment, pc) == 0 && offsetof(Segment, slack) == 4));
static_assert(RBPF_REGION_SHIFT == 28 && RBPF_REGION_RODATA == 2 && RBPF_REGION_DATA == 3);

} // namespace

rbpf_halt_t rbpf_container_run(rbpf_container_t* container, uint32_t left) {
    rbpf_container_t& c = *container;
    if (!c.runnable) {
        c.fault = {RBPF_STATUS_NOT_RUNNABLE, 0, 0};
        return RBPF_HALT_FAULT;
    }
    for (;;) {
        Instruction piece[kPiece + 2];
        Segment segment;
        uint32_t at = c.pc * kSlotBytes;
        segment.base = reinterpret_cast<uintptr_t>(c.text);
        // Slack, had the run begun at the start of the text.
        int32_t mark = static_cast<int32_t>((left < kChunk ? left : kChunk) * kSlotBytes - c.textBytes);
        if (mark + static_cast<int32_t>(at) < 0) {
            if (left == 0)
                return RBPF_HALT_BUDGET;
            // There is more text than budget. If the piece ends in half an lddw, the other half follows; its opcode is
            // 0, as that of the stops.
            const uint32_t slots = left < kPiece ? left : kPiece;
            const auto* text = reinterpret_cast<const Instruction*>(c.text + at);
            for (uint32_t i = 0; i <= slots; i++)
                piece[i] = text[i];
            piece[slots].word = piece[slots + 1].word = 0;
            segment.base = reinterpret_cast<uintptr_t>(piece) - at;
            mark = kPieceMark;
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
