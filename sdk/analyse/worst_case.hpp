// SPDX-License-Identifier: GPL-3.0-or-later
// How many instructions a run executes at most: proven where the loops can be followed to their end, otherwise which
// loop cannot, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sdk/image/disassemble.hpp"
#include "sdk/image/image.hpp"
#include "sdk/image/listing.hpp"

namespace rbpf::analyse {

/// What the user says of a loop: from each time that it is come to until it is left it is begun at most `turns` times.
struct TurnLimit {
    std::string file; ///< as in the places, or the end of it: "src/main.c"
    unsigned line = 0;
    std::uint64_t turns = 0;
};

/// A limit that the code contradicts.
struct WrongLimit {
    TurnLimit limit;
    std::string sentence;
};

struct CostOptions {
    std::vector<image::Symbol> functions{};   ///< for names, by offset; none: the image's entries
    std::vector<image::SourcePlace> places{}; ///< by slot; may be empty or too short
    std::vector<TurnLimit> limits{};
    std::uint64_t steps = 150'000; ///< instructions followed before giving up; a template takes some thousand
};

/// One loop on the way of an entry, by its first instruction.
struct LoopBound {
    std::uint32_t insnIndex = 0;
    std::string function;
    std::string file; ///< "" = unknown
    unsigned line = 0;
    std::optional<std::uint64_t> turns; ///< most turns from coming to it until leaving it; proven, or else assumed
    bool isAssumed = false;             ///< the user's word; nothing here contradicts it
    std::uint64_t perTurn = 0;          ///< instructions of its longest turn, without loops in it that have no bound
    std::string because;                ///< where there are no turns: why; of an assumed one: what could not be proven
};

struct WorstCase {
    enum class Kind : std::uint8_t {
        Proven,
        Assumed, ///< holds if the user's limits hold
        Unbounded
    };
    Kind kind = Kind::Unbounded;
    std::uint64_t instructions = 0; ///< not if Unbounded: then what runs without the loops that have no bound
    std::vector<LoopBound> loops{}; ///< in address order
    std::string formula{};          ///< Unbounded by loops: "12 + 7 × turns of the loop at src/main.c:14"
    std::string because{};          ///< Unbounded: a sentence; Assumed: what it rests on
    std::vector<WrongLimit> refuted{};
    std::vector<std::size_t> heeded{}; ///< of CostOptions::limits, those that stand at one of the loops
};

/// From the entry (or any function) at the slot, with nothing known of its arguments. A wide instruction counts once,
/// and so does a call of a binding: what the firmware does in it is not the script's budget.
[[nodiscard]] WorstCase worstCase(const image::Image& image, std::uint32_t insnIndex, const CostOptions& options = {});

} // namespace rbpf::analyse
