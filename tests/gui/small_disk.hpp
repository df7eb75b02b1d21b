// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that is small enough to be filled, and can be made read-only, for this process and its children alone.
#pragma once

#include <string>

namespace rbpf::gui {

/// Mounts it at a folder that is made. In a namespace of its own: call before any thread is started. "": done; else why
/// the system does not let us.
[[nodiscard]] std::string mountSmallDisk(const std::string& folder, unsigned kilobytes);

/// Whether it is done.
[[nodiscard]] bool setReadOnly(const std::string& folder, bool isReadOnly);

/// Fills it to the last byte with a file, which is removed to make room again.
[[nodiscard]] bool fill(const std::string& file);

} // namespace rbpf::gui
