// SPDX-License-Identifier: GPL-3.0-or-later
// A platform for tests, whose clock the test turns and which fails as devices do: no room, no storage, a line that
// takes nothing or only little.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "boards/native/state_file.hpp"
#include "rbpf_port/port.hpp"

namespace rbpf::fakes {

class FakePort final : public port::Port {
public:
    // What the test may set.
    std::uint64_t timeUs = 1000000;
    std::size_t lineRoom = SIZE_MAX; ///< bytes that the serial line still takes
    bool failCommit = false;
    bool failStage = false;
    bool failStore = false;
    std::size_t stageRoom = SIZE_MAX; ///< bytes of flash for staging
    std::vector<phydat_t> readings = {{{0, 0, 0}, 25, 0}, {{2150, 0, 0}, 2, -2}};
    std::vector<std::uint8_t> types = {0x44, 0x82};
    std::map<uint32_t, int> inputs = {{0, 1}};
    std::map<uint32_t, int> outputs = {{2, 0}};
    // What it may look at.
    std::vector<std::uint8_t> line;
    std::map<std::uint32_t, std::vector<std::vector<std::uint8_t>>> datagrams;
    std::array<native::ImageBytes, 4> slots;
    std::vector<std::uint8_t> store;
    unsigned storeSaves = 0;
    bool staging = false;

    void advanceMs(std::uint64_t ms) { timeUs += ms * 1000; }

    uint32_t nowUs() override { return static_cast<uint32_t>(timeUs); }
    uint32_t nowMs() override { return static_cast<uint32_t>(timeUs / 1000); }
    uint32_t random() override { return random_ = random_ * 1664525u + 1013904223u; }
    size_t serialWrite(const uint8_t* data, size_t size) override {
        const std::size_t taken = size < lineRoom ? size : lineRoom;
        line.insert(line.end(), data, data + taken);
        lineRoom -= lineRoom == SIZE_MAX ? 0 : taken;
        return taken;
    }
    void datagramWrite(uint32_t peer, const uint8_t* data, size_t size) override {
        datagrams[peer].emplace_back(data, data + size);
    }
    port::Bytes slot(uint32_t slot) override {
        return slots[slot].size() == 0 ? port::Bytes{} : port::Bytes{slots[slot].data(), slots[slot].size()};
    }
    rbpf_status_t stageBegin(uint32_t, size_t) override {
        staged_.clear();
        staging = !failStage;
        return failStage ? RBPF_STATUS_STORAGE : RBPF_STATUS_OK;
    }
    rbpf_status_t stageWrite(size_t offset, const uint8_t* data, size_t size) override {
        if (!staging || offset != staged_.size() || size > stageRoom - offset) {
            return RBPF_STATUS_STORAGE;
        }
        staged_.append(data, size);
        return RBPF_STATUS_OK;
    }
    port::Bytes staged() override { return {staged_.data(), staged_.size()}; }
    rbpf_status_t stageCommit(uint32_t slot) override {
        if (failCommit) {
            return RBPF_STATUS_STORAGE;
        }
        std::swap(slots[slot], staged_);
        stageAbort();
        return RBPF_STATUS_OK;
    }
    void stageAbort() override {
        staged_.clear();
        staging = false;
    }
    rbpf_status_t slotRemove(uint32_t slot) override {
        if (failCommit) {
            return RBPF_STATUS_STORAGE;
        }
        slots[slot].clear();
        return RBPF_STATUS_OK;
    }
    port::Bytes storeLoad() override { return {store.data(), store.size()}; }
    rbpf_status_t storeSave(const uint8_t* data, size_t size) override {
        if (failStore) {
            return RBPF_STATUS_STORAGE;
        }
        ++storeSaves;
        store.assign(data, data + size);
        return RBPF_STATUS_OK;
    }
    uint32_t deviceCount() override { return static_cast<uint32_t>(readings.size()); }
    port::Device device(uint32_t index) override { return {"device", types[index]}; }
    int deviceRead(uint32_t index, phydat_t& reading) override {
        reading = readings[index];
        return 1;
    }
    int deviceWrite(uint32_t index, const phydat_t& value) override {
        readings[index] = value;
        return 1;
    }
    int gpioRead(uint32_t pin, bool output) override {
        const auto& pins = output ? outputs : inputs;
        const auto found = pins.find(pin);
        return found == pins.end() ? -1 : found->second;
    }
    int gpioWrite(uint32_t pin, int level) override {
        if (outputs.count(pin) == 0) {
            return -1;
        }
        outputs[pin] = level;
        return 0;
    }

private:
    native::ImageBytes staged_;
    uint32_t random_ = 1;
};

} // namespace rbpf::fakes
