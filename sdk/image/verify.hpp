// SPDX-License-Identifier: GPL-3.0-or-later
// What the firmware's own loader and verifier say about an image, in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sdk/image/image.hpp"

namespace rbpf::image {

/// What an image may ask for; the native board's figures.
struct Limits {
    std::uint32_t imageBytes = 65536;
    std::uint32_t stackBytes = 4096;
    std::uint32_t ramBytes = 16384;
};

/// The verifier's no.
struct Rejection {
    int status = 0;                         ///< rbpf_status_t
    std::optional<std::uint32_t> insnIndex; ///< absent for the loader's rejections
    std::uint32_t detail = 0;               ///< binding id where it is about one
    std::string instruction;                ///< its disassembly, or ""
    std::string sentence;                   ///< "instruction 7 `r11 = 5`: the instruction names a register …"
};

/// Nothing if a firmware with all of bindings.def and these limits takes the image.
[[nodiscard]] std::optional<Rejection> verify(const Image& image, const Limits& limits = {});

} // namespace rbpf::image
