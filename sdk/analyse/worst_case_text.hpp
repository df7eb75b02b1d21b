// SPDX-License-Identifier: GPL-3.0-or-later
// A worst case in words, for tables and lenses.
#pragma once

#include <string>

#include "sdk/analyse/worst_case.hpp"

namespace rbpf::analyse {

/// "at most 412 instructions", "… if the loop at src/main.c:14 takes at most 64 turns, as it is said to", "no bound: …".
[[nodiscard]] std::string costSentence(const WorstCase& worst);

/// "loop at src/main.c:14"
[[nodiscard]] std::string loopName(const LoopBound& loop);
/// "64 turns", "64 turns (as said)", "no bound"
[[nodiscard]] std::string turnsOf(const LoopBound& loop);

/// Indented lines, one a loop and one a limit that the code contradicts.
[[nodiscard]] std::string loopRows(const WorstCase& worst);

} // namespace rbpf::analyse
