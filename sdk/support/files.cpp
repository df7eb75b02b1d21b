// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rbpf::support {

namespace {

/// Closes on every way out; a failed close is asked for by name where it matters.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }
    int close() {
        const int result = number_ < 0 ? 0 : ::close(number_);
        number_ = -1;
        return result;
    }

private:
    int number_;
};

std::string cause(int number) {
    switch (number) {
    case ENOENT:
        return "there is no such file";
    case EACCES:
    case EPERM:
        return "permission denied";
    case EISDIR:
        return "it is a folder";
    case ENOTDIR:
        return "a part of the path is not a folder";
    case ENOSPC:
        return "the disk is full";
    case EROFS:
        return "the file system is read-only";
    default:
        return std::strerror(number);
    }
}

tl::unexpected<Error> failed(const char* verb, const std::filesystem::path& path, int number) {
    return fail(ErrorKind::Io, std::string("cannot ") + verb + " " + path.string() + ": " + cause(number));
}

bool writeAll(int descriptor, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

template <typename Container>
Result<Container> readWhole(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        return failed("read", path, errno);
    }
    Container content;
    struct stat status{};
    if (::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode)) {
        content.reserve(static_cast<std::size_t>(status.st_size));
    }
    char buffer[65536];
    for (;;) {
        const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return failed("read", path, errno);
        }
        if (count == 0) {
            return content;
        }
        content.insert(content.end(), buffer, buffer + count);
    }
}

} // namespace

Result<std::vector<std::uint8_t>> readBytes(const std::filesystem::path& path) {
    return readWhole<std::vector<std::uint8_t>>(path);
}

Result<std::string> readText(const std::filesystem::path& path) {
    return readWhole<std::string>(path);
}

Result<void> writeAtomically(const std::filesystem::path& given, std::span<const std::uint8_t> bytes) {
    std::error_code code;
    // A link stays one: its target is replaced.
    const std::filesystem::path target = std::filesystem::canonical(given, code);
    const std::filesystem::path& path = code ? given : target;
    code.clear();
    struct stat before{};
    const bool isThere = ::stat(path.c_str(), &before) == 0;
    if (isThere && ::access(path.c_str(), W_OK) != 0) {
        return failed("write", path, errno);
    }
    if (path.has_parent_path()) {
        std::filesystem::create_directories(path.parent_path(), code);
        if (code) {
            return failed("create the folder", path.parent_path(), code.value());
        }
    }
    const std::string pending = path.string() + "." + std::to_string(::getpid()) + ".tmp";
    Descriptor file(::open(pending.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.number() < 0) {
        return failed("write", path, errno);
    }
    const bool hasMode = !isThere || ::fchmod(file.number(), before.st_mode & 07777) == 0;
    if (!hasMode || !writeAll(file.number(), bytes) || file.close() != 0 || ::rename(pending.c_str(), path.c_str()) != 0) {
        const int number = errno;
        ::unlink(pending.c_str());
        return failed("write", path, number);
    }
    return {};
}

Result<void> writeAtomically(const std::filesystem::path& path, std::string_view text) {
    return writeAtomically(
        path, std::span<const std::uint8_t>(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::filesystem::path programFolder() {
    std::error_code code;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", code);
    return code ? std::filesystem::path() : program.parent_path();
}

} // namespace rbpf::support
