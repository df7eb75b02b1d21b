// SPDX-License-Identifier: LGPL-2.1-or-later
// Breakpoints, watchpoints, and the other places where a run is to stop.
#include <string.h>

#include "rbpf_agent/debug.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

namespace {

constexpr uint8_t kWatchBytesMax = 64;
constexpr uint8_t kHardwareBreakpoint = 1;
constexpr uint8_t kWriteWatch = 2;
constexpr uint8_t kAccessWatch = 4;
constexpr uint32_t kStoreLocal = 0x10; ///< ids of bindings.def
constexpr uint32_t kStoreGlobal = 0x11;

const vm::Instruction& instruction(const rbpf_container_t& c) {
    return reinterpret_cast<const vm::Instruction*>(c.text)[c.pc];
}

} // namespace

Debugger::Reply Debugger::readPoint(wire::RspReader& in, DebugPoint& point) {
    uint32_t kind = 0;
    uint32_t size = 0;
    if (!in.number(kind) || kind > kAccessWatch || !in.take(',') || !in.pair(point.address, size) || !in.atEnd()) {
        return Reply::Malformed;
    }
    if (kind >= kWriteWatch && (size == 0 || size > kWatchBytesMax)) {
        return Reply::Malformed;
    }
    point.kind = static_cast<uint8_t>(kind);
    point.size = kind >= kWriteWatch ? static_cast<uint8_t>(size) : 0;
    return Reply::Ok;
}

DebugPoint* Debugger::findPoint(const DebugPoint& wanted) const {
    for (uint32_t i = 0; i < pointCount_; ++i) {
        DebugPoint& point = memory_.point[i];
        if (point.address == wanted.address && point.size == wanted.size && point.kind == wanted.kind) {
            return &point;
        }
    }
    return nullptr;
}

Debugger::Reply Debugger::setPoint(wire::RspReader& in, wire::RspWriter&) {
    DebugPoint point;
    const Reply verdict = readPoint(in, point);
    if (verdict != Reply::Ok || findPoint(point) != nullptr) {
        return verdict;
    }
    if (point.size == 0 && !instructionStarts(point.address)) {
        return Reply::Address;
    }
    if (pointCount_ == memory_.points) {
        return Reply::Full;
    }
    memory_.point[pointCount_++] = point;
    return Reply::Ok;
}

Debugger::Reply Debugger::clearPoint(wire::RspReader& in, wire::RspWriter&) {
    DebugPoint point;
    const Reply verdict = readPoint(in, point);
    DebugPoint* found = verdict == Reply::Ok ? findPoint(point) : nullptr;
    if (found != nullptr) {
        *found = memory_.point[--pointCount_];
    }
    return verdict;
}

Debugger::Reply Debugger::stopOn(wire::RspReader& in, wire::RspWriter&) {
    uint32_t mask = 0;
    if (!in.number(mask) || mask > UINT8_MAX) {
        return Reply::Malformed;
    }
    uint32_t bindings[kBindingWords] = {};
    uint32_t keys[kKeysMax];
    uint8_t keyCount = 0;
    while (in.take(';')) {
        const bool isBinding = in.take('b');
        if (!isBinding && !in.take('k')) {
            return Reply::Malformed;
        }
        do {
            uint32_t number = 0;
            if (!in.number(number) || (isBinding && number >= 32 * kBindingWords)) {
                return Reply::Malformed;
            }
            if (isBinding) {
                bindings[number / 32] |= 1u << number % 32;
            } else if (keyCount == kKeysMax) {
                return Reply::Full;
            } else {
                keys[keyCount++] = number;
            }
        } while (in.take(','));
    }
    if (!in.atEnd()) {
        return Reply::Malformed;
    }
    stopMask_ = static_cast<uint8_t>(mask);
    memcpy(bindingMask_, bindings, sizeof bindings);
    memcpy(key_, keys, keyCount * sizeof keys[0]);
    keyCount_ = keyCount;
    return Reply::Ok;
}

/// A stop before the instruction at the pc; then the container is halted.
bool Debugger::stopsBefore() {
    const rbpf_container_t& c = container();
    for (uint32_t i = 0; i < pointCount_; ++i) {
        const DebugPoint& point = memory_.point[i];
        if (point.kind <= kHardwareBreakpoint && point.address == c.pc * vm::kSlotBytes) {
            halt(RBPF_CAUSE_BREAKPOINT);
            pointKind_ = point.kind;
            return true;
        }
    }
    const vm::Instruction& next = instruction(c);
    if ((stopMask_ & RBPF_STOP_BINDING) == 0 || vm::opcode(next.word) != vm::kOpCall ||
        vm::src(next.word) != vm::kCallBinding) {
        return false;
    }
    const uint32_t id = static_cast<uint32_t>(next.imm);
    uint32_t any = 0;
    for (const uint32_t word : bindingMask_) {
        any |= word;
    }
    if (any != 0 && (bindingMask_[id / 32 % kBindingWords] >> id % 32 & 1) == 0) {
        return false;
    }
    halt(RBPF_CAUSE_BINDING, id);
    return true;
}

/// The memory that the next instruction will touch.
void Debugger::expectAccess() {
    static constexpr uint8_t kBytes[] = {4, 2, 1, 8};
    const rbpf_container_t& c = container();
    const uint32_t word = instruction(c).word;
    const uint32_t kind = word & 7;
    if (kind < vm::kLdx || kind > vm::kStx) {
        return;
    }
    const bool load = kind == vm::kLdx;
    const bool atomic = !load && vm::opcode(word) >> 5 == vm::kAtomic;
    const uint64_t base = c.reg[load ? vm::src(word) : vm::dst(word)];
    watch(static_cast<uint32_t>(base) + static_cast<uint32_t>(vm::offset(word)), kBytes[vm::opcode(word) >> 3 & 3],
          load     ? RBPF_READ
          : atomic ? RBPF_READ | RBPF_WRITE
                   : RBPF_WRITE);
}

/// Notes whether this access is one that a watchpoint waits for.
void Debugger::watch(uint32_t address, uint32_t size, uint32_t mode) {
    static constexpr uint8_t kModes[] = {0, 0, RBPF_WRITE, RBPF_READ, RBPF_READ | RBPF_WRITE};
    for (uint32_t i = 0; i < pointCount_ && pointKind_ == 0; ++i) {
        const DebugPoint& point = memory_.point[i];
        const uint32_t behind = address - point.address; // modulo 2^32, as addresses are
        if ((kModes[point.kind] & mode) != 0 && (behind < point.size || point.address - address < size)) {
            pointKind_ = point.kind;
            watchAddress_ = behind < point.size ? address : point.address;
        }
    }
}

bool Debugger::storeAsked(uint32_t id) const {
    const rbpf_container_t& c = container();
    if ((stopMask_ & RBPF_STOP_STORE) == 0 || (id != kStoreLocal && id != kStoreGlobal) || c.reg[0] != 0) {
        return false;
    }
    bool asked = keyCount_ == 0;
    for (uint8_t i = 0; i < keyCount_; ++i) {
        asked = asked || key_[i] == static_cast<uint32_t>(c.reg[1]);
    }
    return asked;
}

} // namespace rbpf::agent
