// SPDX-License-Identifier: GPL-3.0-or-later
// Whole files in, whole files out. Errors (kind Io) name the path and the cause in words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::support {

[[nodiscard]] Result<std::vector<std::uint8_t>> readBytes(const std::filesystem::path& path);
[[nodiscard]] Result<std::string> readText(const std::filesystem::path& path);

/// Writes beside the file, then renames: whoever reads finds the old or the new content, never a part. Creates missing
/// folders; keeps permissions and symbolic links, and does not write what is write-protected.
[[nodiscard]] Result<void> writeAtomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
[[nodiscard]] Result<void> writeAtomically(const std::filesystem::path& path, std::string_view text);

/// The folder of the running program, links resolved; what comes with the SDK is found from here.
[[nodiscard]] std::filesystem::path programFolder();

} // namespace rbpf::support
