// SPDX-License-Identifier: GPL-3.0-or-later
// What pyOCD prints while it works: bars, drawn for a pipe as a ruler "[---|---|…]" and below it "[=====…]", and lines
// between them and even inside them.
#pragma once

#include <string>
#include <string_view>

namespace rbpf::flash {

class PyocdOutput {
public:
    /// A piece as it comes out of a pipe, cut anywhere.
    void feed(std::string_view piece);

    /// Bars that have begun; the last one may still grow. Newer releases draw one for erasing and one for writing.
    [[nodiscard]] unsigned bars() const { return bars_; }
    /// Of the last bar, 0 to 1; 1 only when it is closed.
    [[nodiscard]] double fraction() const;
    [[nodiscard]] bool isBarClosed() const { return bars_ > 0 && !isInBar_; }
    /// Everything but the bars, line by line, without colours.
    [[nodiscard]] std::string text() const { return text_ + line_; }

private:
    void endLine();
    void inBar(char c);

    std::string text_, line_;
    unsigned bars_ = 0;
    std::size_t width_ = 0; ///< of the last bar, from its ruler
    std::size_t drawn_ = 0;
    bool isInBar_ = false, isAtLineStart_ = true;
    bool isInEscape_ = false;
};

} // namespace rbpf::flash
