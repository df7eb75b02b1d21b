// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/sources.hpp"

#include <algorithm>

namespace rbpf::dap {

namespace fs = std::filesystem;

fs::path Sources::absolute(const std::string& file) const {
    return (fs::path(file).is_absolute() || folder_.empty() ? fs::path(file) : folder_ / file).lexically_normal();
}

std::string Sources::known(const std::string& path) const {
    const fs::path wanted = absolute(path);
    const auto same = [&](const std::string& file) {
        std::error_code code;
        const fs::path one = absolute(file);
        return one == wanted || fs::equivalent(one, wanted, code); // reached through a link
    };
    const auto found = std::find_if(files_.begin(), files_.end(), same);
    return found == files_.end() ? path : *found;
}

bool Sources::contains(const std::string& path) const {
    return std::find(files_.begin(), files_.end(), known(path)) != files_.end();
}

nlohmann::json Sources::describe(const std::string& file) const {
    const fs::path path = absolute(file);
    nlohmann::json source{{"name", path.filename().string()}, {"path", path.string()}};
    std::error_code code;
    if (!fs::exists(path, code)) {
        source["presentationHint"] = "deemphasize";
    }
    return source;
}

} // namespace rbpf::dap
