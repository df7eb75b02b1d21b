// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests: the debugger's seat, attaching and leaving, and the areas that can be read and written.
#include "rbpf_agent/debug.hpp"

#include <stddef.h>
#include <string.h>

#include "rbpf_agent/timing.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

// What rbpf/debug.h says of layouts.
static_assert(sizeof(rbpf_debug_request_t) == 8 && sizeof(rbpf_debug_reply_t) == 4 && sizeof(rbpf_debug_hello_t) == 8);
static_assert(sizeof(rbpf_debug_settings_t) == 56 && sizeof(rbpf_debug_point_t) == 8);
static_assert(sizeof(rbpf_frame_t) == 40 && offsetof(rbpf_region_t, writeBytes) == 2 * sizeof(void*));

/// What one workstation has set up must not surprise the next one.
void Debugger::reset() {
    memset(&settings_, 0, sizeof settings_);
    settings_.stops = RBPF_STOP_FAULT;
    points_ = 0;
    recording_ = 0;
    owed_ = 0;
    hit_ = 0;
    pieces_ = 0;
}

/// The container goes on alone.
void Debugger::release() {
    reset();
    if (attached_) {
        at_->debugged = false;
        at_->held = 0;
        at_->run.recorder = nullptr;
    }
    attached_ = false;
    halted_ = false;
    stepping_ = 0;
    writable_ = false;
}

[[gnu::always_inline]] inline void Debugger::attach(unsigned slot) {
    if (!attached_ || head_.slot != slot) {
        release();
        head_.slot = static_cast<uint8_t>(slot);
        head_.run = 0;
        at_ = memory_.slot + slot;
        attached_ = true;
        at_->debugged = true;
        at_->run.recorder = this;
    }
}

void Debugger::gone(unsigned slot) {
    if (attached_ && head_.slot == slot) {
        release();
        owed_ = kGone;
    }
}

/// `heardMs`: when the holder was heard before this.
[[gnu::always_inline]] inline uint8_t Debugger::hello(const rbpf_debug_request_t& request, uint32_t heardMs) {
    if (session_ != request.address) {
        if (session_ != 0) {
            if (request.number == 0 && !due(heardMs_, heardMs + RBPF_SEAT_MS)) {
                heardMs_ = heardMs;
                return RBPF_VERDICT_HELD;
            }
            reset();
            owed_ = kTaken;
        }
        session_ = request.address;
    }
    return RBPF_VERDICT_OK;
}

/// Where an area's bytes from `address` on lie; found_ says how many there are. Nothing beyond them is ever reached.
uint8_t* Debugger::find(unsigned area, uint32_t address) {
    rbpf_container_t& c = container();
    const void* base = &settings_;
    uint32_t size = sizeof settings_;
    bool writable = true;
    switch (area) {
    case RBPF_AREA_MEMORY: {
        const rbpf_region_t& region = c.region[address >> RBPF_REGION_SHIFT];
        base = region.base;
        size = region.readBytes;
        writable = region.writeBytes != 0;
        if (address >> RBPF_REGION_SHIFT == RBPF_REGION_TEXT) {
            base = c.text;
            size = c.textBytes;
        }
        address &= RBPF_OFFSET_MASK;
        break;
    }
    case RBPF_AREA_REGISTERS:
        base = c.reg;
        size = sizeof c.reg;
        break;
    case RBPF_AREA_POINTS:
        base = memory_.point;
        size = memory_.points * sizeof(rbpf_debug_point_t);
        break;
    case RBPF_AREA_SETTINGS:
        break;
    default:
        writable = false;
        base = c.region;
        size = sizeof c.region;
        if (area == RBPF_AREA_FRAMES) {
            base = c.frame;
            size = c.depth * sizeof c.frame[0];
        } else if (area == RBPF_AREA_IMAGE) {
            base = at_->image.bytes;
            size = at_->image.size;
        }
    }
    writable_ = writable;
    if (address > size) {
        address = size;
    }
    found_ = size - address;
    return static_cast<uint8_t*>(const_cast<void*>(base)) + address;
}

/// In verified text only the second half of a lddw has the opcode 0.
[[gnu::always_inline]] inline uint8_t Debugger::setPc(uint32_t address) {
    rbpf_container_t& c = container();
    if (address % vm::kSlotBytes != 0 || address >= c.textBytes || c.text[address] == 0) {
        return RBPF_VERDICT_ADDRESS;
    }
    c.pc = address / vm::kSlotBytes;
    return RBPF_VERDICT_OK;
}

