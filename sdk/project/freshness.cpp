// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/freshness.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/stat.h>

#include "sdk/project/diagnostics.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::project {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// FNV-1a, 64 bits, with the length: against accidents, not against attackers. Content rather than times, because a
/// checkout or a fast editor can leave a time as it was.
std::string fingerprint(const fs::path& path) {
    const auto bytes = support::readBytes(path);
    if (!bytes) {
        return "absent";
    }
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::uint8_t byte : *bytes) {
        hash = (hash ^ byte) * 0x100000001b3u;
    }
    return fmt::format("{}-{:016x}", bytes->size(), hash);
}

/// This program: another compiler makes another image.
std::string builder() {
    struct stat status{};
    ::stat("/proc/self/exe", &status);
    return fmt::format("{} {} {}.{:09}", RBPF_VERSION, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

/// Paths inside of the project are kept relative, so that a project may be moved.
std::string shortened(const Project& project, const fs::path& path) {
    const fs::path relative = path.lexically_relative(project.folder);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

json sourceList(const Project& project) {
    json list = json::array();
    for (const fs::path& source : project.sources) {
        list.push_back(shortened(project, source));
    }
    return list;
}

} // namespace

std::optional<BuildRecord> freshBuild(const Project& project) {
    const auto text = support::readText(project.deps());
    if (!text) {
        return std::nullopt;
    }
    const json deps = json::parse(*text, nullptr, false);
    try {
        if (deps.at("builder") != builder() || deps.at("headers") != headersFolder().string() ||
            deps.at("sources") != sourceList(project)) {
            return std::nullopt;
        }
        for (const char* group : {"inputs", "outputs"}) {
            for (const auto& [path, expected] : deps.at(group).items()) {
                if (expected != fingerprint(project.folder / path)) {
                    return std::nullopt;
                }
            }
        }
        BuildRecord record{diagnosticsFromJson(deps.at("warnings")), {}};
        for (const json& one : deps.at("defined")) {
            record.defined.push_back({one.at("name"), one.at("file"), one.at("line")});
        }
        return record;
    } catch (const json::exception&) {
        return std::nullopt; // not a deps file of this version
    }
}

support::Result<void> recordBuild(const Project& project, const std::vector<std::string>& dependencies,
                                  const BuildRecord& record) {
    json deps;
    deps["builder"] = builder();
    deps["headers"] = headersFolder().string();
    deps["sources"] = sourceList(project);
    deps["inputs"][kConfigName] = fingerprint(project.configPath());
    for (const std::string& dependency : dependencies) {
        const std::string name = shortened(project, dependency);
        deps["inputs"][name] = fingerprint(project.folder / name);
    }
    for (const fs::path& output : {project.image(), project.debugElf()}) {
        deps["outputs"][shortened(project, output)] = fingerprint(output);
    }
    deps["warnings"] = toJson(record.warnings);
    deps["defined"] = json::array();
    for (const analyse::DefinedFunction& one : record.defined) {
        deps["defined"].push_back({{"name", one.name}, {"file", one.file}, {"line", one.line}});
    }
    return support::writeAtomically(project.deps(), deps.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

} // namespace rbpf::project
