// SPDX-License-Identifier: GPL-3.0-or-later
// What `rbpf run` and `rbpf profile` are told about a run.
#pragma once

#include <CLI/CLI.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "ide/cli/workstation_run.hpp"

namespace rbpf::cli {

struct RunOptions {
    std::string entry, context, contextHex, sensors;
    std::vector<std::string> coap;
    std::string payload;
    std::uint64_t budget = 0;
};

/// Adds --entry, --context, --context-hex, --coap, --payload, --budget and --sensors.
void addRunOptions(CLI::App* command, RunOptions& options);

/// The entry of that name; the first one if it is empty.
[[nodiscard]] support::Result<image::Entry> findEntry(const image::Image& image, const std::string& name);

/// The run that the options ask of an image.
[[nodiscard]] support::Result<RunRequest> runRequest(const RunOptions& options, const image::Image& image,
                                                     std::stop_token stop);

} // namespace rbpf::cli
