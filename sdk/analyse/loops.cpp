// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/loops.hpp"

#include <algorithm>
#include <unordered_map>

namespace rbpf::analyse {

namespace {

using Node = std::size_t;

std::vector<std::vector<Node>> waysOf(const std::vector<image::Instruction>& text) {
    std::unordered_map<std::int64_t, Node> bySlot;
    for (Node node = 0; node < text.size(); ++node) {
        bySlot[text[node].index] = node;
    }
    std::vector<std::vector<Node>> ways(text.size());
    for (Node node = 0; node < text.size(); ++node) {
        const image::Instruction& in = text[node];
        const auto go = [&](std::int64_t slot) {
            if (const auto found = bySlot.find(slot); found != bySlot.end()) {
                ways[node].push_back(found->second);
            }
        };
        if (in.isJump() && in.target()) {
            go(*in.target());
        }
        if (in.opcode != image::kOpExit && in.opcode != image::kOpGoto && in.opcode != image::kOpGotol) {
            go(std::int64_t{in.index} + in.slots);
        }
    }
    return ways;
}

/// Strongly connected components (Tarjan's way), without recursion: a hostile text is a long one.
class Components {
public:
    explicit Components(const std::vector<std::vector<Node>>& ways) : ways_(ways), number_(ways.size()), low_(ways.size()), isOpen_(ways.size()), again_(ways.size()) {
        for (Node node = 0; node < ways_.size(); ++node) {
            if (number_[node] == 0) {
                follow(node);
            }
        }
    }
    [[nodiscard]] std::vector<bool> take() { return std::move(again_); }

private:
    struct Visit {
        Node node;
        std::size_t next = 0; ///< of its ways
    };

    void open(Node node) {
        number_[node] = low_[node] = ++count_;
        isOpen_[node] = true;
        component_.push_back(node);
        visits_.push_back({node});
    }

    void follow(Node start) {
        open(start);
        while (!visits_.empty()) {
            Visit& visit = visits_.back();
            if (visit.next < ways_[visit.node].size()) {
                const Node to = ways_[visit.node][visit.next++];
                if (number_[to] == 0) {
                    open(to);
                } else if (isOpen_[to]) {
                    low_[visit.node] = std::min(low_[visit.node], number_[to]);
                }
                continue;
            }
            const Node done = visit.node;
            visits_.pop_back();
            if (!visits_.empty()) {
                low_[visits_.back().node] = std::min(low_[visits_.back().node], low_[done]);
            }
            if (low_[done] == number_[done]) {
                close(done);
            }
        }
    }

    void close(Node root) {
        const bool isLoop = component_.back() != root || std::ranges::find(ways_[root], root) != ways_[root].end();
        Node node = 0;
        do {
            node = component_.back();
            component_.pop_back();
            isOpen_[node] = false;
            again_[node] = isLoop;
        } while (node != root);
    }

    const std::vector<std::vector<Node>>& ways_;
    std::vector<std::size_t> number_, low_;
    std::vector<bool> isOpen_, again_;
    std::vector<Node> component_;
    std::vector<Visit> visits_;
    std::size_t count_ = 0;
};

} // namespace

std::vector<bool> inLoops(const std::vector<image::Instruction>& text) {
    return Components(waysOf(text)).take();
}

} // namespace rbpf::analyse
