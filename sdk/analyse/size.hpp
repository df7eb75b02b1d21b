// SPDX-License-Identifier: GPL-3.0-or-later
// What an image costs: by section, by part of the file, by function and line, and how long its entries may run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sdk/analyse/worst_case.hpp"
#include "sdk/analyse/mix.hpp"
#include "sdk/analyse/origin.hpp"
#include "sdk/image/image.hpp"
#include "sdk/link/link.hpp"

namespace rbpf::analyse {

struct LineSize {
    std::string file;
    unsigned line = 0;
    std::uint32_t bytes = 0;
    std::uint32_t instructions = 0;
};

struct FunctionSize {
    std::string name;
    std::string file; ///< "" = unknown
    unsigned line = 0;
    std::uint32_t offset = 0; ///< bytes from the start of text
    std::uint32_t bytes = 0;
    std::uint32_t instructions = 0; ///< a wide instruction counts once
    std::uint32_t frameBytes = 0;
    double share = 0; ///< of the text, 0 … 1
    std::vector<LineSize> lines{}; ///< empty until addLines(); what was inlined stands with its own file
};

struct EntryCost {
    std::string name;
    std::optional<std::uint64_t> longestRun; ///< instructions, where they are proven
    WorstCase worst{};
};

struct SizeReport {
    std::string name;
    std::string version;
    std::uint32_t text = 0, rodata = 0, data = 0, bss = 0;
    std::uint32_t stack = 0;      ///< deepest use
    std::vector<std::string> stackPath{}; ///< the functions that get there, from the entry on
    std::uint32_t stackLimit = 0; ///< what the image asks the device for
    std::uint32_t image = 0;      ///< the file
    std::uint32_t instructions = 0;
    std::uint32_t budget = 0; ///< instructions a run may take; 0 = the device's default
    std::vector<EntryCost> entries{};
    std::vector<TurnLimit> idleLimits{}; ///< given by the user, but no entry comes to a loop there
    std::vector<FunctionSize> functions; ///< in address order; together they are the text
    std::vector<image::Part> parts;      ///< in file order; together they are the file
    // What explain() adds:
    Mix mix{};
    std::vector<LibraryUse> libraries{};
    std::vector<UnseenFunction> unseen{};
    std::vector<support::Diagnostic> hints{};
};

/// `functions` from the linker or the debug ELF; empty: functions are found by entries and calls. Code that none of
/// them covers is named "(other)".
[[nodiscard]] SizeReport measure(const image::Image& image, const std::vector<linker::Function>& functions);

/// Adds what the entries may run at most; the slow part. The functions' names are the report's.
void measureCosts(SizeReport& report, const image::Image& image, CostOptions options = {});

} // namespace rbpf::analyse
