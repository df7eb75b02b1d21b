// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/known_builds.hpp"

#include <algorithm>

#include "ide/cli/user_folders.hpp"
#include "sdk/support/files.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

std::filesystem::path noteFor(std::span<const std::uint8_t> buildId) {
    return stateFolder() / "builds" / support::toHex(buildId);
}

} // namespace

void rememberBuild(const OpenedImage& opened) {
    std::error_code code;
    const std::string path = std::filesystem::absolute(opened.path, code).lexically_normal();
    const auto note = noteFor(opened.image.buildId);
    if (opened.image.format == image::Format::V1 && support::readText(note).value_or("") != path) {
        (void)support::writeAtomically(note, path);
    }
}

std::optional<OpenedImage> findBuild(const std::vector<std::uint8_t>& buildId) {
    const auto path = support::readText(noteFor(buildId));
    if (!path) {
        return std::nullopt;
    }
    auto opened = openImage(*path);
    if (!opened || !std::ranges::equal(opened->image.buildId, buildId)) {
        return std::nullopt; // built anew since
    }
    return std::move(*opened);
}

} // namespace rbpf::cli
