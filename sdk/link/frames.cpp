// SPDX-License-Identifier: GPL-3.0-or-later
// Stack: the frame of every function, written into the local calls (image.h), the deepest path through the calls, and
// which bindings are called. Recursion and too much stack are told with the path.
#include <algorithm>
#include <functional>
#include <set>

#include "sdk/link/internal.hpp"

#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::linker {
namespace {

constexpr std::uint8_t kCall = 0x85;
constexpr std::uint8_t kCallIndirect = 0x8d;
constexpr std::uint8_t kWide = 0x18;
constexpr std::uint8_t kMove = 0xbf;
constexpr std::uint8_t kAddImmediate = 0x07;
constexpr std::uint8_t kFramePointer = 10;
constexpr std::uint32_t kSlot = 8;

struct Call {
    std::size_t offset; ///< of the instruction, in text
    std::size_t callee; ///< index into Output::functions
};

std::optional<std::uint64_t> readUleb(const std::vector<std::uint8_t>& bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at < bytes.size() && shift < 64; shift += 7) {
        const std::uint8_t byte = bytes[at++];
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

/// Address -> frame, as the code generator says.
std::map<std::uint64_t, std::uint64_t> toldFrames(const Object& object) {
    std::map<std::uint64_t, std::uint64_t> frames;
    for (const Section& section : object.sections) {
        if (section.kind != Kind::StackSizes) {
            continue;
        }
        for (std::size_t at = 0; at + 8 < section.bytes.size();) {
            const std::uint64_t address = load(section.bytes, at, 8);
            at += 8;
            const std::optional<std::uint64_t> size = readUleb(section.bytes, at);
            if (!size) {
                break;
            }
            frames[address] = *size;
        }
    }
    return frames;
}

/// Without that: the lowest place below r10 that the function touches or points at.
std::uint64_t seenFrame(const std::vector<std::uint8_t>& text, const Function& function) {
    std::int64_t lowest = 0;
    for (std::size_t at = function.offset; at < function.offset + function.bytes; at += kSlot) {
        const std::uint8_t opcode = text[at];
        const std::uint8_t dst = text[at + 1] & 0x0f;
        const std::uint8_t src = text[at + 1] >> 4;
        const auto offset = static_cast<std::int16_t>(load(text, at + 2, 2));
        const std::uint8_t kind = opcode & 0x07;
        const bool reads = kind == 1 && src == kFramePointer;
        const bool writes = (kind == 2 || kind == 3) && dst == kFramePointer;
        if (reads || writes) {
            lowest = std::min<std::int64_t>(lowest, offset);
        }
        const std::size_t next = at + kSlot;
        if (opcode == kMove && src == kFramePointer && next < function.offset + function.bytes &&
            text[next] == kAddImmediate && (text[next + 1] & 0x0f) == dst) {
            lowest = std::min<std::int64_t>(lowest, static_cast<std::int32_t>(load(text, next + 4, 4)));
        }
        if (opcode == kWide) {
            at += kSlot;
        }
    }
    return static_cast<std::uint64_t>(-lowest);
}

void setFrames(Link& link) {
    const std::map<std::uint64_t, std::uint64_t> told = toldFrames(link.object);
    for (Function& function : link.output.functions) {
        const auto found = told.find(function.offset);
        const std::uint64_t bytes = found != told.end() ? found->second : seenFrame(link.text, function);
        if (bytes > 0x7ff8) { // the call's offset field is a signed 16-bit number
            link.complain("the variables of `" + function.name + "` take " + std::to_string(bytes) + " bytes of stack",
                          "make the large ones static", &function);
            continue;
        }
        function.frameBytes = static_cast<std::uint32_t>((bytes + 7) & ~std::uint64_t{7});
    }
}

/// Local calls of a function; collects binding ids on the way.
std::vector<Call> callsOf(Link& link, const Function& function, std::set<std::uint16_t>& bindings) {
    std::vector<Call> calls;
    const std::vector<Function>& functions = link.output.functions;
    for (std::size_t at = function.offset; at < function.offset + function.bytes; at += kSlot) {
        const std::uint8_t opcode = link.text[at];
        if (opcode == kWide) {
            at += kSlot;
            continue;
        }
        if (opcode == kCallIndirect) {
            link.complain("`" + function.name + "` calls through a pointer",
                          "BPF has no calls through pointers: use an if or a switch that calls the functions by name",
                          &function);
            continue;
        }
        if (opcode != kCall) {
            continue;
        }
        const auto imm = static_cast<std::int32_t>(load(link.text, at + 4, 4));
        const std::uint8_t src = link.text[at + 1] >> 4;
        if (src == 0) {
            if (imm < 0 || imm > 0xffff) {
                link.complain("`" + function.name + "` calls the binding " + std::to_string(imm),
                              "ids of bindings are 16-bit numbers", &function);
            } else {
                bindings.insert(static_cast<std::uint16_t>(imm));
            }
            continue;
        }
        const std::int64_t target = static_cast<std::int64_t>(at) + kSlot + static_cast<std::int64_t>(imm) * kSlot;
        const auto callee = std::find_if(functions.begin(), functions.end(), [&](const Function& candidate) {
            return static_cast<std::int64_t>(candidate.offset) == target;
        });
        if (src != 1 || callee == functions.end()) {
            link.complain("`" + function.name + "` has a call that leads to no function", "build the script again",
                          &function);
            continue;
        }
        calls.push_back({at, static_cast<std::size_t>(callee - functions.begin())});
    }
    return calls;
}

/// Follows the calls from the entries; stops at the first cycle.
class Walk {
public:
    Walk(Link& link, const std::vector<std::vector<Call>>& calls) : link_(link), calls_(calls) {}

    void from(std::size_t entry) {
        path_.clear();
        deepest_ = 0;
        depth_ = 0;
        visit(entry, 0);
        if (recursive_) {
            return;
        }
        link_.output.stackBytes = std::max(link_.output.stackBytes, deepest_);
        const Function& function = link_.output.functions[entry];
        if (deepest_ > link_.request.stackBytes) {
            link_.complain("the script needs " + std::to_string(deepest_) + " bytes of stack, it has " +
                               std::to_string(link_.request.stackBytes) + ": " + describe(deepestPath_),
                           "make large variables static, or ask for more in rbpf.json (\"stack\": " +
                               std::to_string((deepest_ + 7) / 8 * 8) + ")",
                           &link_.output.functions[largest(deepestPath_)]);
        } else if (depth_ > RBPF_CALL_DEPTH_MAX) {
            link_.complain("calls are nested " + std::to_string(depth_) + " deep, " +
                               std::to_string(RBPF_CALL_DEPTH_MAX) + " are possible: " + describe(longestPath_),
                           "join some of these functions, or mark the small ones `static inline`", &function);
        }
    }

    [[nodiscard]] bool recursive() const { return recursive_; }

private:
    void visit(std::size_t index, std::uint32_t below) {
        const std::vector<Function>& functions = link_.output.functions;
        const auto again = std::find(path_.begin(), path_.end(), index);
        if (again != path_.end()) {
            std::vector<std::size_t> cycle(again, path_.end());
            cycle.push_back(index);
            recursive_ = true;
            link_.complain("`" + functions[index].name + "` calls itself: " + names(cycle),
                           "scripts cannot recurse, their stack is fixed: use a loop", &functions[index]);
            return;
        }
        path_.push_back(index);
        const std::uint32_t total = below + functions[index].frameBytes;
        if (path_.size() > depth_) {
            depth_ = path_.size();
            longestPath_ = path_;
        }
        if (total >= deepest_) {
            deepest_ = total;
            deepestPath_ = path_;
        }
        // A function reached with less stack and depth below it than before has nothing new to tell.
        auto& [seenBelow, seenDepth, seen] = visited_[index];
        if (!seen || below > seenBelow || path_.size() > seenDepth) {
            seen = true;
            seenBelow = std::max(seenBelow, below);
            seenDepth = std::max(seenDepth, path_.size());
            for (const Call& call : calls_[index]) {
                if (!recursive_) {
                    visit(call.callee, total);
                }
            }
        }
        path_.pop_back();
    }

    [[nodiscard]] std::string names(const std::vector<std::size_t>& path) const {
        std::string text;
        for (const std::size_t index : path) {
            text += (text.empty() ? "" : " -> ") + link_.output.functions[index].name;
        }
        return text;
    }

    [[nodiscard]] std::string describe(const std::vector<std::size_t>& path) const {
        std::string text;
        for (const std::size_t index : path) {
            const Function& function = link_.output.functions[index];
            text += (text.empty() ? "" : " -> ") + function.name + " (" + std::to_string(function.frameBytes) + ")";
        }
        return text;
    }

    [[nodiscard]] std::size_t largest(const std::vector<std::size_t>& path) const {
        return *std::max_element(path.begin(), path.end(), [&](std::size_t a, std::size_t b) {
            return link_.output.functions[a].frameBytes < link_.output.functions[b].frameBytes;
        });
    }

    struct Visited {
        std::uint32_t below = 0;
        std::size_t depth = 0;
        bool seen = false;
    };

    Link& link_;
    const std::vector<std::vector<Call>>& calls_;
    std::map<std::size_t, Visited> visited_;
    std::vector<std::size_t> path_, deepestPath_, longestPath_;
    std::uint32_t deepest_ = 0;
    std::size_t depth_ = 0;
    bool recursive_ = false;
};

} // namespace

void countFrames(Link& link) {
    setFrames(link);
    std::set<std::uint16_t> bindings;
    std::vector<std::vector<Call>> calls;
    for (const Function& function : link.output.functions) {
        calls.push_back(callsOf(link, function, bindings));
    }
    link.bindings.assign(bindings.begin(), bindings.end());
    if (link.hasErrors()) {
        return;
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
        for (const Call& call : calls[i]) {
            store(link.text, call.offset + 2, 2, link.output.functions[i].frameBytes);
        }
    }
    Walk walk(link, calls);
    for (const std::size_t entry : link.entryFunctions) {
        walk.from(entry);
        if (walk.recursive()) {
            return;
        }
    }
}

} // namespace rbpf::linker
