// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/positions.hpp"

#include <algorithm>

#include "sdk/language/json_fields.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

constexpr Encoding kAll[] = {Encoding::Utf8, Encoding::Utf16, Encoding::Utf32};

/// Bytes of the letter that begins here; 1 for a byte that begins none.
std::size_t lengthOf(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

unsigned unitsOf(std::size_t bytes, Encoding encoding) {
    switch (encoding) {
    case Encoding::Utf8: return static_cast<unsigned>(bytes);
    case Encoding::Utf16: return bytes == 4 ? 2 : 1;
    default: return 1;
    }
}

bool isLetter(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

const char* nameOf(Encoding encoding) {
    switch (encoding) {
    case Encoding::Utf8: return "utf-8";
    case Encoding::Utf16: return "utf-16";
    default: return "utf-32";
    }
}

Encoding chooseEncoding(const json& capabilities) {
    // The second is clangd's, from before the protocol had one.
    for (const json& wanted : {field(field(capabilities, "general"), "positionEncodings"), field(capabilities, "offsetEncoding")}) {
        if (wanted.is_array()) {
            for (const json& one : wanted) {
                const auto* const found =
                    std::find_if(std::begin(kAll), std::end(kAll), [&](Encoding known) { return one == nameOf(known); });
                if (found != std::end(kAll)) {
                    return *found;
                }
            }
        }
    }
    return Encoding::Utf16;
}

std::size_t lineStart(std::string_view text, unsigned line) {
    std::size_t start = 0;
    for (; line > 0; --line) {
        const std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos) {
            return text.size();
        }
        start = end + 1;
    }
    return start;
}

std::size_t lineEnd(std::string_view text, std::size_t start) {
    std::size_t end = std::min(text.find('\n', start), text.size());
    if (end > start && text[end - 1] == '\r') {
        --end;
    }
    return end;
}

std::size_t offsetAt(std::string_view text, const json& position, Encoding encoding) {
    std::size_t at = lineStart(text, number(field(position, "line")));
    const std::size_t end = lineEnd(text, at);
    for (unsigned left = number(field(position, "character")); left > 0 && at < end;) {
        const std::size_t bytes = std::min(encoding == Encoding::Utf8 ? 1 : lengthOf(text[at]), end - at);
        left -= std::min(left, unitsOf(bytes, encoding));
        at += bytes;
    }
    return at;
}

json positionAt(std::string_view text, std::size_t offset, Encoding encoding) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t start = before.rfind('\n') + 1; // npos + 1 = 0
    unsigned character = 0;
    for (std::size_t at = start; at < before.size();) {
        const std::size_t bytes = encoding == Encoding::Utf8 ? 1 : lengthOf(before[at]);
        character += unitsOf(bytes, encoding);
        at += bytes;
    }
    return {{"line", std::count(before.begin(), before.end(), '\n')}, {"character", character}};
}

json rangeIn(std::string_view text, const support::SourceRange& range, Encoding encoding) {
    const unsigned line = range.line > 0 ? range.line - 1 : 0;
    const std::size_t start = lineStart(text, line);
    const std::size_t end = lineEnd(text, start);
    std::size_t from = start;
    std::size_t to = end;
    if (range.column > 0) {
        from = std::min(start + range.column - 1, end);
        const bool hasEnd = range.endLine > range.line || (range.endLine == range.line && range.endColumn > range.column);
        const std::size_t last = hasEnd ? lineStart(text, range.endLine - 1) : start;
        to = hasEnd ? std::min(last + (range.endColumn > 0 ? range.endColumn - 1 : 0), lineEnd(text, last)) : from + 1;
        to = std::min(to, text.size());
    } else {
        while (from < to && (text[from] == ' ' || text[from] == '\t')) {
            ++from;
        }
    }
    return {{"start", positionAt(text, from, encoding)}, {"end", positionAt(text, std::max(from, to), encoding)}};
}

std::string_view wordAt(std::string_view text, std::size_t offset) {
    std::size_t from = std::min(offset, text.size());
    std::size_t to = from;
    while (from > 0 && isLetter(text[from - 1])) {
        --from;
    }
    while (to < text.size() && isLetter(text[to])) {
        ++to;
    }
    return text.substr(from, to - from);
}

} // namespace rbpf::language
