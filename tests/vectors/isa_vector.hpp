// SPDX-License-Identifier: GPL-3.0-or-later
// One case of tests/vectors/isa/*.json; make_isa.py says what the fields mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rbpf::vectors {

struct ExpectedFault {
    std::string status;
    uint32_t insn;
    std::optional<uint32_t> detail; ///< effective address
};

struct ExpectedRejection {
    std::vector<std::string> statuses; ///< one of these
    std::optional<uint32_t> insn;
};

struct IsaVector {
    std::string file; ///< "alu64"
    std::string name;
    std::string listing; ///< for messages
    std::vector<uint8_t> text;
    std::vector<uint8_t> memory, rodata, data;
    std::optional<uint64_t> result;
    std::vector<uint8_t> after; ///< the context when the run has ended without a fault
    std::optional<ExpectedFault> fault;
    std::optional<ExpectedRejection> rejection;
};

/// Every vector of tests/vectors/isa; throws std::runtime_error that names file and vector if one is malformed.
std::vector<IsaVector> readIsaVectors();

} // namespace rbpf::vectors
