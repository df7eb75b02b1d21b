// SPDX-License-Identifier: GPL-3.0-or-later
// RBPF_ASSERT(condition): stays on in release. For mistakes of this program only; input never reaches it.
#pragma once

namespace rbpf::support {

[[noreturn]] void assertionFailed(const char* condition, const char* file, int line);

} // namespace rbpf::support

#define RBPF_ASSERT(condition)                                                                                         \
    ((condition) ? static_cast<void>(0) : ::rbpf::support::assertionFailed(#condition, __FILE__, __LINE__))
