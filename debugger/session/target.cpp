// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/target.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <rbpf/image.h>

namespace rbpf::session {

using support::ErrorKind;
using support::fail;

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
    // Neighbours are asked for next: fetch as much of the region around as one packet carries.
    std::uint32_t from = address;
    std::uint32_t bytes = size;
    const auto packet = static_cast<std::uint32_t>(client_->features().readBytes());
    if (const auto all = regions(); all && size < packet) {
        for (const rsp::RegionInfo& region : *all) {
            const std::uint32_t offset = address & RBPF_OFFSET_MASK;
            if (static_cast<std::uint32_t>(region.index) == address >> RBPF_REGION_SHIFT && (region.access & 1) != 0 &&
                std::uint64_t{offset} + size <= region.size) {
                // Of the stack, what lies below the frame in use matters least: pieces end at the region's end.
                const std::uint32_t behind = region.size - offset;
                const std::uint32_t start =
                    behind <= packet && region.size > packet ? region.size - packet : offset / packet * packet;
                if (offset + size <= start + packet) {
                    from = RBPF_ADDRESS(region.index, start);
                    bytes = std::min(packet, region.size - start);
                }
            }
        }
    }
    auto piece = client_->readMemory(from, bytes);
    if (!piece) {
        return piece;
    }
    const auto begin = piece->begin() + static_cast<std::ptrdiff_t>(address - from);
    std::vector<std::uint8_t> wanted(begin, begin + size);
    pieces_[from] = std::move(*piece);
    return wanted;
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
