// SPDX-License-Identifier: GPL-3.0-or-later
// What travels with the SDK: headers/, templates/ and the RIOT modules.
#pragma once

#include <filesystem>

namespace rbpf::project {

/// $RBPF_HEADERS, $RBPF_TEMPLATES or $RBPF_RIOT, else ../share/rbpf/<name> beside the running program, else the source tree.
[[nodiscard]] std::filesystem::path headersFolder();
[[nodiscard]] std::filesystem::path templatesFolder();
[[nodiscard]] std::filesystem::path riotFolder();

} // namespace rbpf::project
