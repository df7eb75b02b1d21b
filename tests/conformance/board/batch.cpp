// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a batch of programs on the microcontroller's VM: reads them from a file of the workstation, by semihosting, and
// writes what each left behind to another. Judges nothing. Unaligned accesses trap in the program for a Cortex-M0.
#include <string.h>

#include "boards/mps2_an386/board.hpp"
#include "rbpf_vm/rbpf_vm.h"
#include "tests/fakes/batch.h"

namespace {

using namespace rbpf;

constexpr uint32_t kImageBytes = 1 << 17, kMemoryBytes = 1 << 16, kStackBytes = 1 << 15, kRamBytes = 1 << 17;
constexpr rbpf_limits_t kLimits = {kImageBytes, kStackBytes, kRamBytes};

alignas(8) uint8_t image[kImageBytes];
alignas(8) uint8_t memory[kMemoryBytes];
alignas(8) uint8_t stack[kStackBytes];
alignas(8) uint8_t ram[kRamBytes];

const rbpf_firmware_t everyBinding = {[](const rbpf_firmware_t*, uint32_t) -> int { return 1; },
                                      [](const rbpf_firmware_t*, rbpf_container_t* container, uint32_t) -> int {
                                          container->reg[0] = 0;
                                          return 0;
                                      }};

/// A file of the workstation; Arm IHI 0100: SYS_OPEN, SYS_WRITE, SYS_READ.
class File {
public:
    File(const char* name, uint32_t mode) {
        const uint32_t block[] = {reinterpret_cast<uintptr_t>(name), mode, static_cast<uint32_t>(strlen(name))};
        handle_ = mps2::semihost(1, block);
    }
    bool isOpen() const { return handle_ != ~0u; }
    bool write(const void* bytes, uint32_t size) { return transfer(5, const_cast<void*>(bytes), size); }
    bool read(void* bytes, uint32_t size) { return transfer(6, bytes, size); }

private:
    /// Both operations answer with how many bytes are missing.
    bool transfer(uint32_t operation, void* bytes, uint32_t size) {
        const uint32_t block[] = {handle_, reinterpret_cast<uintptr_t>(bytes), size};
        return size == 0 || mps2::semihost(operation, block) == 0;
    }
    uint32_t handle_;
};

constexpr uint32_t kReadBinary = 1, kWriteBinary = 5;

batch_outcome_t outcomeOf(const batch_run_t& run) {
    batch_outcome_t out = {};
    rbpf_image_t opened;
    out.rejection = rbpf_image_open(&opened, image, run.imageBytes);
    rbpf_fault_t rejection = {};
    if (out.rejection == RBPF_STATUS_OK)
        out.rejection = rbpf_image_verify(&opened, &kLimits, &everyBinding, &rejection);
    out.rejectionInsn = rejection.insnIndex;
    if (out.rejection != RBPF_STATUS_OK)
        return out;

    static rbpf_container_t c;
    rbpf_container_init(&c, &opened, &everyBinding, stack, ram);
    rbpf_container_grant(&c, RBPF_REGION_CONTEXT, run.memoryBytes ? memory : nullptr, run.memoryBytes, 1);
    rbpf_container_start(&c, rbpf_image_entry(&opened, 0).insnIndex);
    rbpf_halt_t halt = RBPF_HALT_BUDGET;
    for (uint32_t i = 0; i < run.slices && halt == RBPF_HALT_BUDGET; i++)
        halt = rbpf_container_run(&c, run.slice);
    out.halt = halt;
    out.fault = c.fault.status;
    out.faultInsn = c.fault.insnIndex;
    out.faultDetail = c.fault.detail;
    out.pc = c.pc;
    out.depth = c.depth;
    out.memoryBytes = run.memoryBytes;
    out.stackBytes = opened.stackBytes;
    out.instructions = c.instructions;
    memcpy(out.reg, c.reg, sizeof out.reg);
    return out;
}

bool fail(const char* what) {
    mps2::print(what);
    return false;
}

bool runAll() {
    File in(BATCH_IN, kReadBinary), out(BATCH_OUT, kWriteBinary);
    if (!in.isOpen() || !out.isOpen())
        return fail("cannot open " BATCH_IN " and " BATCH_OUT "\n");
    uint32_t count = 0, unused = 0;
    if (!in.read(&count, sizeof count) || !in.read(&unused, sizeof unused))
        return fail(BATCH_IN " has no count\n");
    for (uint32_t i = 0; i < count; i++) {
        batch_run_t run;
        if (!in.read(&run, sizeof run) || batch_padded(run.imageBytes) > kImageBytes ||
            batch_padded(run.memoryBytes) > kMemoryBytes || !in.read(image, batch_padded(run.imageBytes)) ||
            !in.read(memory, batch_padded(run.memoryBytes)))
            return fail(BATCH_IN " is cut off, or has a run that is too large\n");
        const batch_outcome_t outcome = outcomeOf(run);
        if (!out.write(&outcome, sizeof outcome) || !out.write(memory, batch_padded(outcome.memoryBytes)) ||
            !out.write(stack, batch_padded(outcome.stackBytes)))
            return fail("cannot write " BATCH_OUT "\n");
    }
    return true;
}

} // namespace

int main() {
#if __ARM_ARCH_ISA_THUMB == 1
    *reinterpret_cast<volatile uint32_t*>(0xe000ed14) |= 8; // CCR.UNALIGN_TRP (Armv7-M, B3.2.8)
#endif
    return runAll() ? 0 : 1;
}
