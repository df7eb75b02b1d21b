// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong in each file, by clangd and by our own checks, merged so that nothing is told twice; and the changes
// that mend it.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sdk/language/server_answers.hpp"
#include "sdk/language/server_texts.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::language {

class Findings {
public:
    /// `publish` takes the parameters of publishDiagnostics.
    using Publish = std::function<void(nlohmann::json parameters)>;

    Findings(const Texts& texts, const Abilities& abilities, Publish publish)
        : texts_(texts), abilities_(abilities), publish_(std::move(publish)) {}

    /// clangd's parameters of publishDiagnostics.
    void setClangds(const nlohmann::json& parameters);
    void dropClangds();
    /// All of a project (a key of its own, its folder); `edits` as in CheckRequest.
    void setOurs(const std::string& project, const std::vector<support::Diagnostic>& all,
                 const std::map<std::string, std::size_t>& edits);
    void close(const std::string& file);

    /// CodeActions for what stands in a range of a file: fixes of our findings, and for misspelt bindings.
    [[nodiscard]] nlohmann::json actions(const Text& text, const nlohmann::json& range) const;

private:
    struct Ours {
        std::string project;
        support::Diagnostic diagnostic;
        std::size_t edits = 0;          ///< of the text when it was found
        bool isTwice = false; ///< clangd says it, too
    };
    struct Clangds {
        nlohmann::json list;
        std::size_t edits = 0;
    };
    void publish(const std::string& file);
    [[nodiscard]] nlohmann::json clangdsNow(const std::string& file) const;
    [[nodiscard]] nlohmann::json shown(const Ours& ours, const std::string& file) const;
    [[nodiscard]] support::SourceRange moved(const support::SourceRange& range, const std::string& file, std::size_t edits) const;
    [[nodiscard]] std::string textOf(const std::string& file) const;

    const Texts& texts_;
    const Abilities& abilities_;
    Publish publish_;
    std::map<std::string, Clangds> clangds_; ///< by file
    std::map<std::string, std::vector<Ours>> ours_;
    std::map<std::string, nlohmann::json> published_;
    std::map<std::string, std::string> uris_; ///< as the editor has spelt them last
};

} // namespace rbpf::language
