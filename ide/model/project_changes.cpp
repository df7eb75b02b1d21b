// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/project_changes.hpp"

#include <QFile>

#include "sdk/support/files.hpp"

namespace rbpf::model {

namespace fs = std::filesystem;

namespace {

tl::unexpected<support::Error> refuse(const fs::path& path, const std::string& why, const char* hint = "") {
    return support::fail(support::ErrorKind::Io, path.string() + ": " + why, hint);
}

support::Result<void> isFree(const fs::path& path) {
    std::error_code code;
    if (fs::exists(fs::symlink_status(path, code))) {
        return refuse(path, "there is such a file already", "choose another name");
    }
    return {};
}

} // namespace

support::Result<void> checkName(const std::string& name) {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos || name.find('\0') != std::string::npos) {
        return refuse(name, "is no name for a file", "a name like sensor.c, without slashes");
    }
    return {};
}

support::Result<void> makeFile(const fs::path& path) {
    const auto free = isFree(path);
    return free ? support::writeAtomically(path, std::string_view()) : free;
}

support::Result<void> makeFolder(const fs::path& path) {
    if (const auto free = isFree(path); !free) {
        return free;
    }
    std::error_code code;
    fs::create_directory(path, code);
    return code ? support::Result<void>(refuse(path, code.message())) : support::Result<void>();
}

support::Result<void> rename(const fs::path& from, const fs::path& to) {
    if (const auto free = isFree(to); !free) {
        return free;
    }
    std::error_code code;
    fs::rename(from, to, code);
    return code ? support::Result<void>(refuse(from, "cannot be renamed: " + code.message())) : support::Result<void>();
}

support::Result<void> throwAway(const fs::path& path) {
    QFile file(QString::fromStdString(path.string()));
    if (!file.moveToTrash()) {
        return refuse(path, "cannot be moved to the wastebasket: " + file.errorString().toStdString(),
                      "nothing was removed; a file manager or rm can do it for good");
    }
    return {};
}

} // namespace rbpf::model
