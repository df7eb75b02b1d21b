// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/templates.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>

#include "sdk/project/config.hpp"
#include "sdk/project/json_places.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::project {

namespace {

namespace fs = std::filesystem;
using support::ErrorKind;
using support::Result;

/// The first paragraph that is no heading, its lines joined.
std::string firstParagraph(const std::string& markdown) {
    std::istringstream lines(markdown);
    std::string paragraph;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#' || line.starts_with("<!--")) {
            if (!paragraph.empty()) {
                break;
            }
            continue;
        }
        paragraph += (paragraph.empty() ? "" : " ") + line;
    }
    return paragraph;
}

/// rbpf.json with another name, everything else as it was.
std::string renamed(const std::string& text, const std::string& name) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("name") || !json["name"].is_string()) {
        return text;
    }
    const Place place = locate(text).value("/name");
    std::size_t offset = 0;
    for (unsigned line = 1; line < place.line; ++line) {
        offset = text.find('\n', offset) + 1;
    }
    offset += place.column - 1;
    const std::size_t end = text.find('"', offset + 1) + 1;
    return text.substr(0, offset) + nlohmann::json(name).dump() + text.substr(end);
}

Result<void> copyInto(const fs::path& from, const fs::path& to) {
    std::error_code code;
    fs::create_directories(to, code);
    for (fs::recursive_directory_iterator entry(from, code), end; !code && entry != end; entry.increment(code)) {
        const fs::path target = to / entry->path().lexically_relative(from);
        std::error_code ignored;
        if (entry->is_directory(ignored)) {
            if (entry->path().filename() == "build" && entry.depth() == 0) {
                entry.disable_recursion_pending();
                continue;
            }
            fs::create_directories(target, code);
        } else {
            const auto content = support::readBytes(entry->path());
            if (!content) {
                return tl::unexpected(content.error());
            }
            if (const auto written = support::writeAtomically(target, *content); !written) {
                return written;
            }
        }
        if (code) {
            break;
        }
    }
    if (code) {
        return support::fail(ErrorKind::Io, "cannot write " + to.string() + ": " + code.message());
    }
    return {};
}

Result<void> setName(const fs::path& folder, const std::string& name) {
    const auto text = support::readText(folder / kConfigName);
    if (!text) {
        return tl::unexpected(text.error());
    }
    return support::writeAtomically(folder / kConfigName, renamed(*text, name));
}

} // namespace

Result<std::vector<Template>> templates() {
    const fs::path root = templatesFolder();
    std::vector<Template> found;
    std::error_code code;
    for (fs::directory_iterator entry(root, code), end; !code && entry != end; entry.increment(code)) {
        std::error_code ignored;
        if (fs::exists(entry->path() / kConfigName, ignored)) {
            std::string readme = support::readText(entry->path() / "README.md").value_or("");
            found.push_back({entry->path().filename(), firstParagraph(readme), entry->path(), std::move(readme)});
        }
    }
    if (code) {
        return support::fail(ErrorKind::Io, root.string() + ": the templates are not here",
                             "set RBPF_TEMPLATES to the folder that holds them");
    }
    std::ranges::sort(found, {}, &Template::name);
    return found;
}

Result<std::string> create(const std::string& templateName, const fs::path& folder) {
    const auto all = templates();
    if (!all) {
        return tl::unexpected(all.error());
    }
    const auto chosen = std::ranges::find(*all, templateName, &Template::name);
    if (chosen == all->end()) {
        std::vector<std::string_view> names;
        for (const Template& one : *all) {
            names.push_back(one.name);
        }
        const auto meant = support::closest(templateName, names);
        return support::fail(ErrorKind::Usage, "there is no template \"" + templateName + "\"",
                             meant ? "did you mean \"" + *meant + "\"?" : "`rbpf templates` lists them");
    }
    std::error_code code;
    const bool existed = fs::exists(folder, code);
    if (existed && (!fs::is_directory(folder, code) || !fs::is_empty(folder, code))) {
        return support::fail(ErrorKind::Usage, folder.string() + ": this folder is not empty",
                             "name a new folder; nothing was changed");
    }
    // "demo/" and "." end without a file name.
    const fs::path whole = fs::absolute(folder, code).lexically_normal();
    std::string name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
    if (!parseConfig(nlohmann::json{{"name", name}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "")
             .config) {
        name = templateName;
    }
    auto done = copyInto(chosen->folder, folder);
    if (done) {
        done = setName(folder, name);
    }
    if (!done) {
        if (existed) {
            for (const auto& entry : fs::directory_iterator(folder, code)) {
                std::error_code ignored;
                fs::remove_all(entry.path(), ignored);
            }
        } else {
            fs::remove_all(folder, code);
        }
        return tl::unexpected(done.error());
    }
    return name;
}

} // namespace rbpf::project
