// SPDX-License-Identifier: GPL-3.0-or-later
// What travels with the SDK: headers/ and templates/.
#pragma once

#include <filesystem>

namespace rbpf::project {

/// $RBPF_HEADERS or $RBPF_TEMPLATES, else ../share/rbpf/<name> beside the running program, else the source tree.
[[nodiscard]] std::filesystem::path headersFolder();
[[nodiscard]] std::filesystem::path templatesFolder();

} // namespace rbpf::project
