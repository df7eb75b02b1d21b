// SPDX-License-Identifier: GPL-3.0-or-later
// Random programs run on the microcontroller's VM and must end as on the workstation, bit for bit. Unaligned accesses
// trap, as they would on a Cortex-M0, in the program built for one.
#include "boards/mps2_an386/board.hpp"
#include "tests/unit/firmware/rbpf_vm/random_program.hpp"

int main() {
    using namespace rbpf;
#if __ARM_ARCH_ISA_THUMB == 1
    *reinterpret_cast<volatile uint32_t*>(0xe000ed14) |= 8; // CCR.UNALIGN_TRP (Armv7-M, B3.2.8)
#endif
    const uint64_t hash = test::randomRuns(0, test::kSameRunsPrograms, test::kSameRunsBudget);
    const bool same = hash == test::kSameRunsHash;
    mps2::print(same ? "the runs are the workstation's\n" : "the runs differ from the workstation's\n");
    return same ? 0 : 1;
}
