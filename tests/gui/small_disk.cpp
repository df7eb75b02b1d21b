// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/small_disk.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace rbpf::gui {

namespace {

/// Root of a user namespace, for whoever is not root.
bool becomeRoot(uid_t user, gid_t group) {
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    return geteuid() == 0;
}

} // namespace

std::string mountSmallDisk(const std::string& folder, unsigned kilobytes) {
    std::filesystem::create_directories(folder);
    const uid_t user = geteuid();
    const gid_t group = getegid();
    if (unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0 || (user != 0 && !becomeRoot(user, group))) {
        return std::string("no namespace of one's own: ") + std::strerror(errno);
    }
    const std::string size = "size=" + std::to_string(kilobytes) + "k";
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("small", folder.c_str(), "tmpfs", 0, size.c_str()) != 0) {
        return std::string("no disk can be mounted: ") + std::strerror(errno);
    }
    return {};
}

bool setReadOnly(const std::string& folder, bool isReadOnly) {
    return mount(nullptr, folder.c_str(), nullptr, isReadOnly ? MS_REMOUNT | MS_BIND | MS_RDONLY : MS_REMOUNT | MS_BIND, nullptr) == 0;
}

bool fill(const std::string& file) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const std::array<char, 512> block{};
    ssize_t written = 0;
    do {
        written = write(descriptor, block.data(), block.size());
    } while (written > 0);
    const bool isFull = errno == ENOSPC;
    close(descriptor);
    return isFull;
}

} // namespace rbpf::gui
