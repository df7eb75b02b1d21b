// SPDX-License-Identifier: LGPL-2.1-or-later
// What comes by itself: stops, how a run began, what each binding call returned and wrote, how it ended.
#include "rbpf_agent/debug.hpp"

#include <string.h>

#include "rbpf_agent/timing.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

static_assert(sizeof(rbpf_debug_state_t) == 112 && sizeof(rbpf_debug_piece_t) == 12);
static_assert(sizeof(rbpf_debug_piece_t) + RBPF_PIECE_BYTES <= sizeof(rbpf_debug_state_t), "no packet is longer");

void Debugger::addPiece(uint32_t address, uint32_t size) {
    if (size != 0 && pieces_ < kPiecesMax) {
        list_[pieces_++] = Piece{address, size};
    }
}

/// The next bytes of the last piece; how many.
[[gnu::always_inline]] inline uint32_t Debugger::writePiece() {
    const Piece& piece = list_[pieces_ - 1];
    const uint8_t* from = find(RBPF_AREA_MEMORY, piece.address);
    uint32_t size = piece.size < found_ ? piece.size : found_;
    size = size < RBPF_PIECE_BYTES ? size : RBPF_PIECE_BYTES;
    auto* const head = reinterpret_cast<uint32_t*>(memory_.packet); // rbpf_debug_piece_t
    head[0] = (owed_ & RBPF_TELL_WROTE) | static_cast<uint32_t>(writable_) << 8;
    head[1] = piece.address;
    head[2] = piece.size;
    memcpy(head + 3, from, size);
    return size;
}

/// The state as it is now, for a bit of owed_; how much of it is to be sent.
[[gnu::always_inline]] inline uint32_t Debugger::writeState(unsigned what) {
    rbpf_container_t& c = container();
    auto& state = *reinterpret_cast<rbpf_debug_state_t*>(memory_.packet);
    if (what == kEnd) {
        (void)noteEnd();
    }
    head_.tell = static_cast<uint8_t>(what);
    memcpy(memory_.packet, &head_, sizeof head_);
    if (what == kStop && !at_->running) {
        // The registers that the next run starts with. There is no run in progress whose state could suffer.
        rbpf_container_start(&c, rbpf_image_entry(&at_->image, 0).insnIndex);
        c.runnable = 0;
        state.cause = RBPF_CAUSE_IDLE;
    }
    if (what == kTaken) {
        state.detail = session_;
    }
    state.pc = c.pc * vm::kSlotBytes;
    state.instructions = c.instructions;
    memcpy(state.reg, c.reg, sizeof state.reg);
    return (what & (kStop | kStart)) != 0 ? sizeof state
           : (what & (kEnd | kCall)) != 0 ? RBPF_STATE_SHORT_BYTES
                                          : RBPF_STATE_HEAD_BYTES;
}

/// Tells what is owed; false if the line has no room for all of it.
bool Debugger::flush() {
    bool room = true;
    for (;;) {
        const unsigned owed = halted_ ? owed_ : owed_ & ~kStop;
        if (owed == 0) {
            break;
        }
        const unsigned what = owed & (0 - owed);
        uint32_t piece = 0;
        uint32_t size = 0;
        if (what == kPieces) {
            if (pieces_ == 0) {
                owed_ ^= kPieces;
                continue;
            }
            piece = writePiece();
            size = sizeof(rbpf_debug_piece_t) + piece;
        } else {
            size = writeState(what);
        }
        room = out_.debug(memory_.packet, size, what >> 7);
        if (!room) {
            break;
        }
        if (what != kPieces) {
            owed_ ^= what;
            continue;
        }
        list_[pieces_ - 1].address += piece;
        list_[pieces_ - 1].size -= piece;
        pieces_ -= piece < RBPF_PIECE_BYTES ? 1 : 0;
    }
    // The container runs neither while it is halted nor while something that it did is still to be told.
    at_->held = static_cast<uint8_t>(halted_ | (owed_ & kOfRun));
    return room;
}

uint32_t Debugger::tend() {
    static constexpr char kLate[] = "halted for too long\n";
    uint32_t wait = UINT32_MAX;
    const bool capped = kHoldMs != 0 && (settings_.holdMs == 0 || settings_.holdMs > kHoldMs);
    const uint32_t limit = capped ? kHoldMs : settings_.holdMs;
    if (halted_ && limit != 0) {
        wait = haltedMs_ + limit - port_.nowMs();
        if (static_cast<int32_t>(wait) <= 0) {
            console_.write(kLate, sizeof kLate - 1);
            owed_ |= kResumed | kStop;
            if (settings_.holdAborts != 0) {
                abortRun();
            }
            resume(0);
            wait = UINT32_MAX;
        }
    }
    return !flush() && wait > kCongestedMs ? kCongestedMs : wait;
}

} // namespace rbpf::agent