/// The next slice finds a run that is over.
void Debugger::abortRun() {
    rbpf_container_t& c = container();
    if (attached_ && at_->running && c.runnable != 0) {
        c.fault = rbpf_fault_t{RBPF_STATUS_ABORTED, c.pc, 0};
        c.runnable = 0;
        at_->run.sleeping = false;
    }
}

/// Reads or writes.
[[gnu::always_inline]] inline uint8_t Debugger::access(const rbpf_debug_request_t& request, const uint8_t* data,
                                                       uint32_t size) {
    uint8_t* found = find(request.number, request.address);
    if (request.request == RBPF_DEBUG_READ) {
        uint32_t room = memory_.packetBytes - sizeof(rbpf_debug_reply_t);
        room = request.size < room ? request.size : room;
        size = found_ < room ? found_ : room;
        bytes_ = size;
        data = found;
        found = memory_.packet + sizeof(rbpf_debug_reply_t);
    } else {
        if (size > found_ || !writable_) {
            return RBPF_VERDICT_ADDRESS;
        }
        if (request.number == RBPF_AREA_POINTS) {
            // By where the bytes lie, which is inside of the table, and not by what the request says.
            const uint8_t* const start = reinterpret_cast<const uint8_t*>(memory_.point);
            points_ = static_cast<uint32_t>(found + size - start) / sizeof(rbpf_debug_point_t);
        }
        if (request.number == RBPF_AREA_MEMORY) {
            settings_.history |= RBPF_HISTORY_DATA;
        }
    }
    if (size != 0) {
        memcpy(found, data, size);
    }
    return RBPF_VERDICT_OK;
}

[[gnu::always_inline]] inline uint8_t Debugger::answer(const rbpf_debug_request_t& request, const uint8_t* data,
                                                       uint32_t size) {
    uint8_t what = request.request;
    if (what == RBPF_DEBUG_KILL || what == RBPF_DEBUG_DETACH) {
        if (what == RBPF_DEBUG_KILL) {
            abortRun();
        }
        release();
        session_ = 0;
        return RBPF_VERDICT_OK;
    }
    if (what == RBPF_DEBUG_ATTACH) {
        if (request.number >= memory_.slots || !memory_.slot[request.number].loaded) {
            return RBPF_VERDICT_STATE;
        }
        attach(request.number);
        what = RBPF_DEBUG_WHY;
    }
    if (!attached_) {
        return RBPF_VERDICT_STATE;
    }
    switch (what) {
    case RBPF_DEBUG_READ:
    case RBPF_DEBUG_WRITE:
        return access(request, data, size);
    case RBPF_DEBUG_SET_PC:
        return setPc(request.address);
    case RBPF_DEBUG_WHY:
        owed_ |= kStop;
        [[fallthrough]];
    case RBPF_DEBUG_INTERRUPT:
        if (!halted_) {
            halt(RBPF_CAUSE_INTERRUPT);
        }
        return kSilent;
    case RBPF_DEBUG_STEP:
    case RBPF_DEBUG_GO_ON:
        owed_ |= kStop;
        resume(what >> 3 & RBPF_CAUSE_STEP);
        static_assert((RBPF_DEBUG_STEP >> 3 & RBPF_CAUSE_STEP) != 0 && (RBPF_DEBUG_GO_ON >> 3 & RBPF_CAUSE_STEP) == 0);
        return kSilent;
    default:
        return RBPF_VERDICT_UNKNOWN;
    }
}

void Debugger::receive(wire::Bytes payload) {
    const auto& request = *reinterpret_cast<const rbpf_debug_request_t*>(payload.data);
    auto* const reply = reinterpret_cast<uint32_t*>(memory_.packet);
    const uint32_t heardMs = heardMs_;
    const uint32_t size = payload.size - sizeof request;
    uint8_t verdict = RBPF_VERDICT_UNKNOWN;
    heardMs_ = port_.nowMs();
    reply[1] = memory_.packetBytes << 16 | RBPF_DEBUG_VERSION;
    bytes_ = 0;
    if (static_cast<int32_t>(size) >= 0) {
        if (request.request != RBPF_DEBUG_HELLO) {
            verdict = answer(request, payload.data + sizeof request, size);
        } else if (size == 0) { // version 1 has a longer one
            bytes_ = sizeof(rbpf_debug_hello_t) - sizeof(rbpf_debug_reply_t);
            verdict = hello(request, heardMs);
        }
    }
    if (verdict != kSilent) {
        reply[0] = request.request | static_cast<uint32_t>(verdict) << 8 | static_cast<uint32_t>(halted_) << 16;
        (void)out_.debug(memory_.packet, sizeof(rbpf_debug_reply_t) + bytes_, 1);
    }
    (void)tend();
}

} // namespace rbpf::agent
