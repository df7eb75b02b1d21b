// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an entry of an image here: the firmware's own VM and bindings over simulated devices. Time is the run's own (a
// sleeping script costs none), so that the same run gives the same result.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "ide/cli/fault_text.hpp"
#include "sdk/image/image.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// A CoAP request to answer.
struct CoapRequest {
    std::uint8_t method = 1;
    std::string path;
    std::vector<std::uint8_t> payload;
};

struct RunRequest {
    std::uint32_t insnIndex = 0; ///< where the entry starts
    std::vector<std::uint8_t> context;
    std::optional<CoapRequest> coap; ///< then there is no other context
    std::uint64_t budget = 0;        ///< 0: the image's, else the native board's default
    std::string sensors;             ///< JSON file that describes the devices; "" = those of a native board
    std::stop_token stop;
    std::function<void(std::uint32_t insnIndex)> executed{}; ///< told of each instruction, one after the other; slower
};

struct CoapAnswer {
    std::uint8_t code = 0;
    std::vector<std::uint8_t> payload;
};

struct RunResult {
    int halt = 0; ///< rbpf_halt_t; Budget: the budget is spent
    std::int64_t result = 0;
    std::uint64_t instructions = 0;
    std::uint64_t budget = 0;
    std::vector<std::uint8_t> context; ///< after the run
    std::string log;
    std::optional<Fault> fault;
    std::vector<Region> regions; ///< that the script had
    std::optional<CoapAnswer> answer;
};

/// An Error: a rejected image (kind Script), a bad sensors file, cancelled.
[[nodiscard]] support::Result<RunResult> runHere(const image::Image& image, const RunRequest& request);

} // namespace rbpf::cli
