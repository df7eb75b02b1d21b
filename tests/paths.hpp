// SPDX-License-Identifier: GPL-3.0-or-later
// Where a test finds the checkout and the build: said in one translation unit, so that every other one compiles to the
// same object in any clone.
#pragma once

#include <string>

namespace rbpf::test {

/// The checkout's root, absolute, without a slash at the end.
std::string sourceDir();
/// The build folder, absolute, without a slash at the end; programs lie in bin/ below it.
std::string binaryDir();

} // namespace rbpf::test
