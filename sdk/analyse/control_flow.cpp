// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks in reverse postorder; dominators by Cooper, Harvey and Kennedy's iteration; natural loops from the inside out.
#include "sdk/analyse/control_flow.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace rbpf::analyse {

namespace {

constexpr std::size_t kBlocksMax = 16384;

bool endsBlock(const image::Instruction& in) {
    return in.isJump() || in.opcode == image::kOpGotol || in.opcode == image::kOpExit;
}

bool isUnconditional(const image::Instruction& in) {
    return in.opcode == image::kOpGoto || in.opcode == image::kOpGotol;
}

/// What the analysis of values relies on; the verifier asks for more.
bool isSound(const image::Instruction& in) {
    constexpr std::uint8_t kRegisters = 11, kMov = 0xb0;
    const std::uint8_t kind = in.instructionClass();
    const bool isArithmetic = kind == image::kClassAlu || kind == image::kClassAlu64;
    if (in.dst >= kRegisters || in.src >= kRegisters) {
        return false;
    }
    if (in.dst == kRegisters - 1 && (isArithmetic || kind == image::kClassLd || kind == image::kClassLdx)) {
        return false;
    }
    return !isArithmetic || (in.opcode & 0xf0) != kMov || in.offset == 0 || in.offset == 8 || in.offset == 16 ||
           in.offset == 32;
}

/// Instructions that are reached, and those that start a block.
struct Reached {
    std::set<std::size_t> all, leaders;
};

class Builder {
public:
    Builder(const Text& text, ControlFlow& flow) : text_(text), flow_(flow) {}

    void run(std::uint32_t insnIndex) {
        const std::size_t start = at(insnIndex);
        if (start == kNone) {
            flow_.problem = "it starts outside of the text";
        } else if (reach(start)) {
            makeBlocks(start);
            orderBlocks();
            findDominators();
            findLoops();
        }
        if (!flow_.problem.empty()) {
            flow_.blocks.clear();
            flow_.loops.clear();
            flow_.order.clear();
        }
    }

private:
    [[nodiscard]] std::size_t at(std::int64_t slot) const {
        return slot < 0 || slot >= static_cast<std::int64_t>(text_.bySlot.size())
                   ? kNone
                   : text_.bySlot[static_cast<std::size_t>(slot)];
    }

    /// Where the instruction leads to, kNone where it does not.
    [[nodiscard]] std::pair<std::size_t, std::size_t> ways(const image::Instruction& in, bool& isInside) const {
        std::size_t taken = kNone;
        std::size_t next = kNone;
        if (endsBlock(in) && in.opcode != image::kOpExit) {
            taken = at(*in.target());
            isInside = taken != kNone;
        }
        if (in.opcode != image::kOpExit && !isUnconditional(in)) {
            next = at(std::int64_t{in.index} + in.slots);
            isInside = isInside && next != kNone;
        }
        return {taken, next};
    }

    bool reach(std::size_t start) {
        std::vector<std::size_t> open{start};
        reached_.leaders.insert(start);
        while (!open.empty()) {
            const std::size_t index = open.back();
            open.pop_back();
            if (!reached_.all.insert(index).second) {
                continue;
            }
            const image::Instruction& in = text_.instructions[index];
            if (!isSound(in)) {
                flow_.problem = fmt::format("instruction {} is none that a firmware takes", in.index);
                return false;
            }
            bool isInside = true;
            const auto [taken, next] = ways(in, isInside);
            if (!isInside) {
                flow_.problem = fmt::format("instruction {} leads out of the text", in.index);
                return false;
            }
            for (const std::size_t way : {taken, next}) {
                if (way != kNone) {
                    open.push_back(way);
                    if (endsBlock(in)) {
                        reached_.leaders.insert(way);
                    }
                }
            }
        }
        if (reached_.leaders.size() > kBlocksMax) {
            flow_.problem = fmt::format("it has more than {} branches", kBlocksMax);
            return false;
        }
        return true;
    }

