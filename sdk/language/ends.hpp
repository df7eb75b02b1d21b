// SPDX-License-Identifier: GPL-3.0-or-later
// When a program that has ended is started again: at once, then after longer and longer pauses; after four ends within
// five minutes it stays down.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace rbpf::language {

class Ends {
public:
    void add() {
        const auto now = std::chrono::steady_clock::now();
        latest_.push_front(now);
        while (latest_.size() > kMost || latest_.back() + kWithin < now) {
            latest_.pop_back();
        }
    }
    /// Starting it again would not help.
    void exhaust() { latest_.assign(kMost, std::chrono::steady_clock::now()); }
    void clear() { latest_.clear(); }
    /// Before it is started again.
    [[nodiscard]] std::chrono::milliseconds pause() const {
        return latest_.size() < 2 ? std::chrono::milliseconds(0) : kFirstPause * (1 << (2 * (latest_.size() - 2)));
    }
    [[nodiscard]] bool areTooMany() const { return latest_.size() == kMost; }

private:
    static constexpr std::size_t kMost = 4;
    static constexpr std::chrono::seconds kWithin{300};
    static constexpr std::chrono::milliseconds kFirstPause{500};
    std::deque<std::chrono::steady_clock::time_point> latest_;
};

} // namespace rbpf::language
