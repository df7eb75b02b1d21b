// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/target.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <rbpf/image.h>

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

namespace {

constexpr int kFramePointer = 10;

} // namespace

support::Result<std::vector<MachineState::Frame>> LiveTarget::calls() {
    if (!mayHaveCalls_) {
        return std::vector<MachineState::Frame>{};
    }
    if (!calls_) {
        const auto frames = client_->frames();
        if (!frames) {
            return tl::unexpected(frames.error());
        }
        calls_.emplace();
        for (const rsp::FrameInfo& frame : *frames) {
            MachineState::Frame call;
            call.returnPc = frame.returnPc;
            call.frame = frame.framePointer;
            std::copy(frame.saved.begin(), frame.saved.end(), call.saved);
            calls_->push_back(call);
        }
    }
    return *calls_;
}

support::Result<std::vector<rsp::RegionInfo>> LiveTarget::regions() {
    if (!regions_) {
        auto regions = client_->regions();
        if (!regions) {
            return regions;
        }
        regions_ = std::move(*regions);
    }
    return *regions_;
}

support::Result<std::vector<std::uint8_t>> LiveTarget::read(std::uint32_t address, std::uint32_t size) {
    if (size == 0) {
        return std::vector<std::uint8_t>{};
    }
    auto found = pieces_.upper_bound(address);
    if (found != pieces_.begin()) {
        --found;
        const std::size_t skip = address - found->first;
        if (skip + size <= found->second.size()) {
            const auto begin = found->second.begin() + static_cast<std::ptrdiff_t>(skip);
            return std::vector<std::uint8_t>(begin, begin + size);
        }
    }
    // Neighbours are asked for next: fetch as much around it as one packet carries. Of the stack that is the frame in
    // use, which ends at r10. The board sends less where the region ends earlier, so its size need not be known.
    const auto packet = static_cast<std::uint32_t>(client_->features().readBytes());
    const std::uint32_t offset = address & RBPF_OFFSET_MASK;
    const auto top = static_cast<std::uint32_t>(registers_[kFramePointer]);
    std::uint32_t start = offset / packet * packet;
    if (address < top && address >> RBPF_REGION_SHIFT == (top - 1) >> RBPF_REGION_SHIFT && top - address <= packet) {
        start = std::max(top & RBPF_OFFSET_MASK, packet) - packet;
    }
    if (size <= packet && offset + size <= start + packet) {
        const std::uint32_t from = address - offset + start;
        auto piece = client_->readPiece(from, packet);
        if (!piece) {
            return piece;
        }
        const std::uint32_t skip = offset - start;
        if (skip + size <= piece->size()) {
            std::vector<std::uint8_t> wanted(piece->begin() + skip, piece->begin() + skip + size);
            pieces_[from] = std::move(*piece);
            return wanted;
        }
    }
    auto bytes = client_->readMemory(address, size);
    if (bytes) {
        pieces_[address] = *bytes;
    }
    return bytes;
}

support::Result<void> LiveTarget::setRegister(int number, std::uint64_t value) {
    if (auto set = client_->setRegister(number, value); !set) {
        return set;
    }
    registers_.at(static_cast<std::size_t>(number)) = value;
    return {};
}

support::Result<void> LiveTarget::write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    pieces_.clear();
    return client_->writeMemory(address, bytes);
}

support::Result<rsp::Registers> PastTarget::registers() {
    rsp::Registers registers{};
    std::copy(std::begin(state_.reg), std::end(state_.reg), registers.begin());
    registers[rsp::kRegisterPc] = state_.pc;
    return registers;
}

support::Result<std::vector<rsp::RegionInfo>> PastTarget::regions() {
    std::vector<rsp::RegionInfo> regions;
    for (const MachineState::Memory& memory : state_.regions) {
        regions.push_back({memory.index, static_cast<std::uint32_t>(memory.bytes.size()), memory.access});
    }
    return regions;
}

support::Result<std::vector<std::uint8_t>> PastTarget::read(std::uint32_t address, std::uint32_t size) {
    const std::uint32_t offset = address & RBPF_OFFSET_MASK;
    for (const MachineState::Memory& memory : state_.regions) {
        if (static_cast<std::uint32_t>(memory.index) == address >> RBPF_REGION_SHIFT &&
            std::uint64_t{offset} + size <= memory.bytes.size()) {
            const auto begin = memory.bytes.begin() + offset;
            return std::vector<std::uint8_t>(begin, begin + size);
        }
    }
    return fail(ErrorKind::Board, fmt::format("there are no {} bytes at 0x{:08x}", size, address));
}

support::Result<void> PastTarget::setRegister(int, std::uint64_t) {
    return fail(ErrorKind::Usage, "the past cannot be changed", "go to the present first");
}

support::Result<void> PastTarget::write(std::uint32_t, std::span<const std::uint8_t>) {
    return fail(ErrorKind::Usage, "the past cannot be changed", "go to the present first");
}

} // namespace rbpf::session
