// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/explain_source.hpp"

#include <cctype>
#include <fstream>

namespace rbpf::session {

namespace {

bool isWord(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

/// Behind the bracket that closes the one at `at`; npos if it is not on this line.
std::size_t behindBracket(const std::string& line, std::size_t at) {
    int depth = 0;
    for (; at < line.size(); ++at) {
        depth += line[at] == '(' || line[at] == '[' ? 1 : 0;
        depth -= line[at] == ')' || line[at] == ']' ? 1 : 0;
        if (depth == 0) {
            return at + 1;
        }
    }
    return std::string::npos;
}

} // namespace

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::optional<std::string> sourceLine(const std::filesystem::path& root, const std::string& file, unsigned line) {
    const std::filesystem::path path(file);
    if (line == 0 || file.empty() || (root.empty() && path.is_relative())) {
        return std::nullopt;
    }
    std::ifstream in(path.is_absolute() ? path : root / path);
    std::string text;
    for (unsigned number = 0; number < line; ++number) {
        if (!std::getline(in, text)) {
            return std::nullopt;
        }
    }
    return text;
}

std::string expressionAt(const std::string& line, unsigned column) {
    if (column == 0 || column > line.size()) {
        return {};
    }
    std::size_t begin = column - 1;
    // The column of a subscript or member access may be its operator: the operand is what stands before it.
    while (begin < line.size() && std::string_view("*&!~-(").find(line[begin]) != std::string_view::npos) {
        ++begin;
    }
    if (begin >= line.size() || !isWord(line[begin])) {
        return {};
    }
    while (begin > 0 && (isWord(line[begin - 1]) || line[begin - 1] == '.' ||
                         (begin > 1 && line[begin - 1] == '>' && line[begin - 2] == '-') ||
                         (line[begin - 1] == '-' && line[begin] == '>'))) {
        --begin;
    }
    std::size_t end = begin;
    while (end < line.size()) {
        if (isWord(line[end]) || (line[end] == '.' && end + 1 < line.size() && isWord(line[end + 1]))) {
            ++end;
        } else if (line.compare(end, 2, "->") == 0) {
            end += 2;
        } else if (line[end] == '[' || line[end] == '(') {
            const std::size_t behind = behindBracket(line, end);
            if (behind == std::string::npos) {
                break;
            }
            end = behind;
        } else {
            break;
        }
    }
    while (begin > 0 && (line[begin - 1] == '*' || line[begin - 1] == '&')) {
        --begin;
    }
    return line.substr(begin, end - begin);
}

} // namespace rbpf::session
