// SPDX-License-Identifier: GPL-3.0-or-later
// Follows the code from a slot with all that is known at each place: ways that meet are joined, loops are gone round turn
// by turn, functions are entered from each call. What comes out is the most that may run, and what each loop did.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sdk/analyse/abstract_state.hpp"
#include "sdk/analyse/control_flow.hpp"

namespace rbpf::analyse {

/// What was seen of a loop, over all the times that it was come to.
struct LoopTrack {
    std::uint32_t insnIndex = 0; ///< of its header
    std::vector<std::uint32_t> tests{}; ///< slots of the jumps that lead out of it
    std::uint64_t turns = 0;
    std::uint64_t perTurn = 0;
    std::optional<std::uint64_t> limit{}; ///< the user's
    bool isCut = false;       ///< what the limit says could not be seen from the code
    bool isRefuted = false;   ///< there was no way out within the limit
    bool isUnbounded = false;
    enum class Reason : std::uint8_t {
        None,
        NoExit,     ///< no way leads out
        NoProgress, ///< a turn leaves all as it was
        TooLong
    } reason = Reason::None;
    /// Of the test that leads out: what it compares, or a register that is not known.
    std::optional<std::uint32_t> test{};
    std::uint8_t testRegister = 0;
    Origin origin{};
};

struct Followed {
    std::uint64_t instructions = 0; ///< at most; loops that are unbounded left out
    std::string problem{};          ///< "" = followed to its end
    std::map<std::uint32_t, LoopTrack> loops{}; ///< by insnIndex
};

/// Limits by a loop's first slot.
using Limits = std::map<std::uint32_t, std::uint64_t>;

/// At an entry the stack pointer and what r1 may be are known; at any other function nothing is.
[[nodiscard]] Followed follow(const image::Image& image, const Text& text, std::uint32_t insnIndex, const Limits& limits,
                              std::uint64_t steps);

} // namespace rbpf::analyse
