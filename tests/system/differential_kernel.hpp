// SPDX-License-Identifier: GPL-3.0-or-later
// The running kernel's BPF as an independent implementation: bpf(2), BPF_PROG_LOAD and BPF_PROG_TEST_RUN.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rbpf::differential {

enum class KernelOutcome {
    Ran,
    Rejected,    ///< by the kernel's verifier
    Unavailable, ///< not permitted here, or a kernel without what this needs
};

struct KernelRun {
    KernelOutcome outcome;
    std::string message;          ///< why not
    std::vector<uint8_t> context; ///< after the run
};

/// Loads the program as one of type "syscall" (its context is plain memory) and runs it once.
KernelRun runInKernel(const std::vector<uint8_t>& text, const std::vector<uint8_t>& context);

} // namespace rbpf::differential
