// SPDX-License-Identifier: GPL-3.0-or-later
// The worst case in words: what the follower found of each loop, where it stands in the source, and the user's limits.
#include "sdk/analyse/worst_case.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sdk/analyse/follow.hpp"
#include "sdk/image/bindings.hpp"

namespace rbpf::analyse {

namespace {

class Teller {
public:
    Teller(const image::Image& image, const CostOptions& options, const Text& text)
        : image_(image), options_(options), text_(text) {}

    [[nodiscard]] image::SourcePlace place(std::uint32_t slot) const {
        return slot < options_.places.size() ? options_.places[slot] : image::SourcePlace{};
    }

    /// "src/main.c:14", or "instruction 7".
    [[nodiscard]] std::string at(std::uint32_t slot) const {
        const image::SourcePlace where = place(slot);
        return where.line != 0 ? fmt::format("{}:{}", where.file, where.line) : fmt::format("instruction {}", slot);
    }

    /// The line of a loop's statement: of those of its tests, the first.
    [[nodiscard]] image::SourcePlace loopPlace(const LoopTrack& track) const {
        image::SourcePlace best;
        for (const std::uint32_t slot : track.tests) {
            const image::SourcePlace where = place(slot);
            if (where.line != 0 && (best.line == 0 || (where.file == best.file && where.line < best.line))) {
                best = where;
            }
        }
        return best;
    }

    [[nodiscard]] std::string loopName(const LoopTrack& track) const {
        const image::SourcePlace where = loopPlace(track);
        return where.line != 0 ? fmt::format("the loop at {}:{}", where.file, where.line)
                               : fmt::format("the loop at instruction {}", track.insnIndex);
    }

    [[nodiscard]] std::string function(std::uint32_t slot) const {
        std::string name;
        std::uint32_t best = 0;
        for (const image::Symbol& symbol : options_.functions) {
            if (symbol.offset <= slot * 8 && (name.empty() || symbol.offset >= best)) {
                name = symbol.name;
                best = symbol.offset;
            }
        }
        if (options_.functions.empty()) {
            for (const image::Entry& entry : image_.entries) {
                if (entry.insnIndex <= slot && (name.empty() || entry.insnIndex >= best)) {
                    name = entry.name;
                    best = entry.insnIndex;
                }
            }
        }
        return name;
    }

    [[nodiscard]] std::string source(const Origin& origin) const {
        switch (origin.kind) {
        case Origin::Kind::Argument:
            return origin.insnIndex == 2 ? ", which is what the run is started with (r2, the context's size)"
                                         : fmt::format(", which is the argument r{}", origin.insnIndex);
        case Origin::Kind::Binding: {
            const std::size_t index = text_.bySlot[origin.insnIndex];
            const auto id = static_cast<std::uint32_t>(text_.instructions[index].imm);
            const auto name = image::bindingName(id);
            return fmt::format(", which comes from {} at {}", name ? std::string(*name) : fmt::format("binding {:#x}", id),
                               at(origin.insnIndex));
        }
        case Origin::Kind::Context:
            return fmt::format(", which is read from the context at {}", at(origin.insnIndex));
        case Origin::Kind::Data:
            return fmt::format(", which is read from a variable that outlives the run, at {}", at(origin.insnIndex));
        case Origin::Kind::Memory:
            return fmt::format(", which is read from memory at {}", at(origin.insnIndex));
        case Origin::Kind::None:
            break;
        }
        return "";
    }

    [[nodiscard]] std::string because(const LoopTrack& track) const {
        if (track.reason == LoopTrack::Reason::NoExit || !track.test) {
            return "no way leads out of it";
        }
        const std::string end = fmt::format("its end depends on r{}{}", track.testRegister, source(track.origin));
        if (track.reason == LoopTrack::Reason::NoProgress) {
            return end + ", and a turn brings it no nearer";
        }
        return end + ", and may take more turns than can be followed";
    }

