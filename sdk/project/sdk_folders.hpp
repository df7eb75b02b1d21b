// SPDX-License-Identifier: GPL-3.0-or-later
// What travels with the SDK: headers/, templates/, the RIOT modules and the schema of rbpf.json.
#pragma once

#include <filesystem>

namespace rbpf::project {

/// $RBPF_HEADERS, $RBPF_TEMPLATES or $RBPF_RIOT, else ../share/rbpf/<name> beside the running program, else the source tree.
[[nodiscard]] std::filesystem::path headersFolder();
[[nodiscard]] std::filesystem::path templatesFolder();
[[nodiscard]] std::filesystem::path riotFolder();
/// The JSON schema of rbpf.json, in the same way: $RBPF_SCHEMA, share/rbpf/rbpf.schema.json, the source tree.
[[nodiscard]] std::filesystem::path schemaFile();

} // namespace rbpf::project
