// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/pyocd_output.hpp"

#include <algorithm>

namespace rbpf::flash {

namespace {

/// "[---|---|----]"
bool isRuler(std::string_view line) {
    return line.size() > 2 && line.front() == '[' && line.back() == ']' &&
           std::ranges::all_of(line.substr(1, line.size() - 2), [](char c) { return c == '-' || c == '|'; }) &&
           line.find("---|") != std::string_view::npos;
}

} // namespace

double PyocdOutput::fraction() const {
    if (bars_ == 0) {
        return 0;
    }
    // More than one sign may be drawn than the ruler has place for.
    constexpr double kAlmost = 0.99;
    return isInBar_ ? std::min(kAlmost, static_cast<double>(drawn_) / static_cast<double>(width_)) : 1;
}

void PyocdOutput::feed(std::string_view piece) {
    for (const char c : piece) {
        if (isInEscape_) {
            isInEscape_ = !((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
        } else if (c == '\x1b') {
            isInEscape_ = true;
        } else if (c == '\n') {
            endLine();
        } else if (c == '\r') {
            // a Windows line end, or a bar drawn anew
        } else if (isInBar_ && isAtLineStart_) {
            inBar(c);
        } else {
            line_ += c;
        }
    }
}

void PyocdOutput::inBar(char c) {
    if (c == '=') {
        ++drawn_;
    } else if (c == ']') {
        isInBar_ = false;
    } else if (c != '[' || drawn_ != 0) {
        // A message that broke into the bar, which goes on behind it on a line of its own.
        isAtLineStart_ = false;
        line_ += c;
    }
}

void PyocdOutput::endLine() {
    isAtLineStart_ = true;
    if (!isInBar_ && isRuler(line_)) {
        ++bars_;
        width_ = line_.size() - 2;
        drawn_ = 0;
        isInBar_ = true;
    } else if (!line_.empty()) {
        text_ += line_ + "\n";
    }
    line_.clear();
}

} // namespace rbpf::flash
