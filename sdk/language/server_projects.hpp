// SPDX-License-Identifier: GPL-3.0-or-later
// Which project a file belongs to, and how the SDK's compiler sees it.
#pragma once

#include <string>
#include <vector>

namespace rbpf::language {

class Projects {
public:
    /// The nearest folder above the file with an rbpf.json; "" if there is none.
    [[nodiscard]] std::string folderOf(const std::string& file) const;
    /// The command line of a file in the project `folder`.
    [[nodiscard]] std::vector<std::string> commandOf(const std::string& folder, const std::string& file) const;
};

} // namespace rbpf::language
