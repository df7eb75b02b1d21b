// SPDX-License-Identifier: GPL-3.0-or-later
// Where GDB is in recorded time, and how it moves there: one instruction or to the next point, in both directions.
#pragma once

#include <cstdint>
#include <optional>

#include <rbpf_vm/rbpf_vm.h>

#include "debugger/gdbserver/points.hpp"
#include "debugger/session/history.hpp"

namespace rbpf::gdbserver {

class Past {
public:
    /// History's number of a run, and a step of it.
    struct Place {
        std::uint32_t run = 0;
        std::uint64_t step = 0;
        bool operator==(const Place&) const = default;
    };
    /// How a movement ended.
    struct Arrival {
        enum class Where : std::uint8_t {
            Inside, ///< at a place in the past
            Begin,  ///< nothing recorded before this place
            Live    ///< at the present: the state is the board's
        } where = Where::Inside;
        std::optional<rsp::StopReply::Watched> watched;
        bool atBreakpoint = false; ///< with Live: a breakpoint is there
    };

    /// `history` must outlive it.
    explicit Past(session::History& history);

    /// The present: a step of the run in progress, or none if the container is idle behind run `lastRun`.
    void setLive(std::optional<Place> live, std::uint32_t livePc, std::uint32_t lastRun);
    /// False at the present.
    [[nodiscard]] bool inPast() const { return place_.has_value(); }
    void leave() { place_.reset(); }
    /// The state at the place; only in the past.
    [[nodiscard]] support::Result<session::MachineState> state() const;

    [[nodiscard]] support::Result<Arrival> stepBack();
    [[nodiscard]] support::Result<Arrival> stepForward();
    /// To the nearest place with a breakpoint, or whose instruction meets a watchpoint.
    [[nodiscard]] support::Result<Arrival> back(const Points& points);
    /// The same forwards: behind the instruction that meets a watchpoint.
    [[nodiscard]] support::Result<Arrival> forward(const Points& points);

private:
    struct Hit {
        Place place;
        std::optional<rsp::StopReply::Watched> watched;
    };

    [[nodiscard]] std::uint64_t lastStep(std::uint32_t run) const;
    [[nodiscard]] std::optional<Place> before(const Place& place) const;
    [[nodiscard]] std::optional<Place> after(const Place& place) const;
    [[nodiscard]] std::optional<Place> present() const;
    [[nodiscard]] Arrival arrive(std::optional<Place> place);
    [[nodiscard]] bool breaksAtLast(std::uint32_t run, const Points& points);
    [[nodiscard]] std::optional<rsp::StopReply::Watched>
    watchedAt(const session::RecordedRun& run, const session::History::StepView& view, const Points& points) const;
    [[nodiscard]] support::Result<std::optional<Hit>> lastHit(std::uint32_t run, std::uint64_t end,
                                                              const Points& points);
    [[nodiscard]] support::Result<std::optional<Hit>> firstHit(const Place& from, const Points& points);

    session::History* history_;
    rbpf_image_t image_{};
    std::optional<Place> place_;
    std::optional<Place> live_;
    std::uint32_t livePc_ = 0;
    std::uint32_t lastRun_ = 0;
};

} // namespace rbpf::gdbserver
