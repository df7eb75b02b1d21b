// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_projects.hpp"

#include <set>
#include <vector>

#include "sdk/language/clangd.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/project/code_files.hpp"
#include "sdk/project/compile_commands.hpp"

namespace rbpf::language {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

bool isWithin(const std::string& folder, const std::string& file) {
    return file.starts_with(folder + "/");
}

} // namespace

std::string projectOf(const std::string& file) {
    std::error_code code;
    for (fs::path folder = fs::path(file).parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::is_regular_file(folder / project::kConfigName, code)) {
            return folder;
        }
    }
    return {};
}

void Projects::giveCommand(const project::Project& project, const std::string& file) {
    clangd_("workspace/didChangeConfiguration", compileParameters(file, project.folder, project::compileCommand(project, file)));
}

void Projects::open(const Text& text, const Texts& texts) {
    const std::string folder = projectOf(text.file);
    if (hidden_.erase(text.file) > 0) {
        clangd_("textDocument/didClose", {{"textDocument", {{"uri", uriOf(text.file)}}}});
    }
    if (!folder.empty()) {
        giveCommand(project::loadOrDefault(folder), text.file);
    }
    clangd_("textDocument/didOpen",
            {{"textDocument", {{"uri", text.uri}, {"languageId", text.languageId}, {"version", text.version}, {"text", text.text}}}});
    if (!folder.empty()) {
        readHidden(folder, texts);
    }
}

void Projects::close(const Text& text, const Texts& texts) {
    clangd_("textDocument/didClose", {{"textDocument", {{"uri", text.uri}}}});
    std::set<std::string> used;
    for (const auto& [file, other] : texts.all()) {
        used.insert(projectOf(file));
    }
    if (const std::string folder = projectOf(text.file); !folder.empty() && used.contains(folder)) {
        readHidden(folder, texts);
    }
    closeHidden([&](const std::string&, const Hidden& one) { return !used.contains(one.folder); });
}

template <typename Gone>
void Projects::closeHidden(Gone isGone) {
    std::erase_if(hidden_, [&](const auto& known) {
        const bool goes = isGone(known.first, known.second);
        if (goes) {
            clangd_("textDocument/didClose", {{"textDocument", {{"uri", uriOf(known.first)}}}});
        }
        return goes;
    });
}

void Projects::readHidden(const std::string& folder, const Texts& texts) {
    const project::Project project = project::loadOrDefault(folder);
    std::set<std::string> files = project::codeFiles(project);
    // A project within this one has its own settings.
    std::erase_if(files, [&](const std::string& file) { return isWithin(folder, file) && projectOf(file) != folder; });
    for (const std::string& file : files) {
        const auto text = texts.byFile(file) == nullptr ? project::readCode(file) : support::fail(support::ErrorKind::Io, "");
        const auto [known, isNew] = text ? hidden_.try_emplace(file, Hidden{folder, *text}) : std::pair(hidden_.end(), false);
        if (isNew) {
            giveCommand(project, file);
            clangd_("textDocument/didOpen",
                    {{"textDocument", {{"uri", uriOf(file)}, {"languageId", "c"}, {"version", 0}, {"text", *text}}}});
        } else if (known != hidden_.end() && known->second.text != *text) {
            known->second.text = *text;
            clangd_("textDocument/didChange", {{"textDocument", {{"uri", uriOf(file)}, {"version", ++known->second.version}}},
                                               {"contentChanges", json::array({{{"text", *text}}})}});
        }
    }
    closeHidden([&](const std::string& file, const Hidden& one) { return one.folder == folder && !files.contains(file); });
}

void Projects::refresh(const std::string& folder, const Texts& texts) {
    const project::Project project = project::loadOrDefault(folder);
    for (const auto& [file, text] : texts.all()) {
        if (kindOf(text) == Kind::Code && projectOf(file) == folder) {
            giveCommand(project, file);
        }
    }
    for (const auto& [file, one] : hidden_) {
        if (one.folder == folder) {
            giveCommand(project, file);
        }
    }
    readHidden(folder, texts);
}

void Projects::openAgain(const Texts& texts) {
    hidden_.clear();
    for (const auto& [file, text] : texts.all()) {
        if (kindOf(text) == Kind::Code) {
            open(text, texts);
        }
    }
}

} // namespace rbpf::language