    /// By loop, which of the user's limits counts; `heeded`: all that stand at a loop.
    [[nodiscard]] std::map<std::uint32_t, std::size_t> chosenLimits(const std::map<std::uint32_t, LoopTrack>& loops,
                                                                    std::vector<std::size_t>& heeded) const {
        std::map<std::uint32_t, std::size_t> chosen;
        for (std::size_t index = 0; index < options_.limits.size(); ++index) {
            const TurnLimit& limit = options_.limits[index];
            bool isFound = false;
            for (const bool isStatement : {true, false}) {
                if (isFound) {
                    break;
                }
                for (const auto& [slot, track] : loops) {
                    if (isAt(limit, track, isStatement)) {
                        isFound = true;
                        const auto [own, isNew] = chosen.emplace(slot, index);
                        if (!isNew && limit.turns < options_.limits[own->second].turns) {
                            own->second = index;
                        }
                    }
                }
            }
            if (isFound) {
                heeded.push_back(index);
            }
        }
        return chosen;
    }

private:
    [[nodiscard]] static bool isFile(const std::string& whole, const std::string& end) {
        return whole.ends_with(end) && (whole.size() == end.size() || whole[whole.size() - end.size() - 1] == '/');
    }

    /// The limit's line is that of the loop's statement; or of any test that leads out of it.
    [[nodiscard]] bool isAt(const TurnLimit& limit, const LoopTrack& track, bool isStatement) const {
        if (isStatement) {
            const image::SourcePlace where = loopPlace(track);
            return where.line == limit.line && isFile(where.file, limit.file);
        }
        return std::ranges::any_of(track.tests, [&](std::uint32_t slot) {
            return place(slot).line == limit.line && isFile(place(slot).file, limit.file);
        });
    }

    const image::Image& image_;
    const CostOptions& options_;
    const Text& text_;
};

LoopBound boundOf(const LoopTrack& track, const Teller& teller) {
    LoopBound bound;
    bound.insnIndex = track.insnIndex;
    bound.function = teller.function(track.insnIndex);
    const image::SourcePlace where = teller.loopPlace(track);
    bound.file = where.file;
    bound.line = where.line;
    bound.perTurn = track.perTurn;
    if (!track.isUnbounded) {
        bound.turns = track.turns;
        bound.isAssumed = track.isCut;
    }
    if (track.isUnbounded) {
        bound.because = teller.because(track);
    } else if (track.isCut) {
        bound.because = track.reason == LoopTrack::Reason::None ? "the code alone allows more turns" : teller.because(track);
    }
    return bound;
}

} // namespace

WorstCase worstCase(const image::Image& image, std::uint32_t insnIndex, const CostOptions& options) {
    const Text text = decodeText(image.text());
    const Teller teller(image, options, text);
    WorstCase worst;
    Followed followed = follow(image, text, insnIndex, {}, options.steps);
    const auto chosen = teller.chosenLimits(followed.loops, worst.heeded);
    Limits limits;
    for (const auto& [slot, index] : chosen) {
        limits[slot] = options.limits[index].turns;
    }
    while (!limits.empty()) {
        Followed limited = follow(image, text, insnIndex, limits, options.steps);
        const std::size_t before = limits.size();
        for (const auto& [slot, track] : limited.loops) {
            if (track.isRefuted) {
                const LoopTrack& own = followed.loops.at(slot);
                worst.refuted.push_back(
                    {options.limits[chosen.at(slot)],
                     fmt::format("{} is said to take at most {} turns, but {}", teller.loopName(track), limits.at(slot),
                                 own.isUnbounded ? "has no way out within so many" : fmt::format("takes {}", own.turns))});
                limits.erase(slot);
            }
        }
        if (limits.size() == before) {
            followed = std::move(limited);
            break;
        }
    }

    worst.instructions = followed.instructions;
    if (!followed.problem.empty()) {
        worst.because = followed.problem;
        return worst;
    }
    worst.kind = WorstCase::Kind::Proven;
    std::string formula = fmt::format("{}", followed.instructions);
    for (const auto& [slot, track] : followed.loops) {
        worst.loops.push_back(boundOf(track, teller));
        const std::string sentence = teller.loopName(track) + ": " + worst.loops.back().because;
        if (track.isUnbounded) {
            worst.because = worst.kind == WorstCase::Kind::Unbounded ? worst.because + "; " + sentence : sentence;
            worst.kind = WorstCase::Kind::Unbounded;
            formula += fmt::format(" + {} × turns of {}", track.perTurn, teller.loopName(track));
        } else if (track.isCut && worst.kind != WorstCase::Kind::Unbounded) {
            const std::string rests = fmt::format("{} takes at most {} turns, as it is said to", teller.loopName(track), track.turns);
            worst.because = worst.because.empty() ? rests : worst.because + "; " + rests;
            worst.kind = WorstCase::Kind::Assumed;
        }
    }
    if (worst.kind == WorstCase::Kind::Unbounded) {
        worst.formula = std::move(formula);
    }
    return worst;
}

} // namespace rbpf::analyse
