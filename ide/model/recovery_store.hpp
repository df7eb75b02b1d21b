// SPDX-License-Identifier: GPL-3.0-or-later
// Unsaved text on disk, in the user's state folder: each running Studio has a folder of its own below that of the
// project, and a lock beside it that ends with the process. A folder whose lock is free was left by a Studio that was
// killed; one whose lock is held belongs to another Studio that has the same project open.
#pragma once

#include <QLockFile>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::model {

/// The text of a file as it stood in an editor of a Studio that did not come to save it.
struct KeptText {
    QString path;
    QString text;
    QString when; ///< the time of day, or date and time if that was not today
    std::filesystem::path entry;
    std::shared_ptr<QLockFile> owner; ///< holds off other Studios as long as this offer stands
};

class RecoveryStore {
public:
    ~RecoveryStore();

    struct Found {
        std::vector<KeptText> left;
        QStringList others; ///< Studios that have the project open, in words
    };
    /// Takes a folder for the texts of `project`, and looks what other Studios left. Closes what was open before.
    [[nodiscard]] support::Result<Found> open(const std::filesystem::path& project);
    /// Ends cleanly: nothing stays.
    void close();
    /// What is unsaved now, by absolute path, all of it; what was kept and is no longer here is forgotten.
    [[nodiscard]] support::Result<void> keep(const std::map<std::string, std::string>& unsaved);
    /// An offer that was answered.
    static void forget(const KeptText& kept);

private:
    std::filesystem::path folder_; ///< "" = not open
    std::unique_ptr<QLockFile> lock_;
    std::map<std::string, std::string> kept_; ///< as on disk
};

} // namespace rbpf::model
