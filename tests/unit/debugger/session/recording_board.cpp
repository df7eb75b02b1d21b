// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/debugger/session/recording_board.hpp"

#include <algorithm>
#include <stdexcept>

namespace rbpf::session::test {

namespace {

std::vector<std::uint8_t> copyOf(const std::vector<std::uint64_t>& words, std::size_t bytes) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(words.data());
    return {at, at + bytes};
}

} // namespace

RecordingBoard::RecordingBoard(std::vector<std::uint8_t> image) : bytes_(std::move(image)) {
    const rbpf_limits_t limits{65536, 4096, 16384};
    rbpf_fault_t rejection{};
    if (rbpf_image_open(&image_, bytes_.data(), static_cast<std::uint32_t>(bytes_.size())) != RBPF_STATUS_OK ||
        rbpf_image_verify(&image_, &limits, &bindings::kFirmware, &rejection) != RBPF_STATUS_OK) {
        throw std::runtime_error("the image was rejected");
    }
    stack_.resize(image_.stackBytes / 8 + 1);
    ram_.resize((image_.dataBytes + image_.bssBytes) / 8 + 1);
    rbpf_container_init(&container_, &image_, &bindings::kFirmware, stack_.data(), ram_.data());
    scope_.port = &port;
    scope_.store = &store_;
    scope_.recorder = this;
    scope_.logOwner = this;
    scope_.log = [](void* who, const char* text, size_t size) {
        static_cast<RecordingBoard*>(who)->log_.append(text, size);
    };
    container_.owner = &scope_;
}

void RecordingBoard::touched(uint32_t address, uint32_t size, uint32_t mode) {
    if ((mode & RBPF_WRITE) != 0) {
        writes_.push_back({address, std::vector<std::uint8_t>(size)});
    }
}

int RecordingBoard::called(uint32_t id, int status) {
    if (status >= 0) {
        for (RecordedWrite& write : writes_) {
            const auto size = static_cast<std::uint32_t>(write.bytes.size());
            const auto* at =
                static_cast<const std::uint8_t*>(rbpf_container_access(&container_, write.address, size, RBPF_WRITE));
            write.bytes.assign(at, at + size);
        }
        record_->calls.push_back({container_.instructions, id, container_.reg[0], std::move(writes_)});
    }
    writes_.clear();
    return status;
}

MachineState RecordingBoard::state() const {
    MachineState state;
    std::copy_n(container_.reg, 11, state.reg);
    state.pc = container_.pc * 8;
    for (unsigned i = container_.depth; i > 0; --i) {
        const rbpf_frame_t& frame = container_.frame[i - 1];
        state.frames.push_back({frame.returnPc * 8, frame.frame, {}});
        std::copy_n(frame.saved, 4, state.frames.back().saved);
    }
    if (image_.stackBytes != 0) {
        state.regions.push_back({RBPF_REGION_STACK, 3, copyOf(stack_, image_.stackBytes)});
    }
    if (image_.rodataBytes != 0) {
        state.regions.push_back({RBPF_REGION_RODATA, 1, {image_.rodata, image_.rodata + image_.rodataBytes}});
    }
    if (const auto size = image_.dataBytes + image_.bssBytes; size != 0) {
        state.regions.push_back({RBPF_REGION_DATA, 3, copyOf(ram_, size)});
    }
    if (!context_.empty()) {
        state.regions.push_back({RBPF_REGION_CONTEXT, 3, context_});
    }
    return state;
}

