// SPDX-License-Identifier: GPL-3.0-or-later
// The VM built for a Cortex-M0 or M4, in QEMU, does what the instruction vectors say and what the workstation's VM
// does: every vector, and random programs, whole and in slices, to the last bit of registers, memory, stack and counts.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "tests/fakes/board_vm.hpp"
#include "tests/fakes/vm_rig.hpp"
#include "tests/system/differential_programs.hpp"
#include "tests/vectors/isa_vector.hpp"

namespace {

using namespace rbpf;
using fakes::BoardOutcome;
using fakes::BoardRun;

constexpr int kSkipped = 77; ///< ctest's SKIP_RETURN_CODE
constexpr uint32_t kBudget = 100'000;
constexpr int16_t kFrameBytes = 256;
constexpr uint32_t kSlices[] = {kBudget, 1, 3, 20};

/// What is run, and the vector that says what must come of it; random programs have none.
struct Case {
    std::string name;
    BoardRun run;
    const vectors::IsaVector* vector = nullptr;
};

void addInSlices(std::vector<Case>& cases, const Case& whole) {
    for (const uint32_t slice : kSlices) {
        Case& added = cases.emplace_back(whole);
        added.name += ", in slices of " + std::to_string(slice);
        added.run.slice = slice;
        added.run.slices = kBudget / slice;
    }
}

std::vector<Case> vectorCases(const std::vector<vectors::IsaVector>& vectors) {
    std::vector<Case> cases;
    for (const auto& vector : vectors) {
        fakes::ImageParts parts;
        parts.text = vector.text;
        parts.rodata = vector.rodata;
        parts.data = vector.data;
        addInSlices(cases, {vector.file + ": " + vector.name + "\n" + vector.listing,
                            {fakes::buildImage(parts), vector.memory},
                            &vector});
    }
    return cases;
}

std::vector<Case> randomCases(uint64_t count, uint64_t firstSeed) {
    std::vector<Case> cases;
    for (uint64_t seed = firstSeed; seed < firstSeed + count; seed++) {
        const auto program = differential::makeProgram(seed);
        fakes::ImageParts parts;
        parts.text = program.text;
        fakes::setFrames(parts.text, kFrameBytes);
        addInSlices(cases, {"random program " + std::to_string(seed) + "\n" + differential::listing(program.text),
                            {fakes::buildImage(parts), program.context}});
    }
    return cases;
}

/// Empty if the outcome is the vector's.
std::string mistake(const vectors::IsaVector& vector, const BoardOutcome& outcome) {
    const auto& s = outcome.state;
    if (vector.rejection) {
        for (const auto& status : vector.rejection->statuses)
            if (status == fakes::statusName(s.rejection) &&
                s.rejectionInsn == vector.rejection->insn.value_or(s.rejectionInsn))
                return "";
        return "the vector wants a rejection: " + vector.rejection->statuses.front();
    }
    if (vector.result)
        return s.halt == RBPF_HALT_EXITED && s.reg[0] == *vector.result && outcome.memory == vector.after
                   ? ""
                   : "the vector wants another result";
    return s.halt == RBPF_HALT_FAULT && fakes::statusName(s.fault) == vector.fault->status &&
                   s.faultInsn == vector.fault->insn && s.faultDetail == vector.fault->detail.value_or(s.faultDetail)
               ? ""
               : "the vector wants a fault: " + vector.fault->status;
}

/// Runs the cases there and here; false if one of them went wrong, and then says how.
bool agree(const fakes::BoardVm& board, const std::vector<Case>& cases) {
    std::vector<BoardRun> runs;
    for (const auto& one : cases)
        runs.push_back(one.run);
    const auto outcomes = board.run(runs);
    for (std::size_t i = 0; i < cases.size(); i++) {
        const auto here = runHere(runs[i]);
        std::string wrong = here == outcomes[i] ? "" : "the workstation does otherwise";
        if (cases[i].vector != nullptr && wrong.empty())
            wrong = mistake(*cases[i].vector, outcomes[i]);
        if (wrong.empty())
            continue;
        std::printf("%s\n%s\n  board:       %s\n  workstation: %s\n", cases[i].name.c_str(), wrong.c_str(),
                    describe(outcomes[i]).c_str(), describe(here).c_str());
        return false;
    }
    return true;
}

int runAll(const std::string& core, uint64_t count, uint64_t firstSeed) {
    std::string why;
    const auto board = fakes::BoardVm::find(core, why);
    if (!board) {
        std::printf("SKIPPED: %s; the VM was not run on a Cortex-%s\n", why.c_str(), core.c_str());
        return kSkipped;
    }
    const auto vectors = vectors::readIsaVectors();
    if (!agree(*board, vectorCases(vectors)) || !agree(*board, randomCases(count, firstSeed)))
        return EXIT_FAILURE;
    std::printf("%zu vectors and %llu random programs, whole and in slices, on the %s build: as on the workstation\n",
                vectors.size(), static_cast<unsigned long long>(count), core.c_str());
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) {
    const std::string core = argc > 1 ? argv[1] : "";
    if (core != "m0" && core != "m4") {
        std::fprintf(stderr, "usage: vm-on-board m0|m4 [COUNT] [FIRST_SEED]\n");
        return 2;
    }
    try {
        return runAll(core, argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2000,
                      argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
    } catch (const std::exception& error) {
        std::printf("%s\n", error.what());
        return EXIT_FAILURE;
    }
}
