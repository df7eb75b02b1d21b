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
        openHidden(folder, texts);
    }
}

void Projects::close(const Text& text, const Texts& texts) {
    clangd_("textDocument/didClose", {{"textDocument", {{"uri", text.uri}}}});
    const std::string folder = projectOf(text.file);
    bool isUsed = false;
    for (const auto& [file, other] : texts.all()) {
        isUsed = isUsed || isWithin(folder, file);
    }
    if (!folder.empty() && isUsed) {
        openHidden(folder, texts);
        return;
    }
    std::vector<std::string> gone;
    for (const auto& [file, known] : hidden_) {
        if (!folder.empty() && isWithin(folder, file)) {
            gone.push_back(file);
        }
    }
    for (const std::string& file : gone) {
        hide(file);
    }
}

void Projects::hide(const std::string& file) {
    hidden_.erase(file);
    clangd_("textDocument/didClose", {{"textDocument", {{"uri", uriOf(file)}}}});
}

void Projects::openHidden(const std::string& folder, const Texts& texts) {
    const project::Project project = project::loadOrDefault(folder);
    const std::set<std::string> files = project::codeFiles(project);
    for (const std::string& file : files) {
        const auto text = texts.byFile(file) == nullptr ? project::readCode(file) : support::fail(support::ErrorKind::Io, "");
        const auto known = hidden_.find(file);
        if (!text || (known != hidden_.end() && known->second == *text)) {
            continue;
        }
        if (known != hidden_.end()) {
            hide(file);
        } else {
            giveCommand(project, file);
        }
        hidden_[file] = *text;
        clangd_("textDocument/didOpen",
                {{"textDocument", {{"uri", uriOf(file)}, {"languageId", "c"}, {"version", 0}, {"text", *text}}}});
    }
    std::vector<std::string> gone;
    for (const auto& [file, known] : hidden_) {
        if (isWithin(folder, file) && !files.contains(file)) {
            gone.push_back(file);
        }
    }
    for (const std::string& file : gone) {
        hide(file);
    }
}

void Projects::refresh(const std::string& folder, const Texts& texts) {
    const project::Project project = project::loadOrDefault(folder);
    for (const auto& [file, text] : texts.all()) {
        if (kindOf(text) == Kind::Code && projectOf(file) == folder) {
            giveCommand(project, file);
        }
    }
    for (const auto& [file, text] : hidden_) {
        if (isWithin(folder, file)) {
            giveCommand(project, file);
        }
    }
    openHidden(folder, texts);
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
