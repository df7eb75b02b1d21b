// SPDX-License-Identifier: GPL-3.0-or-later
// From CBOR answers (keys: <rbpf/wire.h>) to typed ones. What does not fit is an Error of kind Board that names the
// key.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "debugger/link/board_client.hpp"

namespace rbpf::link {

using Payload = std::span<const std::uint8_t>;

[[nodiscard]] support::Result<BoardInfo> decodeInfo(Payload payload);
[[nodiscard]] support::Result<std::vector<SlotInfo>> decodeSlots(Payload payload);
[[nodiscard]] support::Result<RunInfo> decodeRun(Payload payload);
[[nodiscard]] support::Result<std::vector<RunInfo>> decodeRuns(Payload payload);
[[nodiscard]] support::Result<Stats> decodeStats(Payload payload);
[[nodiscard]] support::Result<std::uint32_t> decodeValue(Payload payload);
[[nodiscard]] support::Result<std::vector<std::pair<std::uint32_t, std::uint32_t>>> decodeStore(Payload payload);
[[nodiscard]] support::Result<std::vector<DeviceInfo>> decodeDevices(Payload payload);
[[nodiscard]] support::Result<std::vector<PinInfo>> decodePins(Payload payload);
/// The diagnostic in an error response; nullopt if there is none.
[[nodiscard]] std::optional<BoardFault> decodeDiagnostic(Payload payload);

} // namespace rbpf::link
