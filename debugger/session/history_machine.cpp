// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/history_machine.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "sdk/image/bindings.hpp"
#include "sdk/image/instruction.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::Result;

namespace {

/// More than any board has, little enough for a file that lies about its sizes.
constexpr rbpf_limits_t kLimits = {1u << 20, 1u << 16, 1u << 20};
constexpr std::uint32_t kRegionBytesMax = 1u << 16;
constexpr std::uint64_t kPieceMax = 1u << 30;
constexpr int kPcRegister = 11;

/// Messages name statuses whichever sign the record has.
int positive(int status) {
    return status < 0 ? -status : status;
}

} // namespace

std::string bindingText(std::uint32_t id) {
    const auto name = image::bindingName(id);
    return name ? std::string(*name) : fmt::format("binding {:#x}", id);
}

Result<std::shared_ptr<const OpenedImage>> OpenedImage::open(std::vector<std::uint8_t> bytes) {
    const auto opened = std::make_shared<OpenedImage>();
    opened->bytes = std::move(bytes);
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(opened->bytes.size(), UINT32_MAX));
    if (const auto status = rbpf_image_open(&opened->image, opened->bytes.data(), size); status != RBPF_STATUS_OK) {
        return support::fail(ErrorKind::Script, "the image cannot be executed: " + image::statusSentence(status));
    }
    const rbpf_firmware_t everything{[](const rbpf_firmware_t*, std::uint32_t) { return 1; }, nullptr};
    rbpf_fault_t rejection{};
    if (const auto status = rbpf_image_verify(&opened->image, &kLimits, &everything, &rejection);
        status != RBPF_STATUS_OK) {
        return support::fail(ErrorKind::Script, fmt::format("the image cannot be executed: instruction {}: {}",
                                                            rejection.insnIndex, image::statusSentence(status)));
    }
    opened->starts.resize(opened->image.textBytes / 8);
    for (const auto& instruction : image::decode({opened->image.text, opened->image.textBytes})) {
        opened->starts[instruction.index] = true;
    }
    return opened;
}

bool OpenedImage::isInstruction(std::uint32_t pcBytes) const {
    return pcBytes % 8 == 0 && pcBytes / 8 < starts.size() && starts[pcBytes / 8];
}

std::size_t Machine::Snapshot::bytes() const {
    std::size_t sum = sizeof *this;
    for (const auto& region : memory) {
        sum += region.size();
    }
    return sum;
}

Machine::Machine(std::shared_ptr<const OpenedImage> image) : image_(std::move(image)), firmware_{{has, call}, this} {
    memory_[RBPF_REGION_STACK].resize(image_->image.stackBytes);
    memory_[RBPF_REGION_DATA].resize(image_->ramBytes());
    rbpf_container_init(&container_, &image_->image, &firmware_.base, memory_[RBPF_REGION_STACK].data(),
                        memory_[RBPF_REGION_DATA].data());
}

std::vector<std::uint8_t> Machine::initialRam() const {
    std::vector<std::uint8_t> ram(image_->ramBytes());
    std::copy_n(image_->image.data, image_->image.dataBytes, ram.begin());
    return ram;
}

/// Lets the VM reach memory_[region].
void Machine::point(unsigned region, int access) {
    const auto size = static_cast<std::uint32_t>(memory_[region].size());
    rbpf_container_grant(&container_, region, size != 0 ? memory_[region].data() : nullptr, size, 1);
    container_.region[region].readBytes = (access & 1) != 0 ? size : 0;
    container_.region[region].writeBytes = (access & 2) != 0 ? size : 0;
}

