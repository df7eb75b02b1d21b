// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/runtime_dir.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace rbpf::transport {

using support::ErrorKind;

namespace {

std::filesystem::path fallbackPath() {
    return "/tmp/rbpf-" + std::to_string(getuid());
}

} // namespace

std::filesystem::path runtimeDirPath() {
    const char* own = std::getenv("RBPF_RUNTIME_DIR");
    if (own != nullptr && *own != 0) {
        return own;
    }
    const char* session = std::getenv("XDG_RUNTIME_DIR");
    if (session != nullptr && *session != 0) {
        return std::filesystem::path(session) / "rbpf";
    }
    return fallbackPath();
}

support::Result<std::filesystem::path> runtimeDir() {
    const std::filesystem::path path = runtimeDirPath();
    constexpr const char* kHint = "set RBPF_RUNTIME_DIR to a folder of your own";
    std::error_code ignored; // mkdir tells
    std::filesystem::create_directories(path.parent_path(), ignored);
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return support::fail(ErrorKind::Io, path.string() + ": " + std::strerror(errno), kHint);
    }
    struct stat status{};
    // In /tmp anybody could have put a link there first.
    const bool exists = (path == fallbackPath() ? lstat : stat)(path.c_str(), &status) == 0;
    if (!exists || !S_ISDIR(status.st_mode)) {
        return support::fail(ErrorKind::Io, path.string() + ": not a folder", kHint);
    }
    if (status.st_uid != getuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return support::fail(ErrorKind::Io, path.string() + ": the folder is not yours alone", kHint);
    }
    return path;
}

} // namespace rbpf::transport
