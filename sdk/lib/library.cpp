// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/lib/library.hpp"

#include <algorithm>

namespace rbpf::lib {
namespace {

alignas(8) const unsigned char kBitcode[] = {
#include "library_bitcode.inc"
};

} // namespace

Bytes bitcode() {
    return {kBitcode, sizeof kBitcode};
}

const std::vector<const char*>& names() {
    static const std::vector<const char*> all = {
#define RBPF_LIBRARY_FUNCTION(name) #name,
#include "sdk/lib/functions.def"
#undef RBPF_LIBRARY_FUNCTION
    };
    return all;
}

bool has(std::string_view name) {
    return std::any_of(names().begin(), names().end(), [&](const char* known) { return name == known; });
}

} // namespace rbpf::lib
