// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/documents.hpp"

#include <algorithm>

#include "sdk/language/protocol.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;

bool isContinuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

json placeOf(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 = 0
    return {{"line", std::count(before.begin(), before.end(), '\n')}, {"character", offset - lineStart}};
}

json openParameters(const std::string& file, const Documents::Document& document) {
    return {{"textDocument",
             {{"uri", uriOf(file)}, {"languageId", "c"}, {"version", document.version}, {"text", document.text}}}};
}

} // namespace

json Documents::open(const std::string& file, std::string text) {
    return openParameters(file, all_[file] = {std::move(text), 1});
}

json Documents::openAgain(const std::string& file) const {
    return openParameters(file, all_.at(file));
}

std::optional<json> Documents::change(const std::string& file, std::string text) {
    Document& document = all_.at(file);
    const std::string& old = document.text;
    if (old == text) {
        return std::nullopt;
    }
    const std::size_t shorter = std::min(old.size(), text.size());
    std::size_t front = static_cast<std::size_t>(
        std::mismatch(old.begin(), old.begin() + static_cast<std::ptrdiff_t>(shorter), text.begin()).first - old.begin());
    // Never between the bytes of one letter.
    while (front > 0 && ((front < old.size() && isContinuation(old[front])) ||
                         (front < text.size() && isContinuation(text[front])))) {
        --front;
    }
    std::size_t back = 0;
    while (back < shorter - front && old[old.size() - 1 - back] == text[text.size() - 1 - back]) {
        ++back;
    }
    while (back > 0 && isContinuation(old[old.size() - back])) {
        --back;
    }
    json change = {{"range", {{"start", placeOf(old, front)}, {"end", placeOf(old, old.size() - back)}}},
                   {"text", text.substr(front, text.size() - front - back)}};
    document.text = std::move(text);
    ++document.version;
    return json{{"textDocument", {{"uri", uriOf(file)}, {"version", document.version}}},
                {"contentChanges", json::array({std::move(change)})}};
}

const Documents::Document* Documents::find(const std::string& file) const {
    const auto found = all_.find(file);
    return found != all_.end() ? &found->second : nullptr;
}

std::size_t offsetOf(std::string_view text, unsigned line, unsigned column) {
    std::size_t start = 0;
    for (unsigned at = 1; at < line; ++at) {
        const std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos) {
            return text.size();
        }
        start = end + 1;
    }
    return std::min(start + (column > 0 ? column - 1 : 0), text.size());
}

} // namespace rbpf::language
