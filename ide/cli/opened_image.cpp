// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/opened_image.hpp"

#include <fmt/format.h>

#include "debugger/dwarf/debug_info.hpp"
#include "ide/cli/source_text.hpp"
#include "sdk/image/build_id.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace {

/// The project's folder is what holds build/.
std::filesystem::path folderOf(const std::filesystem::path& image) {
    std::error_code code;
    const auto whole = std::filesystem::absolute(image, code).lexically_normal();
    return whole.parent_path().filename() == "build" ? whole.parent_path().parent_path() : whole.parent_path();
}

void attachDebugElf(OpenedImage& opened) {
    std::filesystem::path path = opened.path;
    path.replace_extension(".debug.elf");
    auto bytes = support::readBytes(path);
    if (!bytes || opened.image.format != image::Format::V1 || image::debugBuildId(*bytes) != opened.image.buildId) {
        return;
    }
    auto functions = linker::readFunctions(*bytes);
    if (functions) {
        opened.debugElf = std::move(*bytes);
        opened.functions = std::move(*functions);
    }
}

} // namespace

support::Result<OpenedImage> openImage(const std::filesystem::path& path) {
    auto image = image::readFile(path);
    if (!image) {
        return tl::unexpected(image.error());
    }
    OpenedImage opened;
    opened.path = path;
    opened.image = std::move(*image);
    opened.sourceFolder = folderOf(path);
    attachDebugElf(opened);
    return opened;
}

const std::vector<dwarf::SourceLine>& OpenedImage::lines() const {
    if (!lines_) {
        lines_.emplace();
        if (!debugElf.empty()) {
            if (auto read = dwarf::readLines(debugElf)) {
                lines_ = std::move(*read);
            }
        }
    }
    return *lines_;
}

std::string OpenedImage::place(std::uint32_t insnIndex) const {
    const auto& all = lines();
    if (insnIndex >= all.size() || all[insnIndex].line == 0) {
        return {};
    }
    return fmt::format("{}:{}", shownPath(all[insnIndex].file, sourceFolder), all[insnIndex].line);
}

std::vector<image::Symbol> OpenedImage::symbols() const {
    std::vector<image::Symbol> symbols;
    for (const linker::Function& function : functions) {
        symbols.push_back({function.name, function.offset});
    }
    return symbols;
}

std::int64_t OpenedImage::resultOf(std::uint32_t insnIndex, std::uint64_t r0) const {
    if (debugElf.empty()) {
        return static_cast<std::int64_t>(r0);
    }
    const auto info = dwarf::DebugInfo::open(debugElf);
    const auto function = info ? info->functionAt(insnIndex * 8) : std::nullopt;
    return function ? info->resultOf(function->name, r0) : static_cast<std::int64_t>(r0);
}

} // namespace rbpf::cli
