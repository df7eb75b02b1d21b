// SPDX-License-Identifier: GPL-3.0-or-later
// When a program that is started again after it has ended stays down: after four ends within a minute.
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
    [[nodiscard]] bool areTooMany() const { return latest_.size() == kMost; }

private:
    static constexpr std::size_t kMost = 4;
    static constexpr std::chrono::seconds kWithin{60};
    std::deque<std::chrono::steady_clock::time_point> latest_;
};

} // namespace rbpf::language
