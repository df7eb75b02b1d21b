// SPDX-License-Identifier: GPL-3.0-or-later
// Files of a project that are made, renamed and removed. Off the window's thread.
#pragma once

#include <filesystem>

#include "sdk/support/error.hpp"

namespace rbpf::model {

/// "sensor.c", no path; the hint says what is allowed.
[[nodiscard]] support::Result<void> checkName(const std::string& name);

// What is there already is never replaced.
[[nodiscard]] support::Result<void> makeFile(const std::filesystem::path& path);
[[nodiscard]] support::Result<void> makeFolder(const std::filesystem::path& path);
[[nodiscard]] support::Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to);
/// To where the desktop keeps what was thrown away, so that it can be taken back.
[[nodiscard]] support::Result<void> throwAway(const std::filesystem::path& path);

} // namespace rbpf::model
