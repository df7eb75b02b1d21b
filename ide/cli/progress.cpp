// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/progress.hpp"

#include <cstdio>
#include <fmt/format.h>

namespace rbpf::cli {

void Progress::show(std::size_t done, std::size_t total) {
    if (!isShown_ || total == 0) {
        return;
    }
    constexpr std::size_t kWidth = 30;
    const std::size_t filled = done >= total ? kWidth : done * kWidth / total;
    const std::string bar = std::string(filled, '=') + std::string(kWidth - filled, ' ');
    fmt::print(stderr, "\r{} [{}] {}/{} {}", what_, bar, done, total, unit_);
    std::fflush(stderr);
    isDrawn_ = true;
}

void Progress::clear() {
    if (isDrawn_) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
        isDrawn_ = false;
    }
}

} // namespace rbpf::cli
