// SPDX-License-Identifier: GPL-3.0-or-later
// Breakpoints in an editor's margin. A sign each for those that stop, that ask first, that only log, that are switched
// off, and that the script has no place for; they move with the text.
#pragma once

#include <QImage>
#include <vector>

#include "debugger/session/session.hpp"

class QsciScintilla;

namespace rbpf::views {

enum class Glyph {
    Plain,
    Conditional, ///< a condition, or hits that pass first
    Log,
    Disabled,
    Unverified
};

/// `hasSession`: without one, nothing is known of a breakpoint's place.
[[nodiscard]] Glyph glyphOf(const session::Breakpoint& breakpoint, bool hasSession);
/// In the theme's colours.
[[nodiscard]] QImage glyphImage(Glyph glyph, int size);

struct BreakpointMark {
    int id = 0;
    unsigned line = 0; ///< from 1
    Glyph glyph = Glyph::Plain;
    bool operator==(const BreakpointMark&) const = default;
};

class BreakpointMarks {
public:
    /// Bits of the markers that the margin must show.
    static constexpr unsigned kMask = 0x1f << 10;

    explicit BreakpointMarks(QsciScintilla& editor) : editor_(editor) {}
    /// Takes the theme's colours.
    void dress();
    void show(const std::vector<BreakpointMark>& marks);
    /// Those that the text has carried to another line since show().
    [[nodiscard]] std::vector<BreakpointMark> moved() const;

private:
    QsciScintilla& editor_;
    std::vector<BreakpointMark> shown_;
    std::vector<int> handles_;
};

} // namespace rbpf::views
