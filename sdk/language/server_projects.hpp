// SPDX-License-Identifier: GPL-3.0-or-later
// Which project a file belongs to, and what clangd is told of a project that the editor has not opened: so that
// references and renaming reach all of it.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "sdk/language/server_texts.hpp"
#include "sdk/project/project.hpp"

namespace rbpf::language {

/// The nearest folder above the file with an rbpf.json; "" if there is none.
[[nodiscard]] std::string projectOf(const std::string& file);

class Projects {
public:
    using Notify = std::function<void(const std::string& method, nlohmann::json parameters)>;

    explicit Projects(Notify clangd) : clangd_(std::move(clangd)) {}

    /// Opens a text that the editor has opened, and what belongs to its project.
    void open(const Text& text, const Texts& texts);
    /// Closes a text that the editor has closed; what is on disk takes its place.
    void close(const Text& text, const Texts& texts);
    /// Files of a project, or its rbpf.json, have changed on disk.
    void refresh(const std::string& folder, const Texts& texts);
    /// What nobody has opened, as it is on disk now.
    void readHidden(const std::string& folder, const Texts& texts);
    /// clangd has been started again.
    void openAgain(const Texts& texts);
    /// clangd has it open and the editor has not.
    [[nodiscard]] bool isHidden(const std::string& file) const { return hidden_.contains(file); }

private:
    void giveCommand(const project::Project& project, const std::string& file);
    struct Hidden {
        std::string folder; ///< the project that it was opened for
        std::string text;
        int version = 0;
    };
    template <typename Gone>
    void closeHidden(Gone isGone);

    Notify clangd_;
    std::map<std::string, Hidden> hidden_; ///< by file
};

} // namespace rbpf::language
