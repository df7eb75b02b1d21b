// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole files, written so that a reader sees the old or the new content and never half of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <tl/expected.hpp>

namespace rbpf::native {

/// The error is a sentence with the path and the system's reason.
tl::expected<std::string, std::string> readFile(const std::string& path);

/// Writes beside `path`, syncs, renames. On failure the earlier file is as it was.
tl::expected<void, std::string> writeFileAtomically(const std::string& path, std::span<const std::uint8_t> bytes);

} // namespace rbpf::native
