// SPDX-License-Identifier: LGPL-2.1-or-later
// Stops: breakpoints, watchpoints, single steps, and the other places where a run is to stop; going on.
#include "rbpf_agent/debug.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

namespace {

constexpr uint32_t kStoreLocal = 0x10; ///< ids of bindings.def; kStoreGlobal is the next one

} // namespace

void Debugger::halt(unsigned cause) {
    halted_ = true;
    stepping_ = 0;
    head_.cause = static_cast<uint8_t>(cause);
    stopPc_ = container().pc;
    haltedMs_ = port_.nowMs();
}

void Debugger::resume(uint8_t steps) {
    // Where it stands it has stopped already; but not if the user has moved it, or if a new run begins.
    moved_ = container().pc ^ stopPc_;
    halted_ = false;
    stepping_ = steps;
}

/// Whether a point waits for this access; notes which.
bool Debugger::meets(uint32_t address, uint32_t size, uint32_t mode) {
    const rbpf_debug_point_t* point = memory_.point;
    for (uint32_t i = points_; i != 0; --i, ++point) {
        const uint32_t behind = address - point->address; // modulo 2^32, as addresses are
        if ((point->mode & mode) != 0 && (behind < point->size || 0 - behind < size)) {
            hit_ = RBPF_CAUSE_WATCHPOINT;
            head_.mode = point->mode;
            head_.detail = behind < point->size ? address : point->address;
            return true;
        }
    }
    return false;
}

/// Before the instruction at the pc: halts, or notes which memory it will touch.
[[gnu::always_inline]] inline bool Debugger::stopsBefore() {
    const rbpf_container_t& c = container();
    const vm::Instruction& next = reinterpret_cast<const vm::Instruction*>(c.text)[c.pc];
    const uint32_t opcode = vm::opcode(next.word);
    if (moved_ != 0) {
        if (meets(c.pc * vm::kSlotBytes, 1, RBPF_POINT_BREAK)) {
            halt(RBPF_CAUSE_BREAKPOINT);
            return true;
        }
        if (opcode == vm::kOpCall && vm::src(next.word) == vm::kCallBinding) {
            const uint32_t id = static_cast<uint32_t>(next.imm);
            if ((settings_.binding[id / 32 % 4] >> id % 32 & 1) != 0) {
                head_.detail = id;
                halt(RBPF_CAUSE_BINDING);
                return true;
            }
        }
    }
    const uint32_t kind = opcode & 7;
    if (kind - vm::kLdx <= vm::kStx - vm::kLdx) {
        uint32_t mode = RBPF_POINT_WRITE;
        uint32_t base = vm::dst(next.word);
        if (kind == vm::kLdx) {
            mode = RBPF_POINT_READ;
            base = vm::src(next.word);
        } else if (opcode >> 5 == vm::kAtomic) {
            mode = RBPF_POINT_READ | RBPF_POINT_WRITE;
        }
        (void)meets(static_cast<uint32_t>(c.reg[base]) + static_cast<uint32_t>(vm::offset(next.word)),
                    0x8124u >> (opcode >> 3 & 3) * 4 & 15, mode);
    }
    return false;
}

rbpf_halt_t Debugger::run(uint32_t left) {
    rbpf_container_t& c = container();
    while (left != 0) {
        const bool single = stepping_ != 0 || points_ != 0 || (settings_.stops & RBPF_STOP_BINDING) != 0;
        hit_ = stepping_;
        if (single && stopsBefore()) {
            return RBPF_HALT_BREAKPOINT;
        }
        moved_ = 1;
        const uint32_t before = static_cast<uint32_t>(c.instructions);
        const rbpf_halt_t end = rbpf_container_run(&c, single ? 1 : left);
        left -= static_cast<uint32_t>(c.instructions) - before;
        if (end <= RBPF_HALT_FAULT) {
            return end;
        }
        if (hit_ != 0) {
            halt(hit_);
        }
        if (!flush() || halted_ || at_->run.sleeping) {
            return end;
        }
    }
    return RBPF_HALT_BUDGET;
}

void Debugger::touched(uint32_t address, uint32_t size, uint32_t mode) {
    static_assert(RBPF_POINT_READ == RBPF_READ && RBPF_POINT_WRITE == RBPF_WRITE);
    (void)meets(address, size, mode);
    if (recording_ != 0 && (mode & RBPF_WRITE) != 0) {
        addPiece(address, size);
    }
}

[[gnu::always_inline]] inline bool Debugger::storeAsked(uint32_t id) const {
    const rbpf_container_t& c = container();
    unsigned wanted = RBPF_STOP_STORE;
    for (const uint32_t key : settings_.key) {
        wanted |= key == static_cast<uint32_t>(c.reg[1]) ? RBPF_STOP_KEY : 0;
    }
    return id - kStoreLocal <= 1 && static_cast<uint32_t>(c.reg[0]) == 0 && (settings_.stops & wanted) != 0;
}

int Debugger::called(uint32_t id, int status) {
    if (status >= 0) {
        if (recording_ != 0) {
            head_.binding = static_cast<uint8_t>(id);
            owed_ |= kPieces | kCall;
            status = RBPF_CALL_INTERRUPT;
        }
        if (storeAsked(id)) {
            hit_ = RBPF_CAUSE_STORE;
            head_.detail = static_cast<uint32_t>(container().reg[1]);
            status = RBPF_CALL_INTERRUPT;
        }
    }
    return status;
}

/// Why and how the run ended.
unsigned Debugger::noteEnd() {
    const rbpf_fault_t& fault = container().fault;
    head_.status = static_cast<uint8_t>(-fault.status);
    head_.detail = fault.detail;
    head_.cause = fault.status == RBPF_STATUS_OK             ? RBPF_CAUSE_EXIT
                  : fault.status == RBPF_STATUS_BUDGET_SPENT ? RBPF_CAUSE_BUDGET
                                                             : RBPF_CAUSE_FAULT;
    return head_.cause;
}

bool Debugger::stopAtEnd() {
    const unsigned cause = noteEnd();
    if ((settings_.stops >> cause & 1) != 0) {
        halt(cause);
    }
    return halted_;
}

void Debugger::runStarted() {
    ++head_.run;
    moved_ = 1;
    pieces_ = 0;
    recording_ = settings_.history & RBPF_HISTORY_ON;
    if (recording_ != 0) {
        owed_ |= kStart | kPieces;
        // Data is the region before the context.
        for (unsigned i = RBPF_REGION_CONTEXT - settings_.history / RBPF_HISTORY_DATA; i < RBPF_REGION_COUNT; ++i) {
            addPiece(RBPF_ADDRESS(i, 0), container().region[i].readBytes);
        }
        settings_.history = RBPF_HISTORY_ON;
    }
    if (stepping_ != 0 || (settings_.stops & RBPF_STOP_ENTRY) != 0) {
        halt(RBPF_CAUSE_ENTRY);
    }
    (void)flush();
}

void Debugger::runEnded() {
    owed_ = static_cast<uint8_t>((owed_ & ~kOfRun) | kEnd);
    pieces_ = 0;
    (void)flush();
}

} // namespace rbpf::agent
