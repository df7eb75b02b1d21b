// SPDX-License-Identifier: GPL-3.0-or-later
// Which process holds a tty, for error messages.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace rbpf::transport {

struct Holder {
    pid_t pid = 0;
    std::string program; ///< as the kernel names the process, at most 15 characters
};

/// "1234 (minicom)".
[[nodiscard]] std::string holderText(const Holder& holder);

/// The process that has an flock() on the file open as `fd`.
[[nodiscard]] std::optional<Holder> lockHolder(int fd);

/// Another process that has the device at `path` open, as far as we may look.
[[nodiscard]] std::optional<Holder> openHolder(const std::string& path);

} // namespace rbpf::transport
