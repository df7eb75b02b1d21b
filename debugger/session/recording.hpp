// SPDX-License-Identifier: GPL-3.0-or-later
// The `.rbpfrec` file: one CBOR map (RFC 8949, definite lengths), keys as text:
//   "rbpf-recording": 1 (the version; comes first)
//   "image": bytes      the `.rbpf` whose runs these are
//   "debug": bytes      its debug ELF, or empty
//   "runs": [run, …]    run = {"start": [entry pc, r1, r2, r10], "regions": [[index, size, access], …],
//                       "memory": [write, …], "calls": [[step, id, result, [write, …]], …],
//                       "edits": [[step, register or -1, value, write], …],
//                       "end": [cause, instructions, result, status, detail] or null,
//                       "known": instructions}    write = [address, bytes]
// Unknown keys are passed over.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "debugger/session/history.hpp"

namespace rbpf::session {

struct Recording {
    std::vector<std::uint8_t> image, debugElf;
    std::vector<RecordedRun> runs;
    std::vector<std::uint64_t> known; ///< instructions of each run
};

[[nodiscard]] std::vector<std::uint8_t> encodeRecording(const Recording& recording);
/// Any bytes; an Error names the place ("runs[2].calls[7]: …").
[[nodiscard]] support::Result<Recording> decodeRecording(std::span<const std::uint8_t> bytes);
/// … and a history of it.
[[nodiscard]] support::Result<History::Loaded> openRecording(std::span<const std::uint8_t> bytes);

} // namespace rbpf::session
