// SPDX-License-Identifier: GPL-3.0-or-later
// Why a script grew or shrank: two builds compared by section, function, line and string. Lines are matched by their
// text, so that a line which only moved is no difference.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sdk/analyse/size.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::analyse {

/// One of the two builds.
struct Side {
    const SizeReport& report; ///< with lines, where they are known
    const image::Image& image;
    std::function<std::string(const std::string& file, unsigned line)> sourceText; ///< "" = not at hand
};

struct Change {
    std::string what;
    std::int64_t before = 0, now = 0;
    [[nodiscard]] std::int64_t by() const { return now - before; }
};

struct LineChange {
    std::string file;
    unsigned line = 0; ///< now; before where it is gone
    std::string text;  ///< of the source, without blanks around it
    Change instructions;
};

struct FunctionChange {
    enum class Kind : std::uint8_t {
        New,
        Gone,
        Changed
    } kind = Kind::Changed;
    std::string name;
    std::string file;
    unsigned line = 0;
    bool isLibrary = false;
    Change bytes, instructions, frame;
    std::vector<std::string> inlinedInto; ///< Gone: the functions that have its lines now
    std::vector<LineChange> lines;        ///< largest change first
};

struct SizeDiff {
    std::vector<Change> totals;            ///< instructions, text, rodata, data, bss, stack, image; equal ones too
    std::vector<FunctionChange> functions; ///< largest change of bytes first; equal ones are left out
    std::vector<std::string> addedStrings, removedStrings;
    std::vector<std::string> reasons; ///< a sentence each, what matters most first
};

[[nodiscard]] SizeDiff diff(const Side& before, const Side& now);

/// "text grew by 40 B (400 to 440), the image by 52 B (…): …"
[[nodiscard]] std::string diffSummary(const SizeDiff& diff);
[[nodiscard]] std::string diffText(const SizeDiff& diff);
/// For a pull request: a sentence, a table, the reasons. Names and source text cannot break out of their place.
[[nodiscard]] std::string diffMarkdown(const SizeDiff& diff, const std::string& title);
/// Every character that Markdown or HTML gives a meaning is escaped; a line end becomes a blank.
[[nodiscard]] std::string markdownEscaped(const std::string& text);

} // namespace rbpf::analyse
