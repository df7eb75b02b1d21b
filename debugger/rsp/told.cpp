// SPDX-License-Identifier: GPL-3.0-or-later
// What the board tells by itself, to events (<rbpf/debug.h>): a table, one row a kind.
#include <algorithm>
#include <cstddef>

#include "debugger/rsp/fields.hpp"

namespace rbpf::rsp {

namespace {

using Events = std::vector<Event>;

Events memory(const rbpf_debug_piece_t& piece, std::vector<std::uint8_t> bytes) {
    Events events;
    const int region = static_cast<int>(piece.address >> RBPF_REGION_SHIFT);
    if (region >= RBPF_REGION_CONTEXT && (piece.address & RBPF_OFFSET_MASK) == 0) {
        events.emplace_back(RunRegion{{region, piece.size, piece.writable != 0 ? 3 : 1}});
    }
    if (!bytes.empty()) {
        events.emplace_back(RunMemory{piece.address, std::move(bytes)});
    }
    return events;
}

Events wrote(const rbpf_debug_piece_t& piece, std::vector<std::uint8_t> bytes) {
    return bytes.empty() ? Events{} : Events{BindingWrite{piece.address, std::move(bytes)}};
}

Events start(const rbpf_debug_state_t& state) {
    return {RunStart{state.run, state.pc, state.reg[1], state.reg[2], state.reg[10]}};
}

Events call(const rbpf_debug_state_t& state) {
    return {BindingCall{state.instructions - 1, state.binding, state.reg[0]}};
}

Events end(const rbpf_debug_state_t& state) {
    return {RunEnd{state.run, static_cast<rbpf_cause_t>(state.cause), state.instructions, state.reg[0],
                   -static_cast<int>(state.status), state.detail}};
}

Events resumed(const rbpf_debug_state_t& state) {
    return {Resumed{state.slot, false}};
}

Events gone(const rbpf_debug_state_t& state) {
    return {Gone{state.slot, RBPF_CAUSE_GONE}};
}

Events taken(const rbpf_debug_state_t& state) {
    return {Taken{state.detail}};
}

struct StateRow {
    unsigned tell;
    std::size_t bytes;
    Events (*read)(const rbpf_debug_state_t& state);
};

constexpr StateRow kStates[] = {
    {RBPF_TELL_RESUMED, RBPF_STATE_HEAD_BYTES, resumed}, {RBPF_TELL_START, sizeof(rbpf_debug_state_t), start},
    {RBPF_TELL_CALL, RBPF_STATE_SHORT_BYTES, call},      {RBPF_TELL_END, RBPF_STATE_SHORT_BYTES, end},
    {RBPF_TELL_GONE, RBPF_STATE_HEAD_BYTES, gone},       {RBPF_TELL_TAKEN, RBPF_STATE_HEAD_BYTES, taken},
};

bool plausible(const rbpf_debug_state_t& state) {
    return state.tell != RBPF_TELL_END || state.cause == RBPF_CAUSE_EXIT || state.cause == RBPF_CAUSE_FAULT ||
           state.cause == RBPF_CAUSE_BUDGET;
}

} // namespace

support::Result<std::vector<Event>> parseTold(std::string_view payload) {
    const unsigned tell = payload.empty() ? 0 : static_cast<std::uint8_t>(payload[0]);
    if (tell == RBPF_TELL_MEMORY || tell == RBPF_TELL_WROTE) {
        const auto piece = structAt<rbpf_debug_piece_t>(payload);
        if (piece && payload.size() <= sizeof *piece + RBPF_PIECE_BYTES) {
            std::vector<std::uint8_t> bytes(payload.begin() + sizeof *piece, payload.end());
            return tell == RBPF_TELL_MEMORY ? memory(*piece, std::move(bytes)) : wrote(*piece, std::move(bytes));
        }
    }
    for (const StateRow& row : kStates) {
        if (row.tell == tell && row.bytes == payload.size()) {
            rbpf_debug_state_t state{};
            std::memcpy(&state, payload.data(), payload.size());
            if (plausible(state)) {
                return row.read(state);
            }
        }
    }
    return support::fail(support::ErrorKind::Board, "the board tells something that this program cannot read",
                         "is its firmware older or newer than this program? `rbpf boards` shows it");
}

} // namespace rbpf::rsp
