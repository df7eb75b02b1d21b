// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/reached.hpp"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <map>
#include <set>

#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

namespace {

const FunctionSize* functionAt(const SizeReport& report, std::int64_t offset) {
    for (const FunctionSize& function : report.functions) {
        if (offset >= function.offset && offset < std::int64_t{function.offset} + function.bytes) {
            return &function;
        }
    }
    return nullptr;
}

/// Where the next function of the same file begins: lines from `line` to before it are this one's.
unsigned endOf(const DefinedFunction& function, const std::vector<DefinedFunction>& all) {
    unsigned end = UINT_MAX;
    for (const DefinedFunction& other : all) {
        if (other.file == function.file && other.line > function.line) {
            end = std::min(end, other.line);
        }
    }
    return end;
}

} // namespace

std::vector<LibraryUse> libraryUses(const image::Image& image, const SizeReport& report, const std::vector<PlacedCode>& code) {
    std::map<std::string, LibraryUse> uses;
    for (const FunctionSize& function : report.functions) {
        if (isLibraryFile(function.file)) {
            uses[function.name] = {function.name, function.bytes, function.instructions, {}, {}};
        }
    }
    for (const image::Instruction& in : image::decode(image.text())) {
        if (!in.isLocalCall() || !in.target()) {
            continue;
        }
        const FunctionSize* callee = functionAt(report, *in.target() * 8);
        const FunctionSize* caller = functionAt(report, std::int64_t{in.index} * 8);
        if (const auto use = uses.find(callee != nullptr ? callee->name : ""); use != uses.end()) {
            use->second.callers.push_back({caller != nullptr ? caller->name : "", placeOf(code, in.index * 8)});
        }
    }
    for (const FunctionSize& function : report.functions) {
        std::set<std::string> here;
        for (const LineSize& line : function.lines) {
            // A library function has a file of its own.
            const std::string name = std::filesystem::path(line.file).stem();
            if (!isLibraryFile(line.file) || name == function.name) {
                continue;
            }
            LibraryUse& use = uses[name];
            use.name = name;
            use.bytes += line.bytes;
            use.instructions += line.instructions;
            if (here.insert(name).second) {
                use.inlinedInto.push_back(function.name);
            }
        }
    }
    std::vector<LibraryUse> sorted;
    for (auto& [name, use] : uses) {
        sorted.push_back(std::move(use));
    }
    std::ranges::stable_sort(sorted, std::greater<>(), &LibraryUse::bytes);
    return sorted;
}

std::vector<UnseenFunction> unseenFunctions(const SizeReport& report, const std::vector<DefinedFunction>& defined,
                                            const std::vector<PlacedCode>& code) {
    std::vector<UnseenFunction> unseen;
    for (const DefinedFunction& function : defined) {
        const bool isThere = std::ranges::any_of(report.functions, [&](const FunctionSize& one) {
            return one.name == function.name && one.line == function.line && one.file == function.file;
        });
        if (isThere) {
            continue;
        }
        const unsigned end = endOf(function, defined);
        const bool isInlined = std::ranges::any_of(code, [&](const PlacedCode& one) {
            return one.file == function.file && one.line >= function.line && one.line < end;
        });
        unseen.push_back({function, isInlined});
    }
    return unseen;
}

} // namespace rbpf::analyse
