// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/explain.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <rbpf/image.h>
#include <rbpf/status.h>

#include "debugger/dwarf/source_operand.hpp"
#include "debugger/session/explain_source.hpp"
#include "sdk/image/bindings.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::session {

namespace {

bool isAccessFault(int status) {
    return status == RBPF_STATUS_READ_FAULT || status == RBPF_STATUS_WRITE_FAULT;
}

const char* bytesWord(std::uint64_t count) {
    return count == 1 ? "byte" : "bytes";
}

/// A failed access against the regions there are.
struct Miss {
    std::uint32_t address = 0, size = 0;
    bool write = false;
    std::optional<rsp::RegionInfo> region; ///< the nearest one that allows it; else one that holds the address
    bool forbidden = false;                ///< it lies inside, but may only be read
    bool behind = false;
    std::uint64_t bytes = 0; ///< by which it missed: the access's end behind the region's, or its start before it
};

Miss missOf(const Program& program, const Scene& scene) {
    Miss miss;
    miss.address = scene.detail;
    miss.write = scene.status == RBPF_STATUS_WRITE_FAULT;
    miss.size = 1;
    const image::Instruction* instruction = program.at(scene.pc);
    if (instruction != nullptr && scene.registers) {
        if (const auto access = accessOf(*instruction, scene.registers->data())) {
            miss.size = access->size;
        }
    }
    std::uint64_t best = ~std::uint64_t{0};
    for (const rsp::RegionInfo& region : scene.regions) {
        if (region.index == RBPF_REGION_TEXT || region.size == 0) {
            continue;
        }
        const bool allowed = (region.access & (miss.write ? 2 : 1)) != 0;
        const std::uint64_t begin = RBPF_ADDRESS(region.index, 0);
        const std::uint64_t end = begin + region.size;
        const std::uint64_t last = std::uint64_t{miss.address} + miss.size;
        if (miss.address >= begin && last <= end) {
            miss.region = region;
            miss.forbidden = true;
            return miss;
        }
        const bool behind = last > end && miss.address >= begin;
        const std::uint64_t distance = behind ? last - end : begin > miss.address ? begin - miss.address : 0;
        if (allowed && distance < best) {
            best = distance;
            miss.region = region;
            miss.behind = behind;
            miss.bytes = distance;
        }
    }
    return miss;
}

/// Below this an address is null with an offset: a member of a structure, an element of an array.
constexpr std::uint32_t kNullBytes = 0x1000;
/// Beyond this a region is not what was meant.
constexpr std::uint64_t kNearBytes = 0x10000;

bool isNear(const Miss& miss) {
    return miss.region && (miss.forbidden || miss.bytes <= kNearBytes);
}

std::string missText(const Miss& miss) {
    const char* verb = miss.write ? "wrote" : "read";
    if (miss.address < kNullBytes) {
        return fmt::format("the script {} {} {} through a null pointer", verb, miss.size, bytesWord(miss.size));
    }
    if (!isNear(miss)) {
        return fmt::format("the script {} {} {} at 0x{:08x}, far from anything it has", verb, miss.size,
                           bytesWord(miss.size), miss.address);
    }
    const std::string name = regionName(miss.region->index);
    if (miss.forbidden) {
        return fmt::format("the script {} {} {} of {}, which it may only {}", verb, miss.size, bytesWord(miss.size),
                           name, miss.write ? "read" : "write");
    }
    if (!miss.behind) {
        return fmt::format("the script {} {} {} that start {} {} before {}", verb, miss.size, bytesWord(miss.size),
                           miss.bytes, bytesWord(miss.bytes), name);
    }
    return fmt::format("the script {} {} {} that end {} {} behind {}", verb, miss.size, bytesWord(miss.size),
                       miss.bytes, bytesWord(miss.bytes), name);
}

void addMiss(Story& story, const Miss& miss) {
    std::string address = fmt::format("0x{:08x}, {} {}", miss.address, miss.size, bytesWord(miss.size));
    if (!miss.region) {
        story.facts.push_back({"address", address + "; nothing the script has allows this"});
        return;
    }
    story.facts.push_back({"address", std::move(address)});
    const std::uint32_t begin = RBPF_ADDRESS(miss.region->index, 0);
    std::string nearest = fmt::format("{}: 0x{:08x} to 0x{:08x}, {} {}", regionName(miss.region->index), begin,
                                      begin + miss.region->size, miss.region->size, bytesWord(miss.region->size));
    if (!miss.forbidden && isNear(miss)) {
        nearest += fmt::format("; missed by {} {}", miss.bytes, bytesWord(miss.bytes));
    }
    story.facts.push_back({"nearest", std::move(nearest)});
}

std::string hintOf(const Program& program, const Scene& scene) {
    if (scene.cause == RBPF_CAUSE_BUDGET || scene.status == RBPF_STATUS_BUDGET_SPENT) {
        return scene.hottest ? "check the condition that ends this loop, or raise \"budget\" in rbpf.json"
                             : "raise \"budget\" in rbpf.json if the script needs that many";
    }
    if (isAccessFault(scene.status)) {
        const Miss miss = missOf(program, scene);
        if (miss.address < kNullBytes) {
            return "check the pointer before use: bindings that find something return null when there is nothing";
        }
        if (miss.forbidden) {
            return miss.region->index == RBPF_REGION_RODATA
                       ? "constants and string literals cannot be changed: copy them into a variable first"
                       : "the firmware gave this memory for reading only: copy it first";
        }
        if (!isNear(miss)) {
            return "the pointer does not come from the script's own memory; perhaps it was never set";
        }
        if (miss.region->index == RBPF_REGION_STACK) {
            return "check the index or length used with this local array, or raise \"stack\" in rbpf.json";
        }
        if (miss.region->index >= RBPF_REGION_CONTEXT) {
            return "compare with the length that the firmware gives before each access";
        }
        return "check the index or length used here against the size of the array";
    }
    switch (scene.status) {
    case RBPF_STATUS_STACK_OVERFLOW:
        return "make local arrays smaller or static, call less deeply, or raise \"stack\" in rbpf.json";
    case RBPF_STATUS_CALL_DEPTH:
        return "turn the recursion into a loop, or let the compiler inline small functions";
    case RBPF_STATUS_BAD_ARGUMENT:
        return "compare the arguments with the binding's description";
    default:
        return {};
    }
}

/// What of the source the instruction is about.
dwarf::Operand operandWanted(const Program& program, const Scene& scene) {
    const image::Instruction* instruction = program.at(scene.pc);
    if (instruction != nullptr && instruction->opcode == image::kOpCall) {
        return dwarf::Operand::Called;
    }
    return scene.status == RBPF_STATUS_WRITE_FAULT ? dwarf::Operand::Written : dwarf::Operand::Read;
}

/// Registers that the instruction reads, with their values.
std::string registersUsed(const image::Instruction& instruction, const rsp::Registers& registers) {
    std::set<unsigned> used;
    const std::uint8_t group = instruction.instructionClass();
    if (instruction.opcode == image::kOpCall) {
        used = {1, 2, 3, 4, 5};
    } else if (group == image::kClassLdx) {
        used = {instruction.src};
    } else if (group == image::kClassSt) {
        used = {instruction.dst};
    } else if (group != image::kClassLd) {
        used = {instruction.dst, instruction.src};
    }
    std::string text;
    for (const unsigned number : used) {
        text += fmt::format("{}r{} = 0x{:x}", text.empty() ? "" : ", ", number, registers.at(number));
    }
    return text;
}

} // namespace

