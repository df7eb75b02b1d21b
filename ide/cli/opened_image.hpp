// SPDX-License-Identifier: GPL-3.0-or-later
// An image with what its debug ELF knows of it, where that lies beside and belongs to it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "debugger/dwarf/lines.hpp"
#include "sdk/image/image.hpp"
#include "sdk/image/listing.hpp"
#include "sdk/link/link.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::cli {

struct OpenedImage {
    std::filesystem::path path;
    image::Image image;
    std::filesystem::path sourceFolder; ///< what relative paths of the debug information count from; "" = unknown
    std::vector<std::uint8_t> debugElf; ///< empty: none that belongs to the image
    std::vector<linker::Function> functions;

    /// Read when first asked for: they cost more than everything else here.
    [[nodiscard]] const std::vector<dwarf::SourceLine>& lines() const;
    /// "src/sensor.c:14" of an instruction, or "".
    [[nodiscard]] std::string place(std::uint32_t insnIndex) const;
    [[nodiscard]] std::vector<image::Symbol> symbols() const;
    /// r0 behind the entry at `insnIndex`, as wide and signed as its function says; all of it where that is not known.
    [[nodiscard]] std::int64_t resultOf(std::uint32_t insnIndex, std::uint64_t r0) const;

private:
    mutable std::optional<std::vector<dwarf::SourceLine>> lines_;
};

/// Reads the image, and NAME.debug.elf beside NAME.rbpf if its build id is the image's.
[[nodiscard]] support::Result<OpenedImage> openImage(const std::filesystem::path& path);

} // namespace rbpf::cli
