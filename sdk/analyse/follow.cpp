// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/follow.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "rbpf_vm/instruction.hpp"
#include "rbpf_vm/rbpf_vm.h"
#include "sdk/analyse/abstract_step.hpp"
#include "sdk/analyse/loop_test.hpp"

namespace rbpf::analyse {

namespace {

constexpr unsigned kNestingMax = 64;          ///< of loops, over all calls
constexpr std::uint64_t kTurnsBeforeGuess = 80; ///< whatever halves with each turn has ended by then
constexpr std::uint64_t kStepsShare = 16;       ///< turns that are long are guessed about earlier: after such a share

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
    std::uint64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/// A loop that is being gone round.
struct Activation {
    std::size_t loop = kNone;
    std::vector<LoopTest> tests{}; ///< of this turn
};

struct Exit {
    std::size_t block;
    State state;
};

struct Turn {
    std::optional<State> again{};  ///< at the header
    std::vector<Exit> exits{};     ///< blocks outside
    std::optional<State> returned{}; ///< behind exit; of a function only
    bool hasStayed = false;        ///< behind the header the loop goes on
    bool wasDropped = false;       ///< … but the limit does not let it
};

void meet(std::optional<State>& place, State&& state) {
    if (place) {
        place->join(state);
    } else {
        place = std::move(state);
    }
}

class Follower {
public:
    Follower(const image::Image& image, const Text& text, const Limits& limits, std::uint64_t steps)
        : image_(image), text_(text), limits_(limits), steps_(steps) {}

    Followed run(std::uint32_t insnIndex) {
        const auto isEntry = std::ranges::any_of(image_.entries,
                                                 [&](const image::Entry& entry) { return entry.insnIndex == insnIndex; });
        for (State& start : isEntry ? State::atEntry(image_) : std::vector{State::atFunction()}) {
            std::optional<State> end = function(insnIndex, std::move(start));
            if (end) {
                result_.instructions = std::max(result_.instructions, end->cost);
            }
        }
        return std::move(result_);
    }

private:
    void stop(std::string problem) {
        if (result_.problem.empty()) {
            result_.problem = std::move(problem);
        }
    }
    [[nodiscard]] bool isStopped() const { return !result_.problem.empty(); }
    /// The outermost loop gives up first: those in it may well come to their ends.
    [[nodiscard]] bool isTired() const { return taken_ > (active_.size() == 1 ? steps_ : steps_ + steps_ / 2); }

    /// A run that ends here by a fault.
    void endsAt(const State& state) { result_.instructions = std::max(result_.instructions, state.cost); }

    const ControlFlow& flowAt(std::uint32_t insnIndex) {
        auto& flow = flows_[insnIndex];
        if (!flow) {
            flow = std::make_unique<ControlFlow>(controlFlow(text_, insnIndex));
        }
        return *flow;
    }

    std::optional<State> function(std::uint32_t insnIndex, State&& start) {
        if (std::ranges::find(calls_, insnIndex) != calls_.end()) {
            stop(fmt::format("the function at instruction {} calls itself", insnIndex));
            return std::nullopt;
        }
        const ControlFlow& flow = flowAt(insnIndex);
        if (!flow.problem.empty()) {
            stop(flow.problem);
            return std::nullopt;
        }
        calls_.push_back(insnIndex);
        const std::size_t outer = active_.size();
        Turn turn = region(flow, kNone, std::move(start), false, outer);
        calls_.pop_back();
        return std::move(turn.returned);
    }