    void makeBlocks(std::size_t start) {
        std::map<std::size_t, std::size_t> blockAt;
        const auto blockOf = [&](std::size_t leader) {
            const auto [found, isNew] = blockAt.try_emplace(leader, flow_.blocks.size());
            if (isNew) {
                Block block;
                block.first = leader;
                flow_.blocks.push_back(block);
            }
            return found->second;
        };
        blockOf(start);
        for (std::size_t number = 0; number < flow_.blocks.size(); ++number) {
            std::size_t last = flow_.blocks[number].first;
            for (;;) {
                const image::Instruction& in = text_.instructions[last];
                bool isInside = true;
                const auto [taken, next] = ways(in, isInside);
                if (endsBlock(in) || reached_.leaders.contains(next)) {
                    const std::size_t takenBlock = taken == kNone ? kNone : blockOf(taken);
                    const std::size_t nextBlock = next == kNone ? kNone : blockOf(next);
                    flow_.blocks[number].last = last;
                    flow_.blocks[number].taken = takenBlock;
                    flow_.blocks[number].next = nextBlock;
                    break;
                }
                last = next;
            }
        }
    }

    [[nodiscard]] std::vector<std::size_t> successors(std::size_t block) const {
        std::vector<std::size_t> list;
        for (const std::size_t way : {flow_.blocks[block].taken, flow_.blocks[block].next}) {
            if (way != kNone) {
                list.push_back(way);
            }
        }
        return list;
    }

    void orderBlocks() {
        const std::size_t count = flow_.blocks.size();
        std::vector<std::uint8_t> seen(count, 0);
        std::vector<std::pair<std::size_t, std::size_t>> open{{0, 0}};
        seen[0] = 1;
        while (!open.empty()) {
            auto& [block, done] = open.back();
            const auto ways = successors(block);
            if (done < ways.size()) {
                const std::size_t way = ways[done++];
                if (seen[way] == 0) {
                    seen[way] = 1;
                    open.emplace_back(way, 0);
                }
                continue;
            }
            order_.push_back(block);
            open.pop_back();
        }
        std::ranges::reverse(order_);
        number_.assign(count, 0);
        for (std::size_t i = 0; i < order_.size(); ++i) {
            number_[order_[i]] = i;
        }
        before_.resize(count);
        for (std::size_t block = 0; block < count; ++block) {
            for (const std::size_t way : successors(block)) {
                before_[way].push_back(block);
            }
        }
    }

    void findDominators() {
        dominator_.assign(flow_.blocks.size(), kNone);
        dominator_[0] = 0;
        for (bool isChanged = true; isChanged;) {
            isChanged = false;
            for (const std::size_t block : order_) {
                if (block == 0) {
                    continue;
                }
                std::size_t common = kNone;
                for (std::size_t other : before_[block]) {
                    if (dominator_[other] == kNone) {
                        continue;
                    }
                    if (common == kNone) {
                        common = other;
                        continue;
                    }
                    while (other != common) {
                        (number_[other] > number_[common] ? other : common) =
                            dominator_[number_[other] > number_[common] ? other : common];
                    }
                }
                if (dominator_[block] != common) {
                    dominator_[block] = common;
                    isChanged = true;
                }
            }
        }
    }

    [[nodiscard]] bool dominates(std::size_t upper, std::size_t block) const {
        while (number_[block] > number_[upper]) {
            block = dominator_[block];
        }
        return block == upper;
    }

    [[nodiscard]] std::size_t outermost(std::size_t loop) const {
        while (flow_.loops[loop].parent != kNone) {
            loop = flow_.loops[loop].parent;
        }
        return loop;
    }