std::string regionName(int index) {
    static constexpr const char* kNames[] = {"text", "stack", "rodata", "data", "context"};
    return index >= 0 && index < RBPF_REGION_GRANT ? kNames[index] : fmt::format("granted {}", index);
}

std::optional<Loop> LoopCounter::hottest(const Program& program) const {
    std::optional<Loop> best;
    for (std::uint32_t slot = 0; slot < counts_.size(); ++slot) {
        const Count& count = counts_[slot];
        const image::Instruction* instruction = program.at(slot * 8);
        if (count.back == 0 || instruction == nullptr || instruction->opcode == image::kOpCall ||
            instruction->opcode == image::kOpExit) {
            continue; // calls and returns jump back too, but are no loops
        }
        Loop loop{count.target * 8, (slot + instruction->slots) * 8, count.back, 0};
        for (std::uint32_t inside = count.target; inside <= slot; ++inside) {
            loop.instructions += counts_[inside].executed;
        }
        // An outer loop holds the inner one's instructions: the one with more rounds is where the time goes.
        if (!best || loop.rounds > best->rounds) {
            best = loop;
        }
    }
    return best;
}

std::string explainShort(const Program& program, const Scene& scene) {
    const std::string at = " at " + program.place(scene.pc);
    if (scene.cause == RBPF_CAUSE_BUDGET || scene.status == RBPF_STATUS_BUDGET_SPENT) {
        return fmt::format("the script used up its budget of {} instructions{}", scene.instructions, at);
    }
    if (isAccessFault(scene.status) && !scene.regions.empty()) {
        return missText(missOf(program, scene)) + at;
    }
    return image::statusSentence(scene.status) + at;
}