    /// Once through the loop's blocks, or the function's, in an order in which no way leads back.
    Turn region(const ControlFlow& flow, std::size_t loop, State&& start, bool isLast, std::size_t frame) {
        const auto& order = loop == kNone ? flow.order : flow.loops[loop].order;
        std::vector<std::optional<State>> waiting(order.size());
        Turn turn;
        waiting[0] = std::move(start);
        for (std::size_t i = 0; i < order.size() && !isStopped(); ++i) {
            if (!waiting[i]) {
                continue;
            }
            State state = std::move(*waiting[i]);
            waiting[i].reset();
            const std::size_t block = order[i];
            const std::size_t inner = flow.blocks[block].loop;
            std::vector<Exit> ways;
            if (inner != loop) { // the header of a loop inside
                ways = goRound(flow, inner, std::move(state), frame);
            } else {
                ways = through(flow, block, std::move(state), frame, turn.returned);
            }
            const bool isHeader = loop != kNone && i == 0;
            for (Exit& way : ways) {
                const bool isBack = loop != kNone && way.block == flow.loops[loop].header;
                const bool isInside = flow.isIn(way.block, loop);
                if (isHeader && isInside && !flow.loops[loop].isOneBlock) {
                    turn.hasStayed = true;
                    if (isLast) {
                        turn.wasDropped = true;
                        continue;
                    }
                }
                if (isBack) {
                    meet(turn.again, std::move(way.state));
                } else if (isInside) {
                    meet(waiting[itemOf(flow, loop, way.block)], std::move(way.state));
                } else {
                    turn.exits.push_back(std::move(way));
                }
            }
        }
        return turn;
    }

    static std::size_t itemOf(const ControlFlow& flow, std::size_t loop, std::size_t block) {
        const std::size_t inner = flow.blocks[block].loop;
        return inner == loop ? flow.blocks[block].item : flow.loops[inner].item; // then it is that loop's header
    }

    /// A block's instructions, and where its end leads to.
    std::vector<Exit> through(const ControlFlow& flow, std::size_t number, State&& state, std::size_t frame,
                              std::optional<State>& returned) {
        const Block& block = flow.blocks[number];
        for (std::size_t index = block.first; index <= block.last; ++index) {
            const image::Instruction& in = text_.instructions[index];
            if (++taken_ > 2 * steps_) {
                stop(fmt::format("it takes more than {} instructions to follow", steps_));
                return {};
            }
            if (in.opcode == image::kOpExit) {
                ++state.cost;
                meet(returned, std::move(state));
                return {};
            }
            if (in.isLocalCall()) {
                if (!call(in, state)) {
                    return {};
                }
                continue;
            }
            if (in.isJump() || in.opcode == image::kOpGotol) {
                ++state.cost;
                return branch(flow, block, in, std::move(state), frame);
            }
            if (!step(state, image_, in)) {
                endsAt(state);
                return {};
            }
            ++state.cost;
        }
        std::vector<Exit> ways;
        ways.push_back({block.next, std::move(state)});
        return ways;
    }

    bool call(const image::Instruction& in, State& state) {
        const std::uint32_t frameBytes = static_cast<std::uint16_t>(in.offset);
        const Value& pointer = state.registers[10];
        const bool isDeep = calls_.size() >= RBPF_CALL_DEPTH_MAX;
        if (isDeep || (pointer.low.isConstant() && (pointer.low.umin & RBPF_OFFSET_MASK) < frameBytes)) {
            endsAt(state); // the VM refuses it
            return false;
        }
        const auto target = *in.target();
        if (target < 0 || target >= static_cast<std::int64_t>(text_.bySlot.size())) {
            stop(fmt::format("instruction {} calls what is no function", in.index));
            return false;
        }
        State inside = state;
        ++inside.cost;
        image::Instruction less;
        less.opcode = 0x17; // r10 -= frame
        inside.registers[10] = arithmetic(less, pointer, Value::constant(frameBytes));
        inside.registers[10].id = 0;
        std::optional<State> end = function(static_cast<std::uint32_t>(target), std::move(inside));
        if (!end) {
            return false;
        }
        for (std::size_t reg = 6; reg <= 10; ++reg) {
            end->registers[reg] = state.registers[reg];
        }
        state = std::move(*end);
        return true;
    }

