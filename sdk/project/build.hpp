// SPDX-License-Identifier: GPL-3.0-or-later
// A project's folder to build/<name>.rbpf and build/<name>.debug.elf: a list of passes.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sdk/analyse/size.hpp"
#include "sdk/image/image.hpp"
#include "sdk/image/listing.hpp"
#include "sdk/link/link.hpp"
#include "sdk/project/project.hpp"

namespace rbpf::project {

struct BuildOptions {
    bool force = false; ///< also when nothing has changed
    bool write = true;  ///< false: only the result is wanted; no file is touched
    std::map<std::string, std::string> unsaved{}; ///< contents that stand in for sources on disk, by absolute path
    /// Where each slot of the text comes from, by the debug ELF; none: what runs cost is not asked for.
    std::function<std::vector<image::SourcePlace>(const std::vector<std::uint8_t>& debugElf)> places{};
};

struct BuildResult {
    bool ok = false;
    bool upToDate = false;                        ///< nothing had changed; the files are those of the last build
    std::vector<support::Diagnostic> diagnostics; ///< warnings of a skipped build are told again
    std::optional<Project> project;
    // Where ok:
    image::Image image;
    std::vector<std::uint8_t> debugElf;
    std::vector<linker::Function> functions;
    std::vector<analyse::DefinedFunction> defined; ///< by the sources; not all of them are in the image
    analyse::SizeReport size; ///< whole if there are `places`, otherwise as analyse::measure() makes it
    // Where the options have `places`:
    std::vector<image::SourcePlace> places; ///< by slot
    std::vector<analyse::TurnLimit> limits; ///< of loops, from the sources and rbpf.json
};

/// A failed build leaves the last good image where it is. Mistakes in the script or in rbpf.json are diagnostics; an
/// Error means that there is no project, or that files cannot be read or written.
[[nodiscard]] support::Result<BuildResult> build(const std::filesystem::path& folder, const BuildOptions& options = {});

} // namespace rbpf::project
