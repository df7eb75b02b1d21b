// SPDX-License-Identifier: GPL-3.0-or-later
// Firing a script's entry while it is debugged: the request waits, perhaps for minutes, while the debugger goes on.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::cli::debug {

class Trigger {
public:
    virtual ~Trigger() = default;

    /// Fires in the background; `arguments` as typed behind `run`: "" = the first entry, else a trigger ("coap/sensor")
    /// or an entry's name. Refused while an earlier one is not answered.
    virtual support::Result<void> fire(const std::string& arguments) = 0;
    /// What came back, in a sentence, once; waits for it that long.
    [[nodiscard]] virtual std::optional<std::string> answer(std::chrono::milliseconds wait) = 0;
    [[nodiscard]] virtual bool pending() const = 0;
    /// How to fire it from elsewhere, in a sentence, or "".
    [[nodiscard]] virtual std::string hint() const = 0;
};

} // namespace rbpf::cli::debug
