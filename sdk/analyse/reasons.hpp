// SPDX-License-Identifier: GPL-3.0-or-later
// Why a script costs what it costs, as a tree for windows: how long its entries run, loop by loop, and what its code is
// made of. The same words as in the tables of report.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/analyse/run_time.hpp"
#include "sdk/analyse/size.hpp"

namespace rbpf::analyse {

struct Reason {
    enum class Kind : std::uint8_t {
        Plain,
        Assumed, ///< rests on what the user says
        Trouble  ///< no bound, or a wrong limit
    };
    std::string what;      ///< "loop at src/main.c:14"
    std::string value{};   ///< "64 turns"; "" = none
    std::string because{}; ///< a sentence; "" = all is said
    std::optional<CodePlace> place{};
    Kind kind = Kind::Plain;
    std::vector<Reason> parts{};
};

/// Of a report that explain() has made whole. `board`: whose time is estimated; all that are known if it is none of them.
[[nodiscard]] std::vector<Reason> reasons(const SizeReport& report, std::string_view board = {});

/// "its code stands in its callers"
[[nodiscard]] std::string_view whyUnseen(const UnseenFunction& function);
/// "9 accesses to the stack, 6 through pointers; 6 addresses of rodata, 0 of data"
[[nodiscard]] std::string memoryWords(const NamedMemory& memory);
/// "0.100 to 0.300; Cortex-M0, 16 MHz"
[[nodiscard]] std::string timeRange(const BoardSpeed& speed, const RunTime& time);

} // namespace rbpf::analyse
