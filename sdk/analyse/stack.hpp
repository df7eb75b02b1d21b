// SPDX-License-Identifier: GPL-3.0-or-later
// How deep the stack of an image gets: over its call graph, from every entry.
#pragma once

#include <cstdint>
#include <vector>

#include "sdk/image/image.hpp"

namespace rbpf::analyse {

/// A function's place in the text and the stack that it alone uses; in address order.
struct FunctionFrame {
    std::uint32_t offset = 0; ///< bytes from the start of text
    std::uint32_t frameBytes = 0;
};

/// The stack that the code between `offset` and `end` touches by itself: its r10-relative accesses, what it reserves in
/// its calls. For images without a debug ELF.
[[nodiscard]] std::uint32_t frameFromCode(const image::Image& image, std::uint32_t offset, std::uint32_t end);

/// Deepest use in bytes. A cycle in the calls is counted once: the linker refuses it, and the VM bounds it.
[[nodiscard]] std::uint32_t deepestStack(const image::Image& image, const std::vector<FunctionFrame>& functions);
/// The calls that get there, from the entry on, as indices of `functions`.
[[nodiscard]] std::vector<std::size_t> deepestPath(const image::Image& image, const std::vector<FunctionFrame>& functions);

} // namespace rbpf::analyse
