// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/json_places.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace rbpf::project {

namespace {

/// Deeper than any rbpf.json goes. Every value's pointer is as long as it is deep, so depth must have a bound.
constexpr std::size_t kDepthMax = 64;

/// An object or array that is open at the moment; a stack of these rather than recursion, so that depth costs no stack.
struct Level {
    bool isObject = false;
    std::string pointer;
    std::size_t index = 0; ///< of the next element
    std::string key;       ///< of the value being read
    bool wantsKey = false;
    std::set<std::string> seen;
};

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    Places run() {
        while (at_ < text_.size()) {
            step();
        }
        return std::move(places_);
    }

private:
    void step() {
        const char c = text_[at_];
        switch (c) {
        case '{':
        case '[':
            open(c == '{');
            break;
        case '}':
        case ']':
            if (!levels_.empty()) {
                levels_.pop_back();
            }
            advance();
            break;
        case ',':
            if (!levels_.empty()) {
                levels_.back().wantsKey = levels_.back().isObject;
                ++levels_.back().index;
            }
            advance();
            break;
        case '"':
            string();
            break;
        case ' ':
        case '\t':
        case '\r':
        case '\n':
        case ':':
            advance();
            break;
        default:
            value();
            while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) {
                advance();
            }
        }
    }

    void advance() {
        if (text_[at_++] == '\n') {
            ++here_.line;
            here_.column = 1;
        } else {
            ++here_.column;
        }
    }

    /// Pointer of the value that starts here.
    [[nodiscard]] std::string pointer() const {
        if (levels_.empty()) {
            return "";
        }
        const Level& level = levels_.back();
        return level.pointer + "/" + (level.isObject ? escaped(level.key) : std::to_string(level.index));
    }

    static std::string escaped(const std::string& key) {
        std::string text;
        for (const char c : key) {
            text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        }
        return text;
    }

    void value() { places_.values.emplace(pointer(), here_); }

    void open(bool isObject) {
        value();
        if (levels_.size() == kDepthMax) {
            at_ = text_.size(); // what is deeper gets no place
            return;
        }
        Level level;
        level.isObject = level.wantsKey = isObject;
        level.pointer = pointer();
        levels_.push_back(std::move(level));
        advance();
    }

    void string() {
        const Place start = here_;
        const std::size_t from = at_;
        advance();
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                advance();
            }
            advance();
        }
        if (at_ < text_.size()) {
            advance();
        }
        if (levels_.empty() || !levels_.back().wantsKey) {
            places_.values.emplace(pointer(), start);
            return;
        }
        Level& level = levels_.back();
        const auto key = nlohmann::json::parse(text_.substr(from, at_ - from), nullptr, false);
        level.key = key.is_string() ? key.get<std::string>() : std::string();
        level.wantsKey = false;
        places_.keys.emplace(pointer(), start);
        if (!level.seen.insert(level.key).second) {
            places_.keys[pointer()] = start;
            places_.repeated.push_back(pointer());
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Place here_;
    std::vector<Level> levels_;
    Places places_;
};

Place find(const std::map<std::string, Place>& places, const std::string& pointer) {
    const auto found = places.find(pointer);
    return found != places.end() ? found->second : Place{};
}

} // namespace

Place Places::value(const std::string& pointer) const {
    return find(values, pointer);
}
Place Places::key(const std::string& pointer) const {
    return find(keys, pointer);
}

Places locate(std::string_view text) {
    return Scanner(text).run();
}

Place placeOf(std::string_view text, std::size_t offset) {
    Place place;
    for (std::size_t at = 0; at < offset && at < text.size(); ++at) {
        place.column = text[at] == '\n' ? 1 : place.column + 1;
        place.line += text[at] == '\n' ? 1 : 0;
    }
    return place;
}

unsigned tokenBytes(std::string_view text, const Place& place) {
    std::size_t start = 0;
    for (unsigned line = 1; line < place.line; ++line) {
        start = text.find('\n', start) + 1; // npos + 1 = 0: no such line
    }
    start += place.column - 1;
    std::size_t end = start;
    if (start < text.size() && text[start] == '"') {
        do {
            end = text.find_first_of("\\\"\n", end + 1);
            end += end != std::string_view::npos && text[end] == '\\' ? 1 : 0;
        } while (end < text.size() && text[end] != '"' && text[end] != '\n');
        end = std::min(end, text.size());
        end += end < text.size() && text[end] == '"' ? 1 : 0;
    } else {
        end = std::min(text.find_first_of(" \t\r\n,:[]{}\"", std::min(start, text.size())), text.size());
    }
    return static_cast<unsigned>(end > start ? end - start : 1);
}

} // namespace rbpf::project
