// SPDX-License-Identifier: GPL-3.0-or-later
// A text in all files of a project, as they stand in the editors where they are open, and what replacing it would make
// of them. No disk is written here.
#pragma once

#include <QString>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::model {

struct Search {
    QString text;
    QString replacement; ///< \1 … \9 are groups of a regular expression
    bool isRegex = false, isCaseSensitive = false, isWholeWord = false;
};

struct Hit {
    unsigned line = 0, column = 0; ///< from 1, in characters
    qsizetype offset = 0, length = 0;
    QString lineText;
    QString replacement; ///< for this one, groups filled in
};

struct FileHits {
    QString path;
    QString text; ///< that was searched
    std::vector<Hit> hits;
};

struct Found {
    std::vector<FileHits> files;
    bool areAll = true; ///< false: there were too many
};

/// `open`: texts of editors, by absolute path. May take long: off the window's thread. An Error: the expression is none.
[[nodiscard]] support::Result<Found> findInFiles(const std::filesystem::path& folder,
                                                 const std::map<std::string, std::string>& open, const Search& search);
/// The text with those hits replaced.
[[nodiscard]] QString replaced(const FileHits& file, const std::vector<bool>& chosen);

} // namespace rbpf::model
