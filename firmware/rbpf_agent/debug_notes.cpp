// SPDX-License-Identifier: LGPL-2.1-or-later
// Notifications: how a run began, what each binding call returned and wrote, how it ended. Nothing is queued: while
// something is to be told the container waits, and what is told is read from where it lies.
#include "rbpf_agent/debug.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

namespace {

constexpr uint32_t kPieceBytes = 96;

} // namespace

Debugger::Reply Debugger::history(wire::RspReader& in, wire::RspWriter&) {
    const bool on = in.take('1');
    if ((!on && !in.take('0')) || !in.atEnd()) {
        return Reply::Malformed;
    }
    dataChanged_ = dataChanged_ || !history_;
    history_ = on;
    if (!on) {
        recording_ = false;
        note_ = Note::None;
    }
    update();
    return Reply::Ok;
}

void Debugger::touched(uint32_t address, uint32_t size, uint32_t mode) {
    watch(address, size, mode);
    if (recording_ && (mode & RBPF_WRITE) != 0 && writes_ < kWritesMax) {
        write_[writes_++] = Write{address, size};
    }
}

int Debugger::called(uint32_t id, int status) {
    if (status < 0 || !recording_) {
        writes_ = 0;
    }
    if (status < 0) {
        return status;
    }
    if (recording_) {
        note_ = Note::Writes;
        region_ = 0;
        offset_ = 0;
        callId_ = static_cast<uint8_t>(id);
        callStep_ = container().instructions;
        skipEmpty();
    }
    storeHit_ = storeAsked(id);
    return recording_ || storeHit_ ? RBPF_CALL_INTERRUPT : status;
}

Debugger::Note Debugger::next() const {
    return resumedSlot_ != kNobody ? Note::Resumed
           : note_ != Note::None   ? note_
           : endOwed_              ? Note::End
           : goneSlot_ != kNobody  ? Note::Gone
           : taken_                ? Note::Taken
                                   : Note::None;
}

/// Tells what is to be told; false if the line has no room for all of it.
bool Debugger::flush() {
    for (Note note = next(); note != Note::None; note = next()) {
        wire::RspWriter out(memory_.packet, memory_.packetBytes);
        if (replyBytes_ == 0) {
            write(note, out);
        }
        if (replyBytes_ != 0 || !out_.debug(out.bytes(), false)) {
            update();
            return false;
        }
        written(note);
    }
    update();
    return true;
}

void Debugger::write(Note note, wire::RspWriter& out) {
    static constexpr const char* kNames[] = {
        "", "Start:", "Region:", "Memory:", "Write:", "Call:", "End:", "Resumed:", "Gone:", "Taken:"};
    out.put('%').text(kNames[static_cast<unsigned>(note)]);
    switch (note) {
    case Note::None:
        break;
    case Note::Start: {
        const rbpf_container_t& c = container();
        out.number(run_).put(',').number(c.pc * vm::kSlotBytes);
        out.put(',').number(c.reg[1]).put(',').number(c.reg[2]).put(',').number(c.reg[10]);
        break;
    }
    case Note::Regions: {
        const rbpf_region_t& region = container().region[region_];
        out.number(region_).put(',').number(region.readBytes).put(',').put(region.writeBytes != 0 ? '3' : '1');
        break;
    }
    case Note::Memory:
        writePiece(out, RBPF_ADDRESS(region_, 0), container().region[region_].readBytes);
        break;
    case Note::Writes:
        writePiece(out, write_[region_].address, write_[region_].size);
        break;
    case Note::Call:
        out.number(callStep_).put(',').number(callId_).put(',').number(container().reg[0]);
        break;
    case Note::End: {
        const rbpf_container_t& c = container();
        const int status = c.fault.status;
        out.number(run_).put(',');
        out.number(status == RBPF_STATUS_OK             ? RBPF_CAUSE_EXIT
                   : status == RBPF_STATUS_BUDGET_SPENT ? RBPF_CAUSE_BUDGET
                                                        : RBPF_CAUSE_FAULT);
        out.put(',').number(c.instructions).put(',').number(c.reg[0]).put(',');
        out.number(static_cast<uint32_t>(-status)).put(',').number(c.fault.detail);
        break;
    }
    case Note::Resumed:
        out.number(resumedSlot_).put(',').put(resumedAborted_ ? '1' : '0');
        break;
    case Note::Gone:
        out.number(goneSlot_).put(',').number(RBPF_CAUSE_GONE);
        break;
    case Note::Taken:
        out.number(session_);
        break;
    }
}

void Debugger::writePiece(wire::RspWriter& out, uint32_t address, uint32_t size) {
    const uint32_t piece = size - offset_ < kPieceBytes ? size - offset_ : kPieceBytes;
    const void* memory = rbpf_container_access(&container(), address + offset_, piece, RBPF_READ);
    out.number(address + offset_).put(',');
    if (memory != nullptr) {
        out.binary(memory, piece);
    }
}

/// On to the next piece; true if there is none.
bool Debugger::pieceWritten(uint32_t size) {
    offset_ += kPieceBytes;
    if (offset_ < size) {
        return false;
    }
    offset_ = 0;
    ++region_;
    return true;
}

void Debugger::written(Note note) {
    switch (note) {
    case Note::None:
        break;
    case Note::Start:
        note_ = Note::Regions;
        region_ = RBPF_REGION_CONTEXT;
        offset_ = 0;
        break;
    case Note::Regions:
        ++region_;
        break;
    case Note::Memory:
        (void)pieceWritten(container().region[region_].readBytes);
        break;
    case Note::Writes:
        (void)pieceWritten(write_[region_].size);
        break;
    case Note::Call:
        note_ = Note::None;
        writes_ = 0;
        break;
    case Note::End:
        endOwed_ = false;
        if (halted_ && !attached().running) {
            showIdle();
        }
        break;
    case Note::Resumed:
        resumedSlot_ = kNobody;
        break;
    case Note::Gone:
        goneSlot_ = kNobody;
        break;
    case Note::Taken:
        taken_ = false;
        break;
    }
    skipEmpty();
}

/// Moves the cursor over what is not there.
void Debugger::skipEmpty() {
    if (note_ == Note::Writes && region_ == writes_) {
        note_ = Note::Call;
    }
    while (note_ == Note::Regions || note_ == Note::Memory) {
        while (region_ < RBPF_REGION_COUNT && container().region[region_].readBytes == 0) {
            ++region_;
        }
        if (region_ < RBPF_REGION_COUNT) {
            return;
        }
        // Data is behind the context in no image, and what the last run left there is known.
        region_ = dataChanged_ ? RBPF_REGION_DATA : RBPF_REGION_CONTEXT;
        dataChanged_ = dataChanged_ && note_ == Note::Regions;
        note_ = note_ == Note::Regions ? Note::Memory : Note::None;
    }
}

/// The container runs neither while it is halted nor while something that it did is still to be told.
void Debugger::update() {
    if (slot_ != kNobody) {
        attached().held = halted_ || note_ != Note::None || endOwed_;
    }
}

} // namespace rbpf::agent
