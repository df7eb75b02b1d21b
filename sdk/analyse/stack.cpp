// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/stack.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

namespace {

constexpr std::uint8_t kFramePointer = 10;

std::uint32_t roundUp(std::uint32_t bytes) {
    return (bytes + 7u) & ~7u;
}

struct Call {
    std::size_t callee;
    std::uint32_t reserved; ///< what the caller keeps below its r10 during the call
};

struct Node {
    std::uint32_t frameBytes = 0;
    std::vector<Call> calls;
    std::optional<std::uint32_t> deepest;
    bool visiting = false;
};

std::uint32_t deepest(std::vector<Node>& nodes, std::size_t index) {
    Node& node = nodes[index];
    if (node.deepest || node.visiting) {
        return node.deepest.value_or(0);
    }
    node.visiting = true;
    std::uint32_t most = node.frameBytes;
    for (const Call& call : node.calls) {
        most = std::max(most, call.reserved + deepest(nodes, call.callee));
    }
    nodes[index].deepest = most;
    return most;
}

/// Makes the nodes; the entry from which the stack gets deepest.
std::optional<std::size_t> callGraph(const image::Image& image, const std::vector<FunctionFrame>& functions,
                                     std::vector<Node>& nodes) {
    if (functions.empty()) {
        return std::nullopt;
    }
    nodes.resize(functions.size());
    const auto nodeOf = [&](std::uint32_t byte) -> std::size_t {
        const auto behind = std::ranges::upper_bound(functions, byte, {}, &FunctionFrame::offset);
        return behind == functions.begin() ? 0 : static_cast<std::size_t>(behind - functions.begin()) - 1;
    };
    for (std::size_t i = 0; i < functions.size(); ++i) {
        nodes[i].frameBytes = functions[i].frameBytes;
    }
    for (const image::Entry& entry : image.entries) {
        Node& node = nodes[nodeOf(entry.insnIndex * 8)];
        node.frameBytes = std::max(node.frameBytes, entry.frameBytes);
    }
    for (const image::Instruction& in : image::decode(image.text())) {
        const auto target = in.isLocalCall() ? in.target() : std::nullopt;
        if (target && *target >= 0 && *target * 8 < image.textBytes) {
            nodes[nodeOf(in.index * 8)].calls.push_back(
                {nodeOf(static_cast<std::uint32_t>(*target) * 8),
                 static_cast<std::uint32_t>(std::max<std::int16_t>(in.offset, 0))});
        }
    }
    std::optional<std::size_t> best;
    for (const image::Entry& entry : image.entries) {
        const std::size_t node = nodeOf(entry.insnIndex * 8);
        if (!best || deepest(nodes, node) > deepest(nodes, *best)) {
            best = node;
        }
    }
    return best;
}

} // namespace

std::uint32_t frameFromCode(const image::Image& image, std::uint32_t offset, std::uint32_t end) {
    std::uint32_t most = 0;
    std::array<bool, 16> isCopyOfFramePointer{};
    for (const image::Instruction& in : image::decode(image.text())) {
        if (in.index * 8 < offset || in.index * 8 >= end) {
            continue;
        }
        const std::uint8_t kind = in.instructionClass();
        const bool reads = kind == image::kClassLdx && in.src == kFramePointer;
        const bool writes = (kind == image::kClassSt || kind == image::kClassStx) && in.dst == kFramePointer;
        constexpr std::uint8_t kMovRegister = 0xbf;
        constexpr std::uint8_t kAddImmediate = 0x07;
        if ((reads || writes) && in.offset < 0) {
            most = std::max(most, static_cast<std::uint32_t>(-in.offset));
        } else if (in.isLocalCall() && in.offset > 0) {
            most = std::max(most, static_cast<std::uint32_t>(in.offset));
        } else if (in.opcode == kAddImmediate && isCopyOfFramePointer[in.dst] && in.imm < 0 && in.imm >= -0x8000) {
            most = std::max(most, static_cast<std::uint32_t>(-in.imm));
        }
        isCopyOfFramePointer[in.dst] = in.opcode == kMovRegister && in.src == kFramePointer && in.offset == 0;
    }
    return roundUp(most);
}

std::uint32_t deepestStack(const image::Image& image, const std::vector<FunctionFrame>& functions) {
    std::vector<Node> nodes;
    const auto start = callGraph(image, functions, nodes);
    return start ? deepest(nodes, *start) : 0;
}

std::vector<std::size_t> deepestPath(const image::Image& image, const std::vector<FunctionFrame>& functions) {
    std::vector<Node> nodes;
    std::vector<std::size_t> path;
    for (std::optional<std::size_t> at = callGraph(image, functions, nodes); at && path.size() <= nodes.size();) {
        path.push_back(*at);
        const Node& node = nodes[*at];
        const auto next = std::ranges::find_if(node.calls, [&](const Call& call) {
            return node.deepest == call.reserved + nodes[call.callee].deepest.value_or(0) &&
                   node.deepest != node.frameBytes;
        });
        at = next == node.calls.end() ? std::nullopt : std::optional(next->callee);
    }
    return path;
}

} // namespace rbpf::analyse
