// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/port_access.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rbpf::transport {

namespace {

bool isMember(gid_t wanted) {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    const int count = getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    return getegid() == wanted || std::count(groups.begin(), groups.end(), wanted) != 0;
}

bool isOnRecord(const group* entry, const std::string& user) {
    for (char** member = entry != nullptr ? entry->gr_mem : nullptr; member != nullptr && *member != nullptr;
         ++member) {
        if (user == *member) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string accessFix(const AccessFacts& facts) {
    const std::string plug =
        facts.rulesAreInstalled
            ? "plug the board in again: the udev rules are installed, but the port was there before them"
            : "run `rbpf udev install`, then plug the board in again";
    if (!facts.groupMayUse) {
        return plug;
    }
    if (facts.memberOnRecord && !facts.member) {
        return "log out and in again: you have joined the group " + facts.group + " since you logged in";
    }
    return "run `sudo adduser " + (facts.user.empty() ? "$USER" : facts.user) + " " + facts.group +
           "`, then log in again; or " + plug;
}

std::optional<support::Error> accessProblem(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0 || access(path.c_str(), R_OK | W_OK) == 0) {
        return std::nullopt;
    }
    AccessFacts facts;
    const passwd* user = getpwuid(getuid());
    facts.user = user != nullptr ? user->pw_name : "";
    const group* entry = getgrgid(status.st_gid);
    facts.group = entry != nullptr ? entry->gr_name : std::to_string(status.st_gid);
    constexpr mode_t kBoth = S_IRGRP | S_IWGRP;
    facts.groupMayUse = (status.st_mode & kBoth) == kBoth && status.st_gid != 0;
    facts.memberOnRecord = isOnRecord(entry, facts.user);
    facts.member = isMember(status.st_gid);
    facts.rulesAreInstalled = access(kUdevRules, F_OK) == 0;
    return support::Error{support::ErrorKind::Link, path + ": you may not open this port", accessFix(facts)};
}

} // namespace rbpf::transport
