// SPDX-License-Identifier: GPL-3.0-or-later
// Source files as the debugger shows them: numbered lines with a marker.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rbpf::cli::debug {

class Sources {
public:
    explicit Sources(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Lines without their ends; empty if the file cannot be read.
    [[nodiscard]] const std::vector<std::string>& lines(const std::string& file);
    /// Lines [first, last] as far as there are any, numbered from 1, `current` marked with "->". "" if there are none.
    [[nodiscard]] std::string excerpt(const std::string& file, unsigned first, unsigned last, unsigned current);
    /// "src/sensor.c:14"; "src/sensor.c" with line 0.
    [[nodiscard]] std::string place(const std::string& file, unsigned line) const;

private:
    std::filesystem::path folder_;
    std::map<std::string, std::vector<std::string>> files_;
};

} // namespace rbpf::cli::debug
