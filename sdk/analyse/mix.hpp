// SPDX-License-Identifier: GPL-3.0-or-later
// What an image's instructions are: by class, by the bindings they call, by the memory they name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdk/analyse/place.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::analyse {

struct ClassCount {
    std::string_view name; ///< "64-bit arithmetic"
    std::uint32_t instructions = 0;
};

struct BindingUse {
    std::uint32_t id = 0;
    std::string name; ///< "bpf_printf"; "binding 0x99" if no table knows it
    std::vector<CodePlace> calls;
};

/// Of the text; memory behind pointers that come from elsewhere is not seen.
struct NamedMemory {
    std::uint32_t stackAccesses = 0;   ///< loads and stores relative to r10
    std::uint32_t otherAccesses = 0;   ///< loads and stores through any other register
    std::uint32_t rodataAddresses = 0; ///< constants that are addresses in it
    std::uint32_t dataAddresses = 0;
};

struct Mix {
    std::vector<ClassCount> classes; ///< most first, none without instructions; together they are all instructions
    std::vector<BindingUse> bindings; ///< by id
    NamedMemory memory;
};

[[nodiscard]] Mix mixOf(const image::Image& image, const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
