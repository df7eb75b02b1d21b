// SPDX-License-Identifier: GPL-3.0-or-later
// DWARF location expressions (DWARF 5, sections 2.5 and 2.6), decoded once and evaluated on a State. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "debugger/dwarf/state.hpp"
#include "debugger/dwarf/value.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

/// One operation; the meaning of a and b is the operation's.
struct Operation {
    std::uint8_t code = 0;
    std::int64_t a = 0;
    std::int64_t b = 0;
    std::vector<std::uint8_t> bytes; ///< DW_OP_implicit_value
};

/// What the operands of an expression refer to.
struct LocationContext {
    std::function<std::optional<std::uint64_t>(std::uint64_t index)> address; ///< entry of .debug_addr
    struct BaseType {
        std::uint64_t size;
        bool isSigned;
    };
    std::function<std::optional<BaseType>(std::uint64_t offset)> baseType; ///< offset into the unit
};

[[nodiscard]] support::Result<std::vector<Operation>> decodeLocation(std::span<const std::uint8_t> bytes,
                                                                     const LocationContext& context);

/// How the function's frame lies. LLVM's BPF back end counts stack slots from the frame's *low* end although it names
/// r10, its high end, as the base (seen with 19.1). True offsets from r10 are negative, so that the two can be told
/// apart, but for 0. sdk/compile corrects what it compiles and leaves a note in the file.
struct FrameShape {
    bool baseIsR10 = true;
    std::vector<Operation> base;
    std::uint32_t bytes = 0;
    bool countsFromLowEnd = true; ///< not corrected when it was compiled
};

/// Where the object of `size` bytes is. On failure: why it cannot be told (availability of the answer).
struct Located {
    Availability availability = Availability::Available;
    std::string reason;
    std::vector<Part> parts;
    std::vector<std::uint8_t> bytes; ///< contents of Constant parts, at their offsets; `size` bytes if there are any
};
[[nodiscard]] Located locate(std::span<const Operation> operations, std::uint64_t size, const FrameShape& frame,
                             const State& state);

} // namespace rbpf::dwarf
