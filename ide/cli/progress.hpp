// SPDX-License-Identifier: GPL-3.0-or-later
// A bar on the terminal while bytes travel or runs are made; nothing where standard error is not one.
#pragma once

#include <cstddef>
#include <string>

#include "ide/cli/console.hpp"

namespace rbpf::cli {

class Progress {
public:
    Progress(const Console& console, std::string what, std::string unit = "B")
        : isShown_(console.isTerminal()), what_(std::move(what)), unit_(std::move(unit)) {}
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::size_t done, std::size_t total);
    /// Before anything else is printed.
    void clear();

private:
    bool isShown_;
    bool isDrawn_ = false;
    std::string what_;
    std::string unit_;
};

} // namespace rbpf::cli
