// SPDX-License-Identifier: GPL-3.0-or-later
// The two paths, as CMake knows them.
#include "tests/paths.hpp"

namespace rbpf::test {

std::string sourceDir()
{
    return RBPF_SOURCE_DIR;
}

std::string binaryDir()
{
    return RBPF_BINARY_DIR;
}

} // namespace rbpf::test
