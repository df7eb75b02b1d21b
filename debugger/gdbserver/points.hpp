// SPDX-License-Identifier: GPL-3.0-or-later
// The breakpoints and watchpoints that GDB has set, for the part of time where the board cannot check them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "debugger/rsp/packets.hpp"

namespace rbpf::gdbserver {

class Points {
public:
    struct Entry {
        rsp::Point kind = rsp::Point::Breakpoint;
        std::uint32_t address = 0, size = 0;
        bool operator==(const Entry&) const = default;
    };

    void insert(const Entry& entry) {
        if (std::find(entries_.begin(), entries_.end(), entry) == entries_.end()) {
            entries_.push_back(entry);
        }
    }
    void remove(const Entry& entry) { std::erase(entries_, entry); }

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] bool breakAt(std::uint32_t pc) const {
        return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
            return entry.kind == rsp::Point::Breakpoint && entry.address == pc;
        });
    }
    [[nodiscard]] bool watching() const {
        return std::any_of(entries_.begin(), entries_.end(),
                           [](const Entry& entry) { return entry.kind != rsp::Point::Breakpoint; });
    }
    /// The watchpoint that an access of [address, address + size) meets.
    [[nodiscard]] std::optional<rsp::StopReply::Watched> watched(std::uint32_t address, std::uint32_t size, bool reads,
                                                                 bool writes) const {
        for (const Entry& entry : entries_) {
            const bool asked = (entry.kind == rsp::Point::Write && writes) ||
                               (entry.kind == rsp::Point::Read && reads) || entry.kind == rsp::Point::Access;
            const std::uint64_t end = std::uint64_t{address} + size;
            const std::uint64_t entryEnd = std::uint64_t{entry.address} + entry.size;
            if (asked && address < entryEnd && entry.address < end) {
                return rsp::StopReply::Watched{entry.kind, entry.address};
            }
        }
        return std::nullopt;
    }

private:
    std::vector<Entry> entries_;
};

} // namespace rbpf::gdbserver
