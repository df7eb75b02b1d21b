// SPDX-License-Identifier: GPL-3.0-or-later
// What the real pyOCD printed, 0.13.1 (tools_…) and 0.45, with an nRF51 that tests/fakes/pyocd_probe plays.
#pragma once

#include <string>

#include "debugger/flash/pyocd_output.hpp"
#include "sdk/support/files.hpp"
#include "tests/paths.hpp"

namespace rbpf::test {

inline std::string captured(const std::string& name) {
    return support::readText(sourceDir() + "/tests/unit/debugger/flash/captured/" + name + ".txt").value();
}

/// The same without the bars.
inline std::string said(const std::string& name) {
    flash::PyocdOutput output;
    output.feed(captured(name));
    return output.text();
}

} // namespace rbpf::test
