// SPDX-License-Identifier: GPL-3.0-or-later
// Turns what the board tells about its runs into a History: the only place that knows both.
#pragma once

#include <cstdint>
#include <optional>

#include "debugger/rsp/packets.hpp"
#include "debugger/session/history.hpp"

namespace rbpf::session {

class Recorder {
public:
    /// `history` must outlive it.
    explicit Recorder(History& history) : history_(history) {}

    /// Give it every event in the order in which RspClient::receive() hands them out; those that do not concern
    /// history are let pass. A run whose beginning was not seen is not recorded.
    void take(const rsp::Event& event);
    /// A stop that came as a reply (attach, '?').
    void stopped(const rsp::StopReply& stop);
    /// The user has changed the halted container at the current step.
    void setRegister(int reg, std::uint64_t value);
    void wroteMemory(std::uint32_t address, std::vector<std::uint8_t> bytes);
    /// The link was lost, or the board reset: the run in progress has no end that we know of.
    void interrupted();

    /// History's number of the run in progress on the board; nullopt if there is none or its beginning was not seen.
    [[nodiscard]] std::optional<std::uint32_t> liveRun() const { return liveRun_; }
    /// Instructions the run in progress has executed, as of the last stop.
    [[nodiscard]] std::uint64_t liveStep() const { return liveStep_; }
    /// History's number of the last run recorded; 0 = none.
    [[nodiscard]] std::uint32_t lastRun() const { return lastRun_; }
    /// True once something was missing: the board told of a run that it had not begun, or numbers jumped.
    [[nodiscard]] bool incomplete() const { return incomplete_; }

private:
    void begin();

    History& history_;
    std::optional<RecordedRun> pending_; ///< begun, its memory still arriving
    std::vector<RecordedWrite> writes_;  ///< of the binding call to come
    std::optional<std::uint32_t> liveRun_;
    std::optional<std::uint32_t> boardRun_; ///< the board's number of the last run begun
    std::uint64_t liveStep_ = 0;
    std::uint32_t lastRun_ = 0;
    bool incomplete_ = false;
};

} // namespace rbpf::session
