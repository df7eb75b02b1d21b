// SPDX-License-Identifier: GPL-3.0-or-later
// Deploying, as every front end does it: ask the board what it is, check that the script fits, choose a slot, install.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::link {

/// What a front end knows of the script beyond its image. Both may be left out: then numbers must do.
struct ScriptWords {
    /// Source place of an instruction, "src/sensor.c:14", or "" where it is unknown.
    std::function<std::string(std::uint32_t insnIndex)> place;
    /// The sentence for an image that the board's loader or verifier rejected.
    std::function<std::string(const BoardFault&)> rejection;
};

/// Called from within deploy() on its caller's thread: bytes that the board has taken, of the image's.
using DeployProgress = std::function<void(std::uint32_t slot, std::size_t done, std::size_t total)>;

struct DeployOptions {
    std::optional<std::uint32_t> slot; ///< nullopt: chooseSlot() decides
    std::stop_token stop;              ///< cancels: ErrorKind::Cancelled; the slot then keeps its script
    DeployProgress progress;
    ScriptWords words;
};

struct Deployed {
    std::uint32_t slot = 0;
    std::chrono::milliseconds took{0}; ///< from the first question to the board's last answer
    BoardInfo board;
};

/// Everything that can be known to fail before a byte is sent: protocol, bindings, limits.
[[nodiscard]] support::Result<void> checkFits(const image::Image& image, const BoardInfo& board,
                                              const ScriptWords& words = {});

/// `wanted` if the board has it; else the slot whose script has the image's name, else the first empty one.
[[nodiscard]] support::Result<std::uint32_t> chooseSlot(const std::vector<SlotInfo>& slots, const image::Image& image,
                                                        std::optional<std::uint32_t> wanted);

/// Errors: Script (the script does not fit or was rejected), Board (no slot is free, or what the board says), Usage (no
/// such slot), Link, Cancelled. Whatever fails, the slot keeps the script that it had.
[[nodiscard]] support::Result<Deployed> deploy(BoardClient& board, const image::Image& image,
                                               const DeployOptions& options = {});

/// What a script answers, as a person would ask for it: "coap://127.0.0.1:5683/sensor", or "/sensor" where `coapPort`
/// is 0.
[[nodiscard]] std::vector<std::string> coapAddresses(const image::Image& image, std::uint16_t coapPort);

} // namespace rbpf::link
