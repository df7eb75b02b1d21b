// SPDX-License-Identifier: GPL-3.0-or-later
// Why code is in an image, and what of the sources is not: library functions with their callers, and functions that no
// entry reaches.
#pragma once

#include <string>
#include <vector>

#include "sdk/analyse/place.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

/// A function of the SDK's library, or one that code generation calls.
struct LibraryUse {
    std::string name;
    std::uint32_t bytes = 0;
    std::uint32_t instructions = 0;
    struct Caller {
        std::string function;
        CodePlace place;
    };
    std::vector<Caller> callers; ///< in the order of the text; empty where all of it was put into other functions
    std::vector<std::string> inlinedInto;
};

[[nodiscard]] std::vector<LibraryUse> libraryUses(const image::Image& image, const SizeReport& report,
                                                  const std::vector<PlacedCode>& code);

/// A function that a source defines.
struct DefinedFunction {
    std::string name;
    std::string file;
    unsigned line = 0;
};

struct UnseenFunction {
    DefinedFunction function;
    bool isInlined = false; ///< its code stands in its callers; else no entry reaches it and it takes no space
};

/// Of what is defined, what is no function of the image by itself; in the sources' order.
[[nodiscard]] std::vector<UnseenFunction> unseenFunctions(const SizeReport& report, const std::vector<DefinedFunction>& defined,
                                                          const std::vector<PlacedCode>& code);

} // namespace rbpf::analyse
