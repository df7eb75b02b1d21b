// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/user_folders.hpp"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace rbpf::cli {

std::filesystem::path stateFolder() {
    const char* state = std::getenv("XDG_STATE_HOME");
    if (state != nullptr && *state == '/') {
        return std::filesystem::path(state) / "rbpf";
    }
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0') {
        const passwd* user = ::getpwuid(::getuid());
        home = user != nullptr ? user->pw_dir : "/tmp";
    }
    return std::filesystem::path(home) / ".local" / "state" / "rbpf";
}

} // namespace rbpf::cli
