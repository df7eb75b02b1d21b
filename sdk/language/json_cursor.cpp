// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/json_cursor.hpp"

#include <algorithm>
#include <optional>

namespace rbpf::language {

namespace {

/// Deeper than any rbpf.json goes.
constexpr std::size_t kDeepest = 64;

class Scanner {
public:
    Scanner(std::string_view text, std::size_t offset) : text_(text), offset_(std::min(offset, text.size())) {}

    JsonCursor run() {
        for (std::size_t at = 0; at < text_.size() && stack_.size() < kDeepest;) {
            if (std::string_view(" \t\r\n").find(text_[at]) != std::string_view::npos) {
                ++at;
                continue;
            }
            const std::size_t end = tokenEnd(at);
            const bool isPunctuation = end == at + 1 && std::string_view("{}[],:").find(text_[at]) != std::string_view::npos;
            if (!found_ && offset_ <= (isPunctuation ? at : end)) {
                const bool isInside = !isPunctuation && offset_ >= at;
                capture(isInside ? at : offset_, isInside ? end : offset_);
            }
            if (isPunctuation) {
                punctuation(text_[at]);
            } else {
                word(at, end);
            }
            at = end;
        }
        if (!found_) {
            capture(offset_, offset_);
        }
        while (!stack_.empty()) {
            pop();
        }
        if (found_->isKey && found_->end > found_->start) {
            found_->siblings.erase(std::string(unquoted(text_.substr(found_->start, found_->end - found_->start))));
            const std::size_t next = text_.find_first_not_of(" \t\r\n", found_->end);
            found_->hasColon = next != std::string_view::npos && text_[next] == ':';
        }
        return *found_;
    }

private:
    struct Frame {
        bool isObject = false;
        bool expectsKey = false;
        std::string key;
        unsigned index = 0;
        std::set<std::string> keys;
    };

    [[nodiscard]] std::size_t tokenEnd(std::size_t at) const {
        if (text_[at] == '"') {
            std::size_t end = at + 1;
            while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') {
                end += text_[end] == '\\' ? 2 : 1;
            }
            return std::min(end < text_.size() && text_[end] == '"' ? end + 1 : end, text_.size());
        }
        const std::size_t end = std::min(text_.find_first_of(" \t\r\n,:[]{}\"", at), text_.size());
        return std::max(end, at + 1);
    }

    void capture(std::size_t start, std::size_t end) {
        JsonCursor cursor;
        cursor.start = start;
        cursor.end = end;
        cursor.isKey = !stack_.empty() && stack_.back().isObject && stack_.back().expectsKey;
        for (std::size_t at = 0; at < stack_.size(); ++at) {
            if (at + 1 < stack_.size() || !cursor.isKey) {
                const Frame& frame = stack_[at];
                cursor.path.push_back(frame.isObject ? frame.key : std::to_string(frame.index));
            }
        }
        depth_ = stack_.size();
        found_ = std::move(cursor);
    }

    void word(std::size_t at, std::size_t end) {
        if (!stack_.empty() && stack_.back().isObject && stack_.back().expectsKey) {
            stack_.back().key = unquoted(text_.substr(at, end - at));
            stack_.back().keys.insert(stack_.back().key);
        }
    }

    void punctuation(char letter) {
        if (letter == '{' || letter == '[') {
            stack_.push_back({letter == '{', letter == '{', {}, 0, {}});
        } else if (stack_.empty()) {
            return;
        } else if (letter == '}' || letter == ']') {
            pop();
        } else if (letter == ':') {
            stack_.back().expectsKey = false;
        } else {
            stack_.back().expectsKey = stack_.back().isObject;
            ++stack_.back().index;
        }
    }

    void pop() {
        if (found_ && found_->isKey && stack_.size() == depth_) {
            found_->siblings = std::move(stack_.back().keys);
            depth_ = 0; // another object of this depth is another's
        }
        stack_.pop_back();
    }

    std::string_view text_;
    std::size_t offset_;
    std::vector<Frame> stack_;
    std::optional<JsonCursor> found_;
    std::size_t depth_ = 0;
};

} // namespace

JsonCursor jsonCursorAt(std::string_view text, std::size_t offset) {
    return Scanner(text, offset).run();
}

std::string_view unquoted(std::string_view token) {
    if (token.starts_with('"')) {
        token.remove_prefix(1);
        if (token.ends_with('"')) {
            token.remove_suffix(1);
        }
    }
    return token;
}

} // namespace rbpf::language
