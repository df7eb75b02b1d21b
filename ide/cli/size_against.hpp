// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf size --against` compares with: an image, a project, or a revision of the project in git.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "ide/cli/measured.hpp"
#include "ide/cli/temporary_folder.hpp"

namespace rbpf::cli {

struct Against {
    Measured measured;
    std::shared_ptr<TemporaryFolder> folder; ///< of a revision's sources, as long as they are looked at
};

/// `against`: an image, a project's folder, or "git:REV", which is `project` as it was then, built in a folder of its
/// own: the user's files, and git's, stay as they are.
[[nodiscard]] support::Result<Against> measureAgainst(const Console& console, const std::string& against,
                                                      const std::filesystem::path& project,
                                                      const std::stop_token& stop);

} // namespace rbpf::cli