    std::vector<Exit> branch(const ControlFlow& flow, const Block& block, const image::Instruction& in, State&& state,
                             std::size_t frame) {
        std::vector<Exit> ways;
        if (block.next == kNone) {
            ways.push_back({block.taken, std::move(state)});
            return ways;
        }
        const Value left = state.registers[in.dst];
        const Value right = operand(state, in);
        const bool isSelf = (in.opcode & vm::kSourceRegister) != 0 && in.src == in.dst;
        for (const bool isTaken : {true, false}) {
            Value a = left;
            Value b = right;
            const bool mayBe = isSelf || refine(in, isTaken, a, b);
            noteTest(flow, in, left, right, isTaken ? block.taken : block.next, mayBe, frame);
            if (!mayBe) {
                continue;
            }
            State after = state;
            if (!isSelf) {
                after.learn(in.dst, a);
                if ((in.opcode & vm::kSourceRegister) != 0) {
                    after.learn(in.src, b);
                }
            }
            ways.push_back({isTaken ? block.taken : block.next, std::move(after)});
        }
        return ways;
    }

    /// The jump may lead out of loops that are being gone round in this function.
    void noteTest(const ControlFlow& flow, const image::Instruction& in, const Value& left, const Value& right,
                  std::size_t to, bool mayLeave, std::size_t frame) {
        for (std::size_t i = active_.size(); i-- > frame;) {
            Activation& activation = active_[i];
            if (flow.isIn(to, activation.loop)) {
                return;
            }
            std::erase_if(activation.tests, [&](const LoopTest& other) { return other.slot == in.index; });
            activation.tests.push_back(loopTest(in, left, right, mayLeave));
        }
    }

    LoopTrack& trackOf(const ControlFlow& flow, std::size_t loop) {
        const std::uint32_t slot = text_.instructions[flow.blocks[flow.loops[loop].header].first].index;
        const auto [found, isNew] = result_.loops.try_emplace(slot);
        LoopTrack& track = found->second;
        if (isNew) {
            track.insnIndex = slot;
            track.tests = testsOf(flow, text_, loop);
            if (const auto limit = limits_.find(slot); limit != limits_.end()) {
                track.limit = limit->second;
            }
        }
        return track;
    }

    std::vector<Exit> goRound(const ControlFlow& flow, std::size_t loop, State&& start, std::size_t frame) {
        if (active_.size() >= kNestingMax) {
            stop(fmt::format("loops are nested more than {} deep", kNestingMax));
            return {};
        }
        LoopTrack& track = trackOf(flow, loop);
        active_.push_back({loop, {}});
        std::vector<Exit> exits;
        if (track.isUnbounded || !turnByTurn(flow, loop, start, track, exits, frame)) {
            exits.clear();
            atOnce(flow, loop, std::move(start), track, exits, frame);
        }
        active_.pop_back();
        return exits;
    }

    static void gather(std::vector<Exit>& exits, std::vector<Exit>&& more) {
        for (Exit& exit : more) {
            const auto same = std::ranges::find(exits, exit.block, &Exit::block);
            if (same == exits.end()) {
                exits.push_back(std::move(exit));
            } else {
                same->state.join(exit.state);
            }
        }
    }

