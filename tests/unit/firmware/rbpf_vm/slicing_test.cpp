// SPDX-License-Identifier: GPL-3.0-or-later
// A run is the same however it is cut into slices: shown on programs made by chance.
#include <catch2/catch.hpp>

#include "random_program.hpp"

using namespace rbpf::test;

namespace {

constexpr uint32_t kBudget = 700;
constexpr uint32_t kPrograms = 3000;

} // namespace

TEST_CASE("random programs are valid and do all there is to do") {
    int halts[3] = {};
    for (uint32_t seed = 0; seed < kPrograms; seed++) {
        const RandomProgram program(seed);
        const rbpf_image_t image = program.image();
        const rbpf_limits_t limits = {65536, RandomProgram::kStackBytes, 0};
        rbpf_fault_t rejection;
        CAPTURE(seed);
        REQUIRE(rbpf_image_verify(&image, &limits, &mixingFirmware, &rejection) == RBPF_STATUS_OK);
        RandomRun run(program);
        halts[rbpf_container_run(&run.container, kBudget)]++;
    }
    for (int count : halts)
        CHECK(count > static_cast<int>(kPrograms) / 20);
}

TEST_CASE("a run in slices of any length ends as the run in one piece") {
    for (uint32_t seed = 0; seed < kPrograms; seed++) {
        RandomProgram program(seed);
        RandomRun whole(program);
        const uint64_t expected = whole.hash(rbpf_container_run(&whole.container, kBudget));
        RandomRun sliced(program);
        uint32_t left = kBudget;
        rbpf_halt_t halt = RBPF_HALT_BUDGET;
        const uint32_t longest = 1 + program.below(100);
        while (left && halt == RBPF_HALT_BUDGET) {
            const uint32_t slice = 1 + program.below(longest < left ? longest : left);
            const uint64_t before = sliced.container.instructions;
            halt = rbpf_container_run(&sliced.container, slice);
            const uint64_t executed = sliced.container.instructions - before;
            CAPTURE(seed, slice);
            if (halt == RBPF_HALT_BUDGET)
                REQUIRE(executed == slice);
            else
                REQUIRE(executed <= slice);
            left -= static_cast<uint32_t>(executed);
        }
        CAPTURE(seed);
        REQUIRE(sliced.hash(halt) == expected);
    }
}

TEST_CASE("a run of one instruction executes one, and a fault counts none") {
    for (uint32_t seed = 0; seed < 300; seed++) {
        const RandomProgram program(seed);
        RandomRun run(program);
        for (uint32_t steps = 1; steps <= kBudget; steps++) {
            const uint32_t pc = run.container.pc;
            const rbpf_halt_t halt = rbpf_container_run(&run.container, 1);
            CAPTURE(seed, steps);
            if (halt == RBPF_HALT_FAULT) {
                REQUIRE(run.container.instructions == steps - 1);
                REQUIRE(run.container.pc == pc);
                break;
            }
            REQUIRE(run.container.instructions == steps);
            if (halt == RBPF_HALT_EXITED)
                break;
        }
    }
}

TEST_CASE("random programs run the same on every machine") {
    CHECK(randomRuns(0, kSameRunsPrograms, kSameRunsBudget) == kSameRunsHash);
}
