// SPDX-License-Identifier: GPL-3.0-or-later
// A size report in words: the line after each build, the table by function and part, why code is there.
#pragma once

#include <string>

#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

/// "coap-sensor 0.1.0: 41 instructions, 328 B text, 12 B rodata, stack 24/512 B, image 380 B"; sections without bytes
/// are left out.
[[nodiscard]] std::string summary(const SizeReport& report);
/// Functions, largest first, then the parts of the file and their sum.
[[nodiscard]] std::string table(const SizeReport& report);
/// Why the code is what it is, once explain() has told: classes of instructions, bindings, library functions with their
/// callers, what is not in the image, and how long the entries take on boards. "" if nothing is known.
[[nodiscard]] std::string origins(const SizeReport& report);

} // namespace rbpf::analyse