RecordingBoard::Run RecordingBoard::run(const Request& request) {
    Run run;
    record_ = &run.record;
    log_.clear();
    context_ = request.context;
    rbpf_container_grant(&container_, RBPF_REGION_CONTEXT, context_.empty() ? nullptr : context_.data(),
                         static_cast<std::uint32_t>(context_.size()), 1);
    rbpf_container_start(&container_, rbpf_image_entry(&image_, request.entry).insnIndex);
    run.record.entryPc = container_.pc * 8;
    run.record.r1 = container_.reg[1];
    run.record.r2 = container_.reg[2];
    run.record.r10 = container_.reg[10];
    if (!context_.empty()) {
        run.record.regions.push_back({RBPF_REGION_CONTEXT, static_cast<std::uint32_t>(context_.size()), 3});
        run.record.memory.push_back({RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0), context_});
    }
    if (const auto size = image_.dataBytes + image_.bssBytes; size != 0 && first_) {
        run.record.memory.push_back({RBPF_ADDRESS(RBPF_REGION_DATA, 0), copyOf(ram_, size)});
    }
    first_ = false;
    rbpf_halt_t halt = RBPF_HALT_BUDGET;
    std::size_t edit = 0;
    while (true) {
        for (; edit < request.edits.size() && request.edits[edit].step == container_.instructions; ++edit) {
            const RecordedEdit& change = request.edits[edit];
            run.record.edits.push_back(change);
            if (change.reg >= 0) {
                container_.reg[change.reg] = change.value;
            } else {
                const auto& bytes = change.write.bytes;
                std::ranges::copy(bytes, static_cast<std::uint8_t*>(rbpf_container_access(
                                             &container_, change.write.address,
                                             static_cast<std::uint32_t>(bytes.size()), RBPF_WRITE)));
            }
        }
        if (request.keepStates) {
            run.states.push_back(state());
        }
        if (container_.instructions >= request.budget) {
            break;
        }
        const bool canJump = !request.keepStates && request.edits.empty();
        halt = rbpf_container_run(&container_, canJump ? static_cast<std::uint32_t>(request.budget) : 1);
        if (halt != RBPF_HALT_BUDGET && halt != RBPF_HALT_INTERRUPT) {
            break;
        }
    }
    RecordedEnd end{RBPF_CAUSE_BUDGET, container_.instructions, container_.reg[0], 0, 0};
    if (halt == RBPF_HALT_EXITED) {
        end.cause = RBPF_CAUSE_EXIT;
        if (request.keepStates) {
            run.states.push_back(state());
        }
    } else if (halt == RBPF_HALT_FAULT) {
        end.cause = RBPF_CAUSE_FAULT;
        end.status = container_.fault.status;
        end.detail = container_.fault.detail;
    }
    writes_.clear(); // of a call that faulted
    run.record.end = end;
    run.log = log_;
    return run;
}

History historyOf(const std::vector<std::uint8_t>& image, const std::vector<RecordingBoard::Run>& runs) {
    auto history = History::create(image);
    if (!history) {
        throw std::runtime_error(history.error().message);
    }
    for (const auto& run : runs) {
        RecordedRun start = run.record;
        start.calls.clear();
        start.edits.clear();
        start.end.reset();
        history->beginRun(start);
        for (const RecordedCall& call : run.record.calls) {
            history->addCall(call);
        }
        for (const RecordedEdit& edit : run.record.edits) {
            history->addEdit(edit);
        }
        history->endRun(*run.record.end);
    }
    return std::move(*history);
}

std::string difference(const MachineState& a, const MachineState& b) {
    for (int i = 0; i < 11; ++i) {
        if (a.reg[i] != b.reg[i]) {
            return "r" + std::to_string(i) + ": " + std::to_string(a.reg[i]) + " and " + std::to_string(b.reg[i]);
        }
    }
    if (a.pc != b.pc) {
        return "pc: " + std::to_string(a.pc) + " and " + std::to_string(b.pc);
    }
    if (a.frames.size() != b.frames.size()) {
        return "number of frames";
    }
    for (std::size_t i = 0; i < a.frames.size(); ++i) {
        if (a.frames[i].returnPc != b.frames[i].returnPc || a.frames[i].frame != b.frames[i].frame ||
            !std::ranges::equal(a.frames[i].saved, b.frames[i].saved)) {
            return "frame " + std::to_string(i);
        }
    }
    if (a.regions.size() != b.regions.size()) {
        return "number of regions";
    }
    for (std::size_t i = 0; i < a.regions.size(); ++i) {
        if (a.regions[i].index != b.regions[i].index || a.regions[i].access != b.regions[i].access ||
            a.regions[i].bytes != b.regions[i].bytes) {
            return "region " + std::to_string(a.regions[i].index);
        }
    }
    return "";
}

} // namespace rbpf::session::test
