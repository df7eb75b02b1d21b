// SPDX-License-Identifier: GPL-3.0-or-later
// Why code is in an image, and what of the sources is not: as values.
#pragma once

#include <string>
#include <vector>

#include "sdk/analyse/place.hpp"

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

/// A function that a source defines.
struct DefinedFunction {
    std::string name;
    std::string file;
    unsigned line = 0;
};

/// One that is no function of the image by itself.
struct UnseenFunction {
    DefinedFunction function;
    bool isInlined = false; ///< its code stands in its callers; else no entry reaches it and it takes no space
};

} // namespace rbpf::analyse