    /// False: it does not come to its end.
    bool turnByTurn(const ControlFlow& flow, std::size_t loop, const State& start, LoopTrack& track,
                    std::vector<Exit>& exits, std::size_t frame) {
        const bool isOneBlock = flow.loops[loop].isOneBlock;
        State at = start;
        std::vector<LoopTest> lastTests;
        std::uint64_t turns = 0;
        std::uint64_t perTurn = 0;
        std::uint64_t guessAt = kTurnsBeforeGuess;
        std::uint64_t guessedAt = 0;
        std::uint64_t stepsThen = taken_;
        for (std::uint64_t round = 1;; ++round) {
            const bool isLast = track.limit && turns >= *track.limit;
            if (isLast && isOneBlock) {
                track.isCut = true;
                track.isRefuted = track.isRefuted || exits.empty();
                break;
            }
            active_.back().tests.clear();
            const std::uint64_t cost = at.cost;
            const bool isCompared = round < kTurnsBeforeGuess && !track.limit;
            std::optional<State> before = isCompared ? std::optional(at) : std::nullopt;
            Turn turn = region(flow, loop, std::move(at), isLast, frame);
            if (isStopped()) {
                return true;
            }
            gather(exits, std::move(turn.exits));
            if (turn.wasDropped) {
                track.isCut = true;
                track.isRefuted = track.isRefuted || exits.empty();
            }
            turns += (isOneBlock || turn.hasStayed) && !turn.wasDropped ? 1 : 0;
            if (!turn.again) {
                break;
            }
            perTurn = std::max(perTurn, turn.again->cost - std::min(turn.again->cost, cost));
            const std::vector<LoopTest>& tests = active_.back().tests;
            // What is only less than before may go on getting less, until nothing is left that stays.
            if (before && before->contains(*turn.again) && turn.again->contains(*before)) {
                explain(track, LoopTrack::Reason::NoProgress, tests);
                return false;
            }
            if (round == guessAt || taken_ - stepsThen > steps_ / kStepsShare || isTired()) {
                const std::uint64_t left = steps_ > taken_ ? steps_ - taken_ : 0;
                const std::uint64_t perRound = std::max<std::uint64_t>(1, (taken_ - stepsThen) / std::max<std::uint64_t>(1, round - guessedAt));
                const std::uint64_t reachable = left / perRound;
                if (isTired() || (guessedAt > 0 && isHopeless(lastTests, tests, round - guessedAt, reachable))) {
                    explain(track, LoopTrack::Reason::TooLong, tests);
                    return false;
                }
                lastTests = tests;
                guessedAt = round;
                stepsThen = taken_;
                guessAt = std::max(guessAt, round + (round <= kTurnsBeforeGuess ? 8 : round));
            }
            at = std::move(*turn.again);
        }
        track.turns = std::max(track.turns, turns);
        track.perTurn = std::max(track.perTurn, perTurn);
        return true;
    }

    /// All turns as one that starts with nothing known of what they change.
    void atOnce(const ControlFlow& flow, std::size_t loop, State&& start, LoopTrack& track, std::vector<Exit>& exits,
                std::size_t frame) {
        const Loop& shape = flow.loops[loop];
        const std::uint64_t cost = start.cost;
        for (std::size_t reg = 0; reg < 10; ++reg) {
            if ((shape.writes & 1u << reg) != 0) {
                start.registers[reg] = Value{};
                start.registers[reg].origin = {};
            }
        }
        if (shape.writesMemory) {
            start.forgetStack();
        }
        const std::uint64_t ended = std::exchange(result_.instructions, 0);
        track.isUnbounded = true; // loops inside are not tried again
        Turn turn = region(flow, loop, std::move(start), false, frame);
        if (turn.again) {
            track.perTurn = std::max(track.perTurn, turn.again->cost - cost);
        }
        gather(exits, std::move(turn.exits));
        if (track.limit) {
            track.isUnbounded = false;
            track.isCut = true;
            track.turns = std::max(track.turns, *track.limit);
            const std::uint64_t all = times(*track.limit - (shape.isOneBlock && *track.limit > 0 ? 1 : 0), track.perTurn);
            for (Exit& exit : exits) {
                exit.state.cost = plus(exit.state.cost, all);
            }
            result_.instructions = result_.instructions > 0 ? plus(result_.instructions, all) : 0;
        }
        result_.instructions = std::max(result_.instructions, ended);
    }

    const image::Image& image_;
    const Text& text_;
    const Limits& limits_;
    std::uint64_t steps_, taken_ = 0;
    std::map<std::uint32_t, std::unique_ptr<ControlFlow>> flows_;
    std::vector<std::uint32_t> calls_;
    std::vector<Activation> active_;
    Followed result_;
};

} // namespace

Followed follow(const image::Image& image, const Text& text, std::uint32_t insnIndex, const Limits& limits,
                std::uint64_t steps) {
    return Follower(image, text, limits, steps).run(insnIndex);
}

} // namespace rbpf::analyse
