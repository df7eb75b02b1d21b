// SPDX-License-Identifier: GPL-3.0-or-later
// Why a port may not be opened by this user, and the exact way out.
#pragma once

#include <optional>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::transport {

/// Where `rbpf udev install` puts its rules: before 73-seat-late.rules, which acts on the tag that they set.
inline constexpr const char* kUdevRules = "/etc/udev/rules.d/70-rbpf.rules";

struct AccessFacts {
    std::string user;            ///< "" if it has no name
    std::string group;           ///< the port's
    bool groupMayUse = false;    ///< its group may read and write it, and is not root's
    bool member = false;         ///< this process is in the group
    bool memberOnRecord = false; ///< the user is, as /etc/group says now
    bool rulesAreInstalled = false;
};

/// What to do, as a sentence without its full stop.
[[nodiscard]] std::string accessFix(const AccessFacts& facts);

/// Nullopt if this process may read and write the file at `path`, or if there is none. Else an Error of kind Link.
[[nodiscard]] std::optional<support::Error> accessProblem(const std::string& path);

} // namespace rbpf::transport
