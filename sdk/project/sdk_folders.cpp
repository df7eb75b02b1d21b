// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/sdk_folders.hpp"

#include <cstdlib>

#include "sdk/support/files.hpp"

namespace rbpf::project {

namespace {

namespace fs = std::filesystem;

fs::path find(const char* variable, const char* name, const char* inSources = nullptr) {
    if (const char* given = std::getenv(variable); given != nullptr && *given != '\0') {
        return given;
    }
    std::error_code code;
    const fs::path installed = support::programFolder().parent_path() / "share" / "rbpf" / name;
    return fs::exists(installed, code) ? installed : fs::path(RBPF_SOURCE_ROOT) / (inSources != nullptr ? inSources : name);
}

} // namespace

fs::path headersFolder() {
    return find("RBPF_HEADERS", "headers");
}
fs::path templatesFolder() {
    return find("RBPF_TEMPLATES", "templates");
}

fs::path riotFolder() {
    return find("RBPF_RIOT", "firmware/riot");
}

fs::path schemaFile() {
    return find("RBPF_SCHEMA", "rbpf.schema.json", "sdk/project/rbpf.schema.json");
}

} // namespace rbpf::project