Story storyOf(const Program& program, const Scene& scene) {
    const bool budget = scene.cause == RBPF_CAUSE_BUDGET || scene.status == RBPF_STATUS_BUDGET_SPENT;
    Story story;
    story.title = explainShort(program, scene);
    if (!budget) {
        story.title += " (" + image::statusName(scene.status) + ")";
    }
    const Location location = story.location = program.locate(scene.pc);
    const auto add = [&story](const char* name, std::string text) { story.facts.push_back({name, std::move(text)}); };
    if (location.line == 0) {
        // No debug information: the bytecode has to do.
    } else if (const auto source = sourceText(scene.sourceRoot, location.file)) {
        add("source", fmt::format("{}:{}: {}", location.file, location.line, lineOf(*source, location.line)));
        const std::string operand =
            dwarf::operandAt(*source, location.line, location.column, operandWanted(program, scene), program.info());
        if (!operand.empty()) {
            add("in", operand);
        }
    } else {
        add("source", fmt::format("{}:{} in {}", location.file, location.line, location.function));
    }
    add("bytecode", fmt::format("{} (0x{:x}): {}", scene.pc / 8, scene.pc, program.text(scene.pc)));
    const image::Instruction* instruction = program.at(scene.pc);
    if (isAccessFault(scene.status) && !budget) {
        const Miss miss = missOf(program, scene);
        story.address = miss.address;
        addMiss(story, miss);
    } else if (scene.status == RBPF_STATUS_BAD_ARGUMENT && scene.detail != 0) {
        add("binding", std::string(image::bindingName(scene.detail).value_or("unknown")));
    }
    if (instruction != nullptr && scene.registers) {
        if (std::string used = registersUsed(*instruction, *scene.registers); !used.empty()) {
            add("registers", std::move(used));
        }
    }
    if (budget && scene.hottest) {
        const Loop& loop = *scene.hottest;
        add("hottest", fmt::format("the loop at {} went round {} times: {} of {} instructions", program.place(loop.from),
                                   loop.rounds, loop.instructions, scene.instructions));
    }
    story.hint = hintOf(program, scene);
    return story;
}

std::string textOf(const Story& story) {
    std::string text = story.title;
    for (const Story::Fact& fact : story.facts) {
        text += fmt::format("\n  {:<9} {}", fact.name, fact.text);
    }
    if (!story.hint.empty()) {
        text += fmt::format("\n  {:<9} {}", "hint", story.hint);
    }
    return text;
}

} // namespace rbpf::session
