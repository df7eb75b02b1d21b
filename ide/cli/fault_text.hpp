// SPDX-License-Identifier: GPL-3.0-or-later
// A fault in words: source line, effective address, nearest region and by how much it was missed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "debugger/link/deploy.hpp"
#include "ide/cli/opened_image.hpp"

namespace rbpf::cli {

struct Fault {
    int status = 0; ///< rbpf_status_t
    std::optional<std::uint32_t> insnIndex;
    std::optional<std::uint32_t> detail; ///< effective address, binding id
};

/// What a script could reach.
struct Region {
    std::string name; ///< "stack"
    std::uint32_t base = 0;
    std::uint32_t size = 0;
    bool isWritable = false;
};

/// Stack, rodata and data of an image, as every container of it has them.
[[nodiscard]] std::vector<Region> regionsOf(const image::Image& image);

/// "8 bytes past the end of the stack (512 bytes)"; "in rodata, which is read-only"; "a null pointer". `size` is that
/// of the access, 0 = unknown.
[[nodiscard]] std::string addressPlace(std::uint32_t address, std::uint32_t size, const std::vector<Region>& regions);

/// One sentence. `opened` may be null: then numbers must do.
[[nodiscard]] std::string faultSentence(const Fault& fault, const OpenedImage* opened,
                                        const std::vector<Region>& regions);

/// What the debug information can say about a script that is deployed; `opened` has to outlive it.
[[nodiscard]] link::ScriptWords deployWords(const OpenedImage& opened);

} // namespace rbpf::cli
