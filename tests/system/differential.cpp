// SPDX-License-Identifier: GPL-3.0-or-later
// Random programs on the VM against the running kernel's BPF ("kernel"), and against itself in slices ("slices").
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/fakes/vm_rig.hpp"
#include "tests/system/differential_kernel.hpp"
#include "tests/system/differential_programs.hpp"

namespace rbpf::differential {
namespace {

constexpr int kSkipped = 77; ///< ctest's SKIP_RETURN_CODE
constexpr uint32_t kBudget = 1'000'000;
constexpr int16_t kFrameBytes = 256;

/// All that a run leaves behind.
struct Outcome {
    int halt;
    std::vector<uint64_t> registers;
    std::vector<uint8_t> context;
    std::vector<uint64_t> stack;
    uint64_t instructions;
    bool operator==(const Outcome&) const = default;
};

std::string describe(const char* what, const RandomProgram& program, uint64_t seed) {
    return std::string(what) + ", seed " + std::to_string(seed) + ":\n" + listing(program.text);
}

/// Runs in slices of `slice` instructions; fails the whole test if our verifier says no.
Outcome runOnVm(const RandomProgram& program, uint64_t seed, uint32_t slice) {
    fakes::ImageParts parts;
    parts.text = program.text;
    fakes::setFrames(parts.text, kFrameBytes);
    fakes::VmRig rig(fakes::buildImage(parts));
    if (const auto rejection = rig.install()) {
        std::printf("%s rejected by our verifier: %s at %u\n", describe("program", program, seed).c_str(),
                    fakes::statusName(rejection->status), rejection->insnIndex);
        std::exit(EXIT_FAILURE);
    }
    rig.start(program.context);
    rbpf_halt_t halt = RBPF_HALT_BUDGET;
    for (uint32_t spent = 0; spent < kBudget && halt == RBPF_HALT_BUDGET; spent += slice)
        halt = rig.run(slice);
    const auto& reg = rig.container().reg;
    return {halt, {reg, reg + RBPF_REGISTERS}, rig.memory(), rig.stack(), rig.container().instructions};
}

void printDifferences(const std::vector<uint8_t>& ours, const std::vector<uint8_t>& kernels) {
    for (std::size_t at = 0; at + 8 <= ours.size(); at += 8) {
        uint64_t a = 0, b = 0;
        std::memcpy(&a, &ours[at], 8);
        std::memcpy(&b, &kernels[at], 8);
        if (a != b)
            std::printf("  context + %3zu: VM %016llx, kernel %016llx\n", at, static_cast<unsigned long long>(a),
                        static_cast<unsigned long long>(b));
    }
}

int againstKernel(uint64_t firstSeed, uint64_t count) {
    uint64_t ran = 0, rejected = 0;
    std::string lastRejection;
    for (uint64_t seed = firstSeed; seed < firstSeed + count; seed++) {
        const auto program = makeProgram(seed);
        const auto kernel = runInKernel(program.text, program.context);
        if (kernel.outcome == KernelOutcome::Unavailable) {
            std::printf("SKIPPED: the kernel's BPF cannot be used here (%s); the VM was not compared with it\n",
                        kernel.message.c_str());
            return kSkipped;
        }
        if (kernel.outcome == KernelOutcome::Rejected) {
            rejected++;
            lastRejection = describe("program", program, seed) + kernel.message;
            continue;
        }
        ran++;
        const auto ours = runOnVm(program, seed, kBudget);
        if (ours.halt != RBPF_HALT_EXITED || ours.context != kernel.context) {
            std::printf("%sVM and kernel differ (VM halt %d)\n", describe("program", program, seed).c_str(), ours.halt);
            printDifferences(ours.context, kernel.context);
            return EXIT_FAILURE;
        }
    }
    std::printf("%llu random programs: VM and kernel agree; the kernel's verifier refused %llu more\n",
                static_cast<unsigned long long>(ran), static_cast<unsigned long long>(rejected));
    if (ran < count / 2) {
        std::printf("too few were accepted; the last refused one: %s\n", lastRejection.c_str());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int inSlices(uint64_t firstSeed, uint64_t count) {
    for (uint64_t seed = firstSeed; seed < firstSeed + count; seed++) {
        const auto program = makeProgram(seed);
        const auto whole = runOnVm(program, seed, kBudget);
        if (whole.halt != RBPF_HALT_EXITED) {
            std::printf("%sdoes not exit: halt %d\n", describe("program", program, seed).c_str(), whole.halt);
            return EXIT_FAILURE;
        }
        for (const uint32_t slice : {1u, 7u, 1000u}) {
            if (runOnVm(program, seed, slice) == whole)
                continue;
            std::printf("%sslices of %u leave another state than one run\n", describe("program", program, seed).c_str(),
                        slice);
            return EXIT_FAILURE;
        }
    }
    std::printf("%llu random programs: slices of 1, 7 and 1000 end as one run does\n",
                static_cast<unsigned long long>(count));
    return EXIT_SUCCESS;
}

} // namespace
} // namespace rbpf::differential

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    const uint64_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2000;
    const uint64_t firstSeed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    if (mode == "kernel")
        return rbpf::differential::againstKernel(firstSeed, count);
    if (mode == "slices")
        return rbpf::differential::inSlices(firstSeed, count);
    std::fprintf(stderr, "usage: differential kernel|slices [COUNT] [FIRST_SEED]\n");
    return 2;
}
