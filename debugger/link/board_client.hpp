// SPDX-License-Identifier: GPL-3.0-or-later
// What a board's management resources offer, as typed requests over one line. Every front end uses this.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/coap_timing.hpp"
#include "debugger/transport/transport.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::link {

struct BoardInfo {
    std::uint32_t protocol = 0;
    std::string firmware;
    std::string board;
    std::uint32_t tableHash = 0;
    std::vector<std::uint16_t> bindings;
    std::uint32_t slots = 0, imageBytes = 0, ramBytes = 0, stackBytes = 0, regions = 0, budget = 0;
    std::vector<std::string> capabilities;
    std::string lastReset; ///< why the board began anew, "" = it does not say

    bool operator==(const BoardInfo&) const = default;
};

struct EntryInfo {
    std::string name, trigger;

    bool operator==(const EntryInfo&) const = default;
};

struct SlotInfo {
    std::uint32_t slot = 0;
    std::string state, name, version;
    std::vector<std::uint8_t> buildId;
    std::uint32_t bytes = 0;
    std::vector<EntryInfo> entries;
    std::uint32_t runs = 0, faults = 0;

    bool operator==(const SlotInfo&) const = default;
};

/// A failure as the board tells it; names and sentences: status_text.hpp.
struct BoardFault {
    int status = 0;
    std::optional<std::uint32_t> insnIndex;
    std::optional<std::uint32_t> detail;
    std::optional<std::uint32_t> slot;
};

struct RunInfo {
    int halt = 0; ///< rbpf_halt_t
    std::int64_t result = 0;
    std::uint64_t instructions = 0;
    std::vector<std::uint8_t> context;
    std::optional<BoardFault> fault;
    std::optional<std::uint32_t> slot;
};

struct Stats {
    std::uint64_t runs = 0, faults = 0, instructions = 0;
    std::optional<BoardFault> last;
};

/// A sensor or actuator: `values` · 10^scale in `unit` (phydat's numbers).
struct DeviceInfo {
    std::string name;
    std::uint8_t type = 0; ///< SAUL class
    std::uint8_t unit = 0;
    std::int8_t scale = 0;
    std::vector<std::int16_t> values; ///< 1 … 3; none: it cannot be read
    bool isSimulated = false;         ///< what it reads can be set

    bool operator==(const DeviceInfo&) const = default;
};

/// A pin of a simulated board.
struct PinInfo {
    std::uint32_t pin = 0;
    bool isOutput = false, isHigh = false;

    bool operator==(const PinInfo&) const = default;
};

/// Answer of any resource.
struct Response {
    std::uint8_t code = 0; ///< CoAP code, class << 5 | detail
    std::optional<std::uint16_t> format;
    std::vector<std::uint8_t> payload;
    std::string etag;
};

/// Bytes done of bytes to do.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

struct Options {
    /// For one message and its retransmissions. What travels in blocks (an image, a long answer) has this long for each
    /// block: every block that the board acknowledges renews it, so that a slow line may take the time that it needs
    /// while a dead one is still noticed.
    std::chrono::milliseconds deadline{5000};
    std::stop_token stop; ///< cancels: ErrorKind::Cancelled
    Progress progress;
};

/// One board on one line. Not thread-safe; every call returns by its deadline (Options). A failure that the board
/// reported is an Error of kind Board and leaves its numbers in lastFault().
class BoardClient {
public:
    /// Takes over an open line.
    explicit BoardClient(std::unique_ptr<transport::Transport> line, CoapTiming timing = {});
    ~BoardClient();
    BoardClient(BoardClient&&) noexcept;
    BoardClient& operator=(BoardClient&&) noexcept;

    [[nodiscard]] support::Result<BoardInfo> info(const Options& options = {});
    [[nodiscard]] support::Result<std::vector<SlotInfo>> slots(const Options& options = {});
    /// Sends an image block by block; the board verifies and switches at the last one.
    [[nodiscard]] support::Result<void> install(std::uint32_t slot, const std::vector<std::uint8_t>& image,
                                                const Options& options = {});
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> readBack(std::uint32_t slot, const Options& options = {});
    [[nodiscard]] support::Result<void> remove(std::uint32_t slot, const Options& options = {});
    [[nodiscard]] support::Result<RunInfo> invoke(std::uint32_t slot, const std::string& entry,
                                                  const std::vector<std::uint8_t>& context,
                                                  const Options& options = {});
    [[nodiscard]] support::Result<std::vector<RunInfo>>
    fire(const std::string& trigger, const std::vector<std::uint8_t>& context, const Options& options = {});
    /// scope: "global" or a slot number. An absent key is an Error of kind Board (status NO_SUCH_KEY).
    [[nodiscard]] support::Result<std::uint32_t> storeGet(const std::string& scope, std::uint32_t key,
                                                          const Options& options = {});
    [[nodiscard]] support::Result<void> storeSet(const std::string& scope, std::uint32_t key, std::uint32_t value,
                                                 const Options& options = {});
    [[nodiscard]] support::Result<std::vector<std::pair<std::uint32_t, std::uint32_t>>>
    storeList(const std::string& scope, const Options& options = {});
    [[nodiscard]] support::Result<void> storeRemove(const std::string& scope, std::uint32_t key,
                                                    const Options& options = {});
    [[nodiscard]] support::Result<std::vector<DeviceInfo>> devices(const Options& options = {});
    /// What a simulated sensor reads from now on; none = its own signal again.
    [[nodiscard]] support::Result<void> simulate(std::uint32_t device, const std::vector<std::int16_t>& values,
                                                 const Options& options = {});
    /// None on a board whose pins are real.
    [[nodiscard]] support::Result<std::vector<PinInfo>> pins(const Options& options = {});
    [[nodiscard]] support::Result<void> simulatePin(std::uint32_t pin, bool isHigh, const Options& options = {});
    [[nodiscard]] support::Result<Stats> stats(const Options& options = {});
    /// Any resource: what a script answers. `method` 1 GET, 2 POST, 3 PUT, 4 DELETE. Error responses are Responses too.
    /// `format`: the payload's, as a CoAP Content-Format.
    [[nodiscard]] support::Result<Response> request(std::uint8_t method, const std::string& path,
                                                    const std::vector<std::uint8_t>& payload = {},
                                                    const Options& options = {},
                                                    std::optional<std::uint16_t> format = std::nullopt);
    /// Waits for console text until `deadline`; empty = deadline passed. Text that arrives during other calls is kept.
    [[nodiscard]] support::Result<std::string> log(std::chrono::milliseconds wait, const Options& options = {});

    [[nodiscard]] const std::optional<BoardFault>& lastFault() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rbpf::link