Result<void> Machine::begin(std::uint32_t number, const RecordedRun& run, const std::vector<std::uint8_t>& ram) {
    number_ = 0;
    const auto broken = [number](const std::string& what) {
        return support::fail(ErrorKind::Io, fmt::format("the record of run {} cannot be right: {}", number, what));
    };
    if (!image_->isInstruction(run.entryPc)) {
        return broken(fmt::format("it begins at {:#x}, where the image has no instruction", run.entryPc));
    }
    memory_[RBPF_REGION_DATA] = ram;
    memory_[RBPF_REGION_DATA].resize(image_->ramBytes());
    point(RBPF_REGION_DATA, 3);
    for (unsigned region = RBPF_REGION_CONTEXT; region < RBPF_REGION_COUNT; ++region) {
        memory_[region].clear();
        point(region, 0);
    }
    for (const RecordedRegion& granted : run.regions) {
        if (granted.index < 0 || granted.index >= RBPF_REGION_COUNT || granted.size > kRegionBytesMax) {
            return broken(fmt::format("region {} of {} bytes", granted.index, granted.size));
        }
        if (granted.index >= RBPF_REGION_CONTEXT) { // the others come with the image
            memory_[static_cast<unsigned>(granted.index)].assign(granted.size, 0);
            point(static_cast<unsigned>(granted.index), granted.access);
        }
    }
    rbpf_container_start(&container_, run.entryPc / 8);
    for (const RecordedWrite& found : run.memory) {
        if (!write(found)) {
            return broken(fmt::format("it has {} bytes of memory at {:#x}, where the script has none",
                                      found.bytes.size(), found.address));
        }
    }
    container_.reg[1] = run.r1;
    container_.reg[2] = run.r2;
    container_.reg[10] = run.r10;
    nextCall_ = 0;
    nextEdit_ = 0;
    number_ = number;
    return applyEdits(run);
}

/// Past the script's own rights: the firmware may fill what a script can only read.
bool Machine::write(const RecordedWrite& write) {
    const unsigned region = write.address >> RBPF_REGION_SHIFT;
    const std::uint32_t offset = write.address & RBPF_OFFSET_MASK;
    std::vector<std::uint8_t>& memory = memory_[region];
    if (offset > memory.size() || write.bytes.size() > memory.size() - offset) {
        return false;
    }
    std::ranges::copy(write.bytes, memory.begin() + offset);
    return true;
}

const std::uint8_t* Machine::bytesAt(std::uint32_t address, std::uint32_t size) const {
    return static_cast<const std::uint8_t*>(rbpf_container_access(&container_, address, size, RBPF_READ));
}

tl::unexpected<support::Error> Machine::disagreement(std::uint64_t step, const std::string& what) {
    const std::uint32_t number = number_;
    number_ = 0;
    return support::fail(
        ErrorKind::Board,
        fmt::format("executing run {} again disagrees with the record at step {}: {}", number, step, what),
        "this part of the history cannot be shown; the image, the firmware or the recording is not the one it was");
}

int Machine::has(const rbpf_firmware_t*, std::uint32_t) {
    return 1;
}

int Machine::call(const rbpf_firmware_t* firmware, rbpf_container_t*, std::uint32_t id) {
    return reinterpret_cast<const Firmware*>(firmware)->machine->answer(id);
}

int Machine::answer(std::uint32_t id) {
    const std::uint64_t step = container_.instructions;
    const bool exists = nextCall_ < record_->calls.size();
    if (exists && record_->calls[nextCall_].step == step) {
        const RecordedCall& recorded = record_->calls[nextCall_];
        if (recorded.id != id) {
            complaint_ = fmt::format("the record has a call of {}, the script calls {}", bindingText(recorded.id),
                                     bindingText(id));
            return RBPF_STATUS_ABORTED;
        }
        for (const RecordedWrite& each : recorded.writes) {
            if (!write(each)) {
                complaint_ = fmt::format("{} wrote {} bytes at {:#x}, where the script has no memory", bindingText(id),
                                         each.bytes.size(), each.address);
                return RBPF_STATUS_ABORTED;
            }
        }
        container_.reg[0] = recorded.result;
        ++nextCall_;
        return 0;
    }
    const auto& end = record_->end;
    if (end && end->cause == RBPF_CAUSE_FAULT && end->instructions == step && end->status != 0) {
        container_.fault.detail = end->detail;
        return -positive(end->status);
    }
    complaint_ = fmt::format("the script calls {}, of which the record has nothing there", bindingText(id));
    return RBPF_STATUS_ABORTED;
}

Result<void> Machine::applyEdits(const RecordedRun& run) {
    for (; nextEdit_ < run.edits.size() && run.edits[nextEdit_].step <= step(); ++nextEdit_) {
        const RecordedEdit& edit = run.edits[nextEdit_];
        if (edit.reg < 0 && write(edit.write)) {
            continue;
        }
        if (edit.reg >= 0 && edit.reg < RBPF_REGISTERS) {
            container_.reg[edit.reg] = edit.value;
            continue;
        }
        if (edit.reg == kPcRegister && edit.value <= UINT32_MAX &&
            image_->isInstruction(static_cast<std::uint32_t>(edit.value))) {
            container_.pc = static_cast<std::uint32_t>(edit.value / 8);
            continue;
        }
        return disagreement(edit.step, "a change by the user that is not possible there");
    }
    return {};
}

