// SPDX-License-Identifier: LGPL-2.1-or-later
// Stops and run control: attaching, halting, going on, single steps, the limit of a halt.
#include "rbpf_agent/debug.hpp"
#include "rbpf_agent/text.hpp"
#include "rbpf_agent/timing.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

void Debugger::attach(unsigned slot) {
    if (slot_ != slot) {
        if (slot_ != kNobody) {
            release();
        }
        slot_ = static_cast<uint8_t>(slot);
        attached().debugged = true;
        attached().run.recorder = this;
        dataChanged_ = true;
        run_ = 0;
    }
    interrupt();
}

/// The container goes on alone.
void Debugger::release() {
    attached().debugged = false;
    attached().held = false;
    attached().run.recorder = nullptr;
    slot_ = kNobody;
    halted_ = false;
    stepping_ = false;
    endOwed_ = false;
    resetSettings();
}

Debugger::Reply Debugger::attachTo(wire::RspReader& in, wire::RspWriter&) {
    uint32_t thread = 0;
    if (!in.number(thread) || !in.atEnd()) {
        return Reply::Malformed;
    }
    if (thread == 0 || thread > memory_.slots || !memory_.slot[thread - 1].loaded) {
        return Reply::State;
    }
    attach(thread - 1);
    return Reply::Later;
}

Debugger::Reply Debugger::why(wire::RspReader&, wire::RspWriter&) {
    unsigned slot = slot_;
    if (slot == kNobody) {
        for (slot = 0; slot < memory_.slots && !memory_.slot[slot].loaded; ++slot) {
        }
    }
    if (slot == memory_.slots) {
        return Reply::State;
    }
    attach(slot);
    return Reply::Later;
}

Debugger::Reply Debugger::detach(wire::RspReader&, wire::RspWriter&) {
    if (slot_ != kNobody) {
        release();
    }
    resetSettings();
    seatTaken_ = false;
    return Reply::Ok;
}

Debugger::Reply Debugger::kill(wire::RspReader& in, wire::RspWriter& out) {
    if (slot_ != kNobody) {
        abortRun();
    }
    return detach(in, out);
}

/// The next slice finds a run that is over.
void Debugger::abortRun() {
    Slot& slot = attached();
    if (slot.running && slot.container.runnable != 0) {
        slot.container.fault = rbpf_fault_t{RBPF_STATUS_ABORTED, slot.container.pc, 0};
        slot.container.runnable = 0;
        slot.run.sleeping = false;
    }
}

void Debugger::halt(rbpf_cause_t cause, uint32_t detail) {
    halted_ = true;
    stepping_ = false;
    cause_ = static_cast<uint8_t>(cause);
    detail_ = detail;
    stopPc_ = container().pc;
    haltedMs_ = port_.nowMs();
    update();
}

void Debugger::interrupt() {
    if (slot_ != kNobody && !halted_) {
        halt(RBPF_CAUSE_INTERRUPT);
    }
}

void Debugger::resume(bool step) {
    // Where it stands it has stopped already; but not if the user has moved it, or if a new run begins.
    passing_ = attached().running && container().pc == stopPc_;
    halted_ = false;
    stepping_ = step;
    update();
}

Debugger::Reply Debugger::goOn(wire::RspReader& in, wire::RspWriter&) {
    if (!in.atEnd()) {
        return Reply::Malformed;
    }
    resume(false);
    return Reply::Later;
}

Debugger::Reply Debugger::step(wire::RspReader& in, wire::RspWriter&) {
    if (!in.atEnd()) {
        return Reply::Malformed;
    }
    resume(true);
    return Reply::Later;
}

/// vCont;action[:thread];… — the first action for our container counts. Signals mean nothing here.
Debugger::Reply Debugger::actions(wire::RspReader& in, wire::RspWriter&) {
    while (!in.atEnd()) {
        wire::RspReader action(in.until(';'));
        uint8_t signal = 0;
        bool steps = action.take('s');
        bool known = steps || action.take('c');
        if (!known) {
            steps = action.take('S');
            known = (steps || action.take('C')) && action.hexBytes(&signal, 1);
        }
        if (known && (action.atEnd() || (action.take(':') && ownThread(action) && action.atEnd()))) {
            resume(steps);
            return Reply::Later;
        }
    }
    return Reply::Malformed;
}

Debugger::Reply Debugger::actionsKnown(wire::RspReader&, wire::RspWriter& out) {
    out.text("vCont;c;C;s;S");
    return Reply::Written;
}

Debugger::Reply Debugger::hold(wire::RspReader& in, wire::RspWriter&) {
    uint32_t ms = 0;
    uint32_t action = 0;
    if (!in.pair(ms, action) || !in.atEnd() || action > 1 || ms > INT32_MAX) {
        return Reply::Malformed;
    }
    holdMs_ = ms;
    holdAborts_ = action == 1;
    return Reply::Ok;
}

void Debugger::runStarted() {
    ++run_;
    recording_ = history_;
    note_ = recording_ ? Note::Start : Note::None;
    writes_ = 0;
    passing_ = false;
    if (stepping_ || (stopMask_ & RBPF_STOP_ENTRY) != 0) {
        halt(RBPF_CAUSE_ENTRY);
    }
    (void)flush();
}

