/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between rbpf_container_run and what executes instructions. A core runs a segment of verified text until something
 * comes up that is not its business: it keeps no state, counts nothing but bytes, and may be an interpreter in C++
 * (interpreter.cpp), one in assembly (interpreter_thumb1.S, interpreter_thumb2.S) or compiled code. */
#ifndef RBPF_VM_CORE_HPP
#define RBPF_VM_CORE_HPP

#include "rbpf_vm/instruction.hpp"
#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::vm {

/// Where to execute, and for how long. The assembly cores know this layout.
struct Segment {
    uintptr_t pc; ///< address of the next instruction
    /// How many bytes of text may be run through in a straight line before the budget ends, less what is left of the
    /// text. While it is not negative, the end of the text comes first; only a taken jump can change that.
    int32_t slack;
    uintptr_t base; ///< where the text would start if pc were in it
};

/// Why a segment ended. A negative status is a fault of the call at segment.pc.
enum End : int32_t {
    kStopped = 0, ///< slack is spent, or there is no instruction
    kBinding = 1, ///< at a call of the firmware
    kExited = 2,  ///< behind the entry's exit
    kAccess = 3,  ///< at a load or store that its region does not allow
};

} // namespace rbpf::vm

extern "C" {

/// Executes; on return the segment's pc and slack are up to date.
int32_t rbpf_vm_execute(rbpf_container_t* container, rbpf::vm::Segment* segment);

// Operations that the cores share (operations.cpp). `word` is the instruction's first word, `pc` the address behind it.

/// The atomic operation `op` on the 4 or 8 bytes at `p`, which the script may write.
void rbpf_vm_atomic(rbpf_container_t* container, uint32_t word, uint32_t op, uint8_t* p);

/// Enters a function of the script; a negative status if there is no room for it.
int32_t rbpf_vm_enter(rbpf_container_t* container, uint32_t word, uintptr_t pc, const rbpf::vm::Segment* segment);

/// Leaves a function: the slots to jump from `pc`; 0 if it is the entry that returns.
int32_t rbpf_vm_leave(rbpf_container_t* container, uintptr_t pc, const rbpf::vm::Segment* segment);
}

#endif