Result<void> Machine::advance(const RecordedRun& run, std::uint64_t goal) {
    record_ = &run;
    complaint_.clear();
    if (auto applied = applyEdits(run); !applied) {
        return applied;
    }
    while (step() < goal) {
        const std::uint64_t edit = nextEdit_ < run.edits.size() ? run.edits[nextEdit_].step : goal;
        const std::uint64_t piece = std::min({goal, edit}) - step();
        const rbpf_halt_t halt =
            rbpf_container_run(&container_, static_cast<std::uint32_t>(std::min(piece, kPieceMax)));
        if (!complaint_.empty()) {
            return disagreement(step(), complaint_);
        }
        if (nextCall_ < run.calls.size() && run.calls[nextCall_].step < step()) {
            const RecordedCall& missed = run.calls[nextCall_];
            return disagreement(missed.step, fmt::format("the record has a call of {}, the script executes another "
                                                         "instruction",
                                                         bindingText(missed.id)));
        }
        if (halt == RBPF_HALT_EXITED && step() < goal) {
            return disagreement(step(), fmt::format("the script returns, the record goes on to step {}", goal));
        }
        if (halt == RBPF_HALT_FAULT) {
            return disagreement(step(), fmt::format("the script faults ({}), the record goes on to step {}",
                                                    image::statusName(container_.fault.status), goal));
        }
        if (auto applied = applyEdits(run); !applied) {
            return applied;
        }
    }
    return {};
}

Result<void> Machine::checkEnd(const RecordedRun& run) {
    const RecordedEnd& end = *run.end;
    // A change by the user at the very end came after what ended the run.
    if (!run.edits.empty() && run.edits.back().step >= end.instructions) {
        return {};
    }
    const bool exited = container_.runnable == 0 && container_.fault.status == 0;
    if (end.cause == RBPF_CAUSE_EXIT) {
        if (!exited) {
            return disagreement(step(), "the record ends there, the script goes on");
        }
        if (container_.reg[0] != end.result) {
            return disagreement(
                step(), fmt::format("the script returns {:#x}, the record says {:#x}", container_.reg[0], end.result));
        }
        return {};
    }
    if (exited) {
        return disagreement(step(), "the script returns, which the record does not say");
    }
    const int status = -positive(end.status);
    if (end.cause != RBPF_CAUSE_FAULT || status == RBPF_STATUS_ABORTED || container_.runnable == 0) {
        return {};
    }
    // The faulting instruction changes nothing that a script can see.
    record_ = &run;
    complaint_.clear();
    const rbpf_halt_t halt = rbpf_container_run(&container_, 1);
    if (halt != RBPF_HALT_FAULT || !complaint_.empty()) {
        return disagreement(end.instructions, fmt::format("the record ends with {} there, the script goes on",
                                                          image::statusName(status)));
    }
    const rbpf_fault_t& fault = container_.fault;
    const bool hasAddress = status == RBPF_STATUS_READ_FAULT || status == RBPF_STATUS_WRITE_FAULT;
    if (fault.status != status || (hasAddress && fault.detail != end.detail)) {
        return disagreement(step(), fmt::format("the record ends with {} ({:#x}), the script with {} ({:#x})",
                                                image::statusName(status), end.detail, image::statusName(fault.status),
                                                fault.detail));
    }
    return {};
}

Machine::Snapshot Machine::snapshot() const {
    return {container_, memory_, nextCall_, nextEdit_};
}

void Machine::restore(std::uint32_t number, const Snapshot& snapshot) {
    memory_ = snapshot.memory;
    container_ = snapshot.container;
    for (unsigned region = 0; region < RBPF_REGION_COUNT; ++region) {
        if (region != RBPF_REGION_TEXT && region != RBPF_REGION_RODATA) { // those lie in the image
            container_.region[region].base = memory_[region].empty() ? nullptr : memory_[region].data();
        }
    }
    nextCall_ = snapshot.nextCall;
    nextEdit_ = snapshot.nextEdit;
    number_ = number;
}

} // namespace rbpf::session
