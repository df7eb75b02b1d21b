// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/worst_case_text.hpp"

#include <fmt/format.h>

namespace rbpf::analyse {

std::string costSentence(const WorstCase& worst) {
    switch (worst.kind) {
    case WorstCase::Kind::Proven:
        return fmt::format("at most {} instructions", worst.instructions);
    case WorstCase::Kind::Assumed:
        return fmt::format("at most {} instructions if {}", worst.instructions, worst.because);
    case WorstCase::Kind::Unbounded:
        break;
    }
    return worst.formula.empty() ? "no bound: " + worst.because : "no bound: at most " + worst.formula;
}

std::string loopName(const LoopBound& loop) {
    return loop.line != 0 ? fmt::format("loop at {}:{}", loop.file, loop.line) : fmt::format("loop at instruction {}", loop.insnIndex);
}

std::string turnsOf(const LoopBound& loop) {
    return loop.turns ? fmt::format("{} turns{}", *loop.turns, loop.isAssumed ? " (as said)" : "") : "no bound";
}

std::string loopRows(const WorstCase& worst) {
    std::string text;
    for (const LoopBound& loop : worst.loops) {
        text += fmt::format("  {}{}: {}, {} instructions each{}{}\n", loopName(loop), loop.function.empty() ? "" : " in " + loop.function,
                            turnsOf(loop), loop.perTurn, loop.because.empty() ? "" : "; ", loop.because);
    }
    for (const WrongLimit& wrong : worst.refuted) {
        text += fmt::format("  wrong limit: {}\n", wrong.sentence);
    }
    return text;
}

} // namespace rbpf::analyse
