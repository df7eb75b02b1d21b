// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace rbpf::support {

void assertionFailed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: this is a mistake in rBPF Studio: expected %s\n", file, line, condition);
    std::abort();
}

} // namespace rbpf::support
