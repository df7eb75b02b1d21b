// SPDX-License-Identifier: GPL-3.0-or-later
// From /proc: proc(5), locks and [pid]/fd.
#include "debugger/transport/port_holder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

namespace rbpf::transport {

namespace fs = std::filesystem;

namespace {

Holder holderOf(pid_t pid) {
    Holder holder{pid, "unknown"};
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::getline(file, holder.program);
    return holder;
}

} // namespace

std::string holderText(const Holder& holder) {
    return std::to_string(holder.pid) + " (" + holder.program + ")";
}

std::optional<Holder> lockHolder(int fd) {
    struct stat status{};
    if (fstat(fd, &status) != 0) {
        return std::nullopt;
    }
    // "1: FLOCK  ADVISORY  WRITE 1234 00:18:5 0 EOF": the inode is unique enough within the device files.
    const std::string inode = ":" + std::to_string(status.st_ino);
    std::ifstream locks("/proc/locks");
    std::string line;
    while (std::getline(locks, line)) {
        std::istringstream words(line);
        std::string index, kind, mode, access, place;
        pid_t pid = 0;
        words >> index >> kind >> mode >> access >> pid >> place;
        if (kind == "FLOCK" && place.ends_with(inode) && pid > 0) {
            return holderOf(pid);
        }
    }
    return std::nullopt;
}

std::optional<Holder> openHolder(const std::string& path) {
    std::error_code error;
    const fs::path device = fs::canonical(path, error);
    if (error) {
        return std::nullopt;
    }
    for (fs::directory_iterator process("/proc", error), end; !error && process != end; process.increment(error)) {
        const pid_t pid = static_cast<pid_t>(std::strtol(process->path().filename().c_str(), nullptr, 10));
        if (pid <= 0 || pid == getpid()) {
            continue;
        }
        std::error_code denied; // other users' processes do not let us look
        for (fs::directory_iterator fd(process->path() / "fd", denied), last; !denied && fd != last;
             fd.increment(denied)) {
            std::error_code gone;
            if (fs::read_symlink(fd->path(), gone) == device) {
                return holderOf(pid);
            }
        }
    }
    return std::nullopt;
}

} // namespace rbpf::transport
