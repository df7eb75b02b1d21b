// SPDX-License-Identifier: GPL-3.0-or-later
// Firmware into a chip through pyOCD: write, read back, compare. What state the chip is in is said in every error.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/flash/firmware.hpp"
#include "debugger/flash/pyocd.hpp"
#include "debugger/flash/pyocd_output.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::flash {

enum class Phase : std::uint8_t {
    Unlocking,
    Connecting,
    Erasing,
    Writing,
    Verifying
};

struct FlashOptions {
    bool unlock = false; ///< erase everything first, protection included
    std::stop_token stop;
    /// `fraction` 0 to 1; phases that report nothing stay at 0.
    std::function<void(Phase phase, double fraction)> progress;
    std::chrono::milliseconds silence{30000}; ///< pyOCD without a word while it works
    std::chrono::milliseconds grace{4000};    ///< that it has to let the probe go when it is ended
};

/// One at a time; not thread-safe.
class Flasher {
public:
    Flasher(Pyocd pyocd, Chosen chosen) : pyocd_(std::move(pyocd)), chosen_(std::move(chosen)) {}

    /// Errors: kind Cancelled, Usage (wrong chip or file for it), Board (probe or chip), Io (pyOCD or our files); each
    /// tells the state of the chip.
    [[nodiscard]] support::Result<void> flash(const Firmware& firmware, const FlashOptions& options);

    /// All that pyOCD printed, commands included.
    [[nodiscard]] const std::string& transcript() const { return transcript_; }

private:
    [[nodiscard]] support::Result<void> unlock(const FlashOptions& options);
    [[nodiscard]] support::Result<void> write(const std::filesystem::path& hexFile, const FlashOptions& options);
    [[nodiscard]] support::Result<void> verify(const Firmware& firmware, const std::filesystem::path& folder,
                                               const FlashOptions& options);
    [[nodiscard]] support::Result<PyocdOutput> run(const support::ProcessCommand& command, const FlashOptions& options,
                                                   const std::function<void(const PyocdOutput&)>& heard);

    Pyocd pyocd_;
    Chosen chosen_;
    std::string transcript_;
};

/// The probe to use: `wanted` (a part of its unique id, or "" for the only one whose chip is `target` or unknown).
/// Errors list the probes: kind Board if there is none, Usage if several fit.
[[nodiscard]] support::Result<Probe> chooseProbe(const std::vector<Probe>& probes, const std::string& wanted,
                                                 const std::string& target);

} // namespace rbpf::flash
