// SPDX-License-Identifier: GPL-3.0-or-later
// The same programs on the workstation's VM and on a microcontroller's in QEMU, with all that they leave behind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/batch.h"

namespace rbpf::fakes {

struct BoardRun {
    std::vector<uint8_t> image;
    std::vector<uint8_t> memory; ///< what r1 points at
    uint32_t slice = 1'000'000;  ///< instructions a call of run may execute
    uint32_t slices = 1;         ///< calls at most
};

struct BoardOutcome {
    batch_outcome_t state{};
    std::vector<uint8_t> memory, stack; ///< empty after a rejection
    bool operator==(const BoardOutcome& other) const;
};

/// One line: rejection, halt, fault and registers.
std::string describe(const BoardOutcome& outcome);

BoardOutcome runHere(const BoardRun& run);

/// A microcontroller's VM, as built by the preset `firmware`. Bindings exist, do nothing and return 0.
class BoardVm {
public:
    /// `core` is "m0" or "m4". The program of RBPF_FIRMWARE_BUILD, else of build/firmware in the checkout; none if that
    /// or QEMU is not there: `why` says what is missing.
    static std::optional<BoardVm> find(const std::string& core, std::string& why);

    /// Runs them all, in one QEMU. Throws std::runtime_error if it does not answer for each.
    [[nodiscard]] std::vector<BoardOutcome> run(const std::vector<BoardRun>& runs) const;

private:
    explicit BoardVm(std::string program) : program_(std::move(program)) {}
    std::string program_;
};

} // namespace rbpf::fakes