    void collect(std::size_t loop, std::vector<std::size_t> open) {
        const std::size_t header = flow_.loops[loop].header;
        while (!open.empty()) {
            const std::size_t block = open.back();
            open.pop_back();
            if (flow_.blocks[block].loop == kNone) {
                flow_.blocks[block].loop = loop;
                if (block != header) {
                    open.insert(open.end(), before_[block].begin(), before_[block].end());
                }
                continue;
            }
            const std::size_t inner = outermost(flow_.blocks[block].loop);
            if (inner != loop) {
                flow_.loops[inner].parent = loop;
                const auto& before = before_[flow_.loops[inner].header];
                open.insert(open.end(), before.begin(), before.end());
            }
        }
    }

    void findLoops() {
        for (std::size_t i = order_.size(); i-- > 0;) {
            const std::size_t header = order_[i];
            std::vector<std::size_t> latches;
            for (const std::size_t block : before_[header]) {
                if (number_[block] < number_[header]) {
                    continue;
                }
                if (!dominates(header, block)) {
                    flow_.problem = fmt::format("a loop is entered in its middle (irreducible) at instruction {}",
                                                text_.instructions[flow_.blocks[header].first].index);
                    return;
                }
                latches.push_back(block);
            }
            if (!latches.empty()) {
                Loop loop;
                loop.header = header;
                loop.isOneBlock = std::ranges::find(latches, header) != latches.end();
                flow_.loops.push_back(loop);
                flow_.blocks[header].loop = flow_.blocks[header].loop == kNone ? flow_.loops.size() - 1
                                                                               : flow_.blocks[header].loop;
                std::erase(latches, header);
                collect(flow_.loops.size() - 1, latches);
            }
        }
        placeItems();
    }

    void place(std::size_t& item, std::size_t loop, std::size_t block) {
        auto& order = loop == kNone ? flow_.order : flow_.loops[loop].order;
        item = order.size();
        order.push_back(block);
    }

    void placeItems() {
        for (const std::size_t number : order_) {
            Block& block = flow_.blocks[number];
            if (block.loop != kNone && flow_.loops[block.loop].header == number) {
                place(flow_.loops[block.loop].item, flow_.loops[block.loop].parent, number);
            }
            place(block.item, block.loop, number);
            for (std::size_t loop = block.loop; loop != kNone; loop = flow_.loops[loop].parent) {
                noteWrites(flow_.loops[loop], block);
            }
        }
    }

    void noteWrites(Loop& loop, const Block& block) const {
        for (std::size_t index = block.first; index <= block.last; ++index) {
            const image::Instruction& in = text_.instructions[index];
            switch (in.instructionClass()) {
            case image::kClassSt:
            case image::kClassStx:
                loop.writesMemory = true;
                loop.writes |= 1u << 0 | 1u << in.src; // atomics fetch
                break;
            case image::kClassJmp:
            case image::kClassJmp32:
                if (in.opcode == image::kOpCall) {
                    loop.writesMemory = true;
                    loop.writes |= 0x3f;
                }
                break;
            default:
                loop.writes |= 1u << in.dst;
                break;
            }
        }
    }

    const Text& text_;
    ControlFlow& flow_;
    Reached reached_;
    std::vector<std::size_t> order_, number_, dominator_;
    std::vector<std::vector<std::size_t>> before_;
};

} // namespace

Text decodeText(std::span<const std::uint8_t> bytes) {
    Text text;
    text.instructions = image::decode(bytes);
    text.bySlot.assign(bytes.size() / 8, kNone);
    for (std::size_t i = 0; i < text.instructions.size(); ++i) {
        text.bySlot[text.instructions[i].index] = i;
    }
    return text;
}

bool ControlFlow::isIn(std::size_t block, std::size_t loop) const {
    if (loop == kNone) {
        return true;
    }
    std::size_t inner = blocks[block].loop;
    while (inner != kNone && inner != loop) {
        inner = loops[inner].parent;
    }
    return inner == loop;
}

ControlFlow controlFlow(const Text& text, std::uint32_t insnIndex) {
    ControlFlow flow;
    Builder(text, flow).run(insnIndex);
    return flow;
}

} // namespace rbpf::analyse
