// SPDX-License-Identifier: GPL-3.0-or-later
// Bindings for fuzzed programs: they touch script memory through the access check alone, as real ones do.
#pragma once

#include "tests/fakes/vm_rig.hpp"

namespace rbpf::fuzz {

/// By id: 1 sums r2 bytes at r1, 2 fills r2 bytes at r1, 3 stops the run, 4 refuses; every other one answers 0.
int stubCall(rbpf_container_t& container, uint32_t id);

/// Everything that a run may leave behind; two runs that should be alike compare equal.
struct State {
    int halt;
    std::vector<uint64_t> registers;
    std::vector<uint8_t> memory;
    std::vector<uint64_t> stack, ram;
    uint64_t instructions;
    int status;
    uint32_t faultInsn, faultDetail, pc;
    bool operator==(const State&) const = default;
};

/// Runs an installed rig's entry to its end, or `budget` instructions, in slices of `slice`; `budget` is a multiple of
/// it. Interrupts by bindings are gone on from.
State runToEnd(fakes::VmRig& rig, const std::vector<uint8_t>& memory, uint32_t entry, uint32_t budget, uint32_t slice);

} // namespace rbpf::fuzz