rbpf_halt_t Debugger::run(uint32_t left) {
    rbpf_container_t& c = container();
    while (left != 0) {
        const bool single = stepping_ || pointCount_ != 0 || (stopMask_ & RBPF_STOP_BINDING) != 0;
        pointKind_ = 0;
        storeHit_ = false;
        if (single && !passing_ && stopsBefore()) {
            return RBPF_HALT_BREAKPOINT;
        }
        passing_ = false;
        if (pointCount_ != 0) {
            expectAccess();
        }
        const uint64_t before = c.instructions;
        const rbpf_halt_t end = rbpf_container_run(&c, single ? 1 : left);
        left -= static_cast<uint32_t>(c.instructions - before);
        if (end == RBPF_HALT_EXITED || end == RBPF_HALT_FAULT) {
            return end;
        }
        if (pointKind_ != 0) {
            halt(RBPF_CAUSE_WATCHPOINT, watchAddress_);
        } else if (storeHit_) {
            halt(RBPF_CAUSE_STORE, static_cast<uint32_t>(c.reg[1]));
        } else if (stepping_) {
            halt(RBPF_CAUSE_STEP);
        }
        if (!flush() || halted_ || attached().run.sleeping) {
            return end;
        }
    }
    return RBPF_HALT_BUDGET;
}

bool Debugger::stopAtEnd() {
    const rbpf_fault_t& fault = container().fault;
    const bool exit = fault.status == RBPF_STATUS_OK;
    const bool budget = fault.status == RBPF_STATUS_BUDGET_SPENT;
    if ((stopMask_ & (exit ? RBPF_STOP_EXIT : budget ? RBPF_STOP_BUDGET : RBPF_STOP_FAULT)) == 0) {
        return false;
    }
    halt(exit ? RBPF_CAUSE_EXIT : budget ? RBPF_CAUSE_BUDGET : RBPF_CAUSE_FAULT, fault.detail);
    return true;
}

void Debugger::runEnded() {
    note_ = Note::None;
    endOwed_ = true;
    update();
    (void)flush();
}

void Debugger::gone(unsigned slot) {
    if (slot_ != slot) {
        return;
    }
    const bool owed = stopOwed_;
    release();
    stopOwed_ = owed;
    goneSlot_ = static_cast<uint8_t>(slot);
}

/// The registers that the next run would start with. There is no run in progress whose state could suffer.
void Debugger::showIdle() {
    Slot& slot = attached();
    rbpf_container_start(&slot.container, rbpf_image_entry(&slot.image, 0).insnIndex);
    slot.container.runnable = 0;
}

void Debugger::writeStop(wire::RspWriter& out) {
    static constexpr uint8_t kSignals[] = {0, 2, 5, 5, 5, 5, 11, 24, 5, 5, 5}; // of GDB, by cause
    if (slot_ == kNobody) {
        out.text("W00");
        return;
    }
    if (!attached().running) {
        cause_ = RBPF_CAUSE_IDLE;
        showIdle();
    }
    const rbpf_container_t& c = container();
    out.put('T').hexBytes(&kSignals[cause_], 1);
    for (uint8_t i = 0; i <= RBPF_REGISTERS; ++i) {
        out.hexBytes(&i, 1).put(':');
        putRegister(out, i);
        out.put(';');
    }
    out.text("thread:").number(slot_ + 1u).put(';');
    if (cause_ == RBPF_CAUSE_WATCHPOINT) {
        static constexpr const char* kNames[] = {"watch:", "rwatch:", "awatch:"};
        out.text(kNames[pointKind_ - 2]).number(watchAddress_).put(';');
    } else if (cause_ == RBPF_CAUSE_BREAKPOINT) {
        out.text(pointKind_ == 0 ? "swbreak:;" : "hwbreak:;");
    }
    const bool failed = cause_ == RBPF_CAUSE_FAULT || cause_ == RBPF_CAUSE_BUDGET;
    out.text("rbpf:").number(cause_).put(',').number(c.instructions).put(',');
    out.number(failed ? static_cast<uint32_t>(-c.fault.status) : 0).put(',').number(detail_).put(';');
}

void Debugger::tend() {
    const uint32_t now = port_.nowMs();
    if (halted_ && holdMs_ != 0 && due(now, haltedMs_ + holdMs_)) {
        uint8_t line[96];
        TextWriter text(line, sizeof line);
        text.text("slot ").number(slot_).text(": halted for too long; ");
        text.text(holdAborts_ ? "the debugged run is ended\n" : "the debugged script goes on\n");
        console_.write(reinterpret_cast<const char*>(line), text.size());
        resumedSlot_ = slot_;
        resumedAborted_ = holdAborts_;
        if (holdAborts_) {
            abortRun();
        }
        resume(false);
        stopOwed_ = true;
    }
    sendReply();
    if (replyBytes_ != 0 || !flush() || !stopOwed_ || (slot_ != kNobody && !halted_)) {
        return;
    }
    wire::RspWriter out(memory_.packet, memory_.packetBytes);
    writeStop(out);
    stopOwed_ = false;
    replyBytes_ = static_cast<uint32_t>(out.bytes().size) + 1;
    sendReply();
}

uint32_t Debugger::waitMs() const {
    uint32_t wait = UINT32_MAX;
    if (halted_ && holdMs_ != 0) {
        const int32_t left = static_cast<int32_t>(haltedMs_ + holdMs_ - port_.nowMs());
        wait = left > 0 ? static_cast<uint32_t>(left) : 0;
    }
    const bool sending = replyBytes_ != 0 || next() != Note::None;
    return sending && wait > kCongestedMs ? kCongestedMs : wait;
}

} // namespace rbpf::agent
