// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rbpf::native {

namespace {

std::string reason(const std::string& what, const std::string& path) {
    return what + " " + path + ": " + std::strerror(errno);
}

bool writeAll(int file, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

tl::expected<std::string, std::string> readFile(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return tl::unexpected(reason("cannot read", path));
    }
    std::ostringstream text;
    text << file.rdbuf();
    if (file.bad()) {
        return tl::unexpected(reason("cannot read", path));
    }
    return text.str();
}

tl::expected<void, std::string> writeFileAtomically(const std::string& path, std::span<const std::uint8_t> bytes) {
    const std::string temporary = path + ".new";
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return tl::unexpected(reason("cannot write", temporary));
    }
    const bool written = writeAll(file, bytes) && ::fsync(file) == 0;
    const std::string failure = written ? "" : reason("cannot write", temporary);
    if (::close(file) != 0 || !written) {
        ::unlink(temporary.c_str());
        return tl::unexpected(failure.empty() ? reason("cannot write", temporary) : failure);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const std::string why = reason("cannot write", path);
        ::unlink(temporary.c_str());
        return tl::unexpected(why);
    }
    const std::string folder = path.find('/') == std::string::npos ? "." : path.substr(0, path.rfind('/') + 1);
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory); // the rename itself survives a power cut
        ::close(directory);
    }
    return {};
}

} // namespace rbpf::native
