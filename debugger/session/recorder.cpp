// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/recorder.hpp"

#include <utility>

namespace rbpf::session {

/// Once the first instruction can have been executed, the run is as complete as History wants its beginning.
void Recorder::begin() {
    if (!pending_) {
        return;
    }
    lastRun_ = history_.beginRun(std::move(*pending_));
    pending_.reset();
    liveRun_ = lastRun_;
    liveStep_ = 0;
}

void Recorder::take(const rsp::Event& event) {
    if (const auto* start = std::get_if<rsp::RunStart>(&event)) {
        begin(); // a run whose end got lost
        incomplete_ = incomplete_ || liveRun_ || (boardRun_ && start->run != *boardRun_ + 1);
        boardRun_ = start->run;
        liveRun_.reset();
        writes_.clear();
        liveStep_ = 0;
        pending_ = RecordedRun{};
        pending_->entryPc = start->entryPc;
        pending_->r1 = start->r1;
        pending_->r2 = start->r2;
        pending_->r10 = start->r10;
    } else if (const auto* region = std::get_if<rsp::RunRegion>(&event)) {
        if (pending_) {
            pending_->regions.push_back({region->region.index, region->region.size, region->region.access});
        }
    } else if (const auto* memory = std::get_if<rsp::RunMemory>(&event)) {
        if (pending_) {
            pending_->memory.push_back({memory->address, memory->bytes});
        }
    } else if (const auto* write = std::get_if<rsp::BindingWrite>(&event)) {
        begin();
        if (liveRun_) {
            writes_.push_back({write->address, write->bytes});
        }
    } else if (const auto* call = std::get_if<rsp::BindingCall>(&event)) {
        begin();
        if (liveRun_) {
            history_.addCall({call->step, call->id, call->result, std::exchange(writes_, {})});
        }
    } else if (const auto* end = std::get_if<rsp::RunEnd>(&event)) {
        begin();
        if (liveRun_) {
            history_.endRun({end->cause, end->instructions, end->result, end->status, end->detail});
        }
        liveRun_.reset();
        writes_.clear();
    } else if (const auto* stop = std::get_if<rsp::StopReply>(&event)) {
        stopped(*stop);
    }
}

void Recorder::stopped(const rsp::StopReply& stop) {
    if (stop.cause == RBPF_CAUSE_IDLE) {
        return;
    }
    begin();
    liveStep_ = stop.instructions;
    if (liveRun_) {
        history_.reached(stop.instructions);
    } else if (boardRun_) { // a run that was in progress when the debugger came is no gap
        incomplete_ = true;
    }
}

void Recorder::setRegister(int reg, std::uint64_t value) {
    if (liveRun_) {
        history_.addEdit({liveStep_, reg, value, {}});
    }
}

void Recorder::wroteMemory(std::uint32_t address, std::vector<std::uint8_t> bytes) {
    if (liveRun_) {
        history_.addEdit({liveStep_, -1, 0, {address, std::move(bytes)}});
    }
}

void Recorder::interrupted() {
    begin();
    if (liveRun_) {
        // What is known ends at the last stop; without an end the run would count as going on.
        incomplete_ = true;
    }
    liveRun_.reset();
    boardRun_.reset();
    writes_.clear();
}

} // namespace rbpf::session
