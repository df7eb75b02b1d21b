// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/simulated_port.hpp"

#include <utility>

namespace rbpf::native {

namespace {

constexpr std::size_t kSlots = 4;
constexpr std::size_t kAnySize = SIZE_MAX;

State emptyState() {
    State state;
    state.slots.resize(kSlots);
    return state;
}

} // namespace

SimulatedPort::SimulatedPort(Devices devices, State state, std::string statePath, std::size_t imageBytesMax)
    : devices_(std::move(devices)), state_(std::move(state)), statePath_(std::move(statePath)),
      imageBytesMax_(imageBytesMax) {
    clock = [start = std::chrono::steady_clock::now()] {
        const auto since = std::chrono::steady_clock::now() - start;
        return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
    };
}

SimulatedPort::SimulatedPort(Devices devices) : SimulatedPort(std::move(devices), emptyState(), "", kAnySize) {}

size_t SimulatedPort::serialWrite(const uint8_t*, size_t size) {
    return size;
}

void SimulatedPort::datagramWrite(uint32_t, const uint8_t*, size_t) {}

rbpf_status_t SimulatedPort::save() {
    if (statePath_.empty()) {
        return RBPF_STATUS_OK;
    }
    const auto saved = saveState(statePath_, state_);
    storageError_ = saved ? "" : saved.error();
    return saved ? RBPF_STATUS_OK : RBPF_STATUS_STORAGE;
}

port::Bytes SimulatedPort::slot(uint32_t slot) {
    if (slot >= state_.slots.size() || state_.slots[slot].size() == 0) {
        return {};
    }
    return {state_.slots[slot].data(), state_.slots[slot].size()};
}

rbpf_status_t SimulatedPort::stageBegin(uint32_t slot, size_t size) {
    if (slot >= state_.slots.size()) {
        return RBPF_STATUS_NO_SUCH_SLOT;
    }
    if (size > imageBytesMax_) {
        return RBPF_STATUS_TOO_LARGE;
    }
    staged_.clear();
    stagedSlot_ = slot;
    return RBPF_STATUS_OK;
}

rbpf_status_t SimulatedPort::stageWrite(size_t offset, const uint8_t* data, size_t size) {
    if (!stagedSlot_ || offset != staged_.size()) {
        return RBPF_STATUS_BLOCK_ORDER;
    }
    if (size > imageBytesMax_ - offset) {
        return RBPF_STATUS_TOO_LARGE;
    }
    staged_.append(data, size);
    return RBPF_STATUS_OK;
}

port::Bytes SimulatedPort::staged() {
    return {staged_.data(), staged_.size()};
}

rbpf_status_t SimulatedPort::stageCommit(uint32_t slot) {
    if (stagedSlot_ != slot) {
        return RBPF_STATUS_BLOCK_ORDER;
    }
    std::swap(state_.slots[slot], staged_);
    const rbpf_status_t status = save();
    if (status != RBPF_STATUS_OK) {
        std::swap(state_.slots[slot], staged_);
    }
    stageAbort();
    return status;
}

void SimulatedPort::stageAbort() {
    staged_.clear();
    stagedSlot_.reset();
}

rbpf_status_t SimulatedPort::slotRemove(uint32_t slot) {
    if (slot >= state_.slots.size()) {
        return RBPF_STATUS_NO_SUCH_SLOT;
    }
    ImageBytes removed;
    std::swap(state_.slots[slot], removed);
    const rbpf_status_t status = save();
    if (status != RBPF_STATUS_OK) {
        std::swap(state_.slots[slot], removed);
    }
    return status;
}

port::Bytes SimulatedPort::storeLoad() {
    return {state_.store.data(), state_.store.size()};
}

rbpf_status_t SimulatedPort::storeSave(const uint8_t* data, size_t size) {
    std::vector<std::uint8_t> before(data, data + size);
    std::swap(state_.store, before);
    const rbpf_status_t status = save();
    if (status != RBPF_STATUS_OK) {
        std::swap(state_.store, before);
    }
    return status;
}

port::Device SimulatedPort::device(uint32_t index) {
    const SimulatedDevice& device = devices_.at(index);
    return {device.name.c_str(), device.type};
}

port::Pin SimulatedPort::pin(uint32_t index) {
    const auto [number, pin] = devices_.pinAt(index);
    return {number, pin.output, pin.level};
}

int SimulatedPort::deviceRead(uint32_t index, phydat_t& reading) {
    return devices_.read(index, static_cast<double>(clock()) / 1000, reading);
}

} // namespace rbpf::native
