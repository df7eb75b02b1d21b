// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers and memory of the attached container. Memory is reached as the script reaches it, and never beyond; besides
// that the text can be read.
#include <string.h>

#include "rbpf_agent/debug.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::agent {

namespace {

constexpr unsigned kWideRegisters = 10; ///< r0 … r9 have 8 bytes for GDB, r10 and pc 4
constexpr unsigned kPc = 11;
constexpr unsigned kRegisterCount = 12;

constexpr unsigned registerBytes(unsigned number) {
    return number < kWideRegisters ? 8 : 4;
}

} // namespace

void Debugger::putRegister(wire::RspWriter& out, unsigned number) const {
    const rbpf_container_t& c = container();
    const uint64_t value = number == kPc ? c.pc * vm::kSlotBytes : c.reg[number];
    out.hexBytes(&value, registerBytes(number));
}

bool Debugger::takeRegister(wire::RspReader& in, unsigned number) {
    rbpf_container_t& c = container();
    uint64_t value = 0;
    if (!in.hexBytes(reinterpret_cast<uint8_t*>(&value), registerBytes(number))) {
        return false;
    }
    if (number != kPc) {
        c.reg[number] = value;
        return true;
    }
    if (!instructionStarts(static_cast<uint32_t>(value))) {
        return false;
    }
    c.pc = static_cast<uint32_t>(value) / vm::kSlotBytes;
    return true;
}

/// The text was verified: from its start on, instruction by instruction, every start is met.
bool Debugger::instructionStarts(uint32_t address) const {
    const rbpf_image_t& image = attached().image;
    uint32_t at = 0;
    while (at < address && at < image.textBytes) {
        at += (image.text[at] & 7) == vm::kLd ? 2 * vm::kSlotBytes : vm::kSlotBytes;
    }
    return at == address && at < image.textBytes;
}

Debugger::Reply Debugger::readRegisters(wire::RspReader&, wire::RspWriter& out) {
    for (unsigned i = 0; i < kRegisterCount; ++i) {
        putRegister(out, i);
    }
    return Reply::Written;
}

Debugger::Reply Debugger::writeRegisters(wire::RspReader& in, wire::RspWriter&) {
    const rbpf_container_t before = container();
    for (unsigned i = 0; i < kRegisterCount; ++i) {
        if (!takeRegister(in, i)) {
            container() = before;
            return Reply::Malformed;
        }
    }
    return Reply::Ok;
}

Debugger::Reply Debugger::readRegister(wire::RspReader& in, wire::RspWriter& out) {
    uint32_t number = 0;
    if (!in.number(number) || number >= kRegisterCount || !in.atEnd()) {
        return Reply::Malformed;
    }
    putRegister(out, number);
    return Reply::Written;
}

Debugger::Reply Debugger::writeRegister(wire::RspReader& in, wire::RspWriter&) {
    uint32_t number = 0;
    if (!in.number(number) || number >= kRegisterCount || !in.take('=') ||
        in.rest().size != 2 * registerBytes(number)) {
        return Reply::Malformed;
    }
    return takeRegister(in, number) ? Reply::Ok : Reply::Address;
}

/// As much as the region has and a packet takes.
Debugger::Reply Debugger::readMemory(wire::RspReader& in, wire::RspWriter& out) {
    uint32_t address = 0;
    uint32_t size = 0;
    if (!in.pair(address, size) || !in.atEnd() || size == 0) {
        return Reply::Malformed;
    }
    const rbpf_container_t& c = container();
    const uint32_t index = address >> RBPF_REGION_SHIFT;
    const uint32_t offset = address & RBPF_OFFSET_MASK;
    const uint32_t limit = index == RBPF_REGION_TEXT ? c.textBytes : c.region[index].readBytes;
    if (offset >= limit) {
        return Reply::Address;
    }
    size = size < limit - offset ? size : limit - offset;
    size = size < out.room() / 2 ? size : static_cast<uint32_t>(out.room() / 2);
    out.hexBytes(index == RBPF_REGION_TEXT ? c.text + offset : rbpf_container_access(&c, address, size, RBPF_READ),
                 size);
    return Reply::Written;
}

Debugger::Reply Debugger::writeHex(wire::RspReader& in, wire::RspWriter&) {
    return writeMemory(in, false);
}

Debugger::Reply Debugger::writeBinary(wire::RspReader& in, wire::RspWriter&) {
    return writeMemory(in, true);
}

/// All bytes or none.
Debugger::Reply Debugger::writeMemory(wire::RspReader& in, bool binary) {
    uint32_t address = 0;
    uint32_t size = 0;
    if (!in.pair(address, size) || !in.take(':') || size > memory_.packetBytes) {
        return Reply::Malformed;
    }
    // The reply is not written yet: its room serves for the bytes.
    if (!(binary ? in.binary(memory_.packet, size) : in.hexBytes(memory_.packet, size)) || !in.atEnd()) {
        return Reply::Malformed;
    }
    if (size == 0) {
        return Reply::Ok; // so GDB asks whether X is known
    }
    void* memory = rbpf_container_access(&container(), address, size, RBPF_WRITE);
    if (memory == nullptr) {
        return Reply::Address;
    }
    memcpy(memory, memory_.packet, size);
    dataChanged_ = true;
    return Reply::Ok;
}

} // namespace rbpf::agent
