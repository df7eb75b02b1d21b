// SPDX-License-Identifier: GPL-3.0-or-later
// Programs by chance, valid by construction, and a hash over everything a run leaves behind. Freestanding, so that the
// same programs run on the workstation and on microcontrollers, whose hashes must be equal.
#pragma once

#include <stdint.h>
#include <string.h>

#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::test {

class RandomProgram {
public:
    static constexpr uint32_t kSlots = 64;
    static constexpr uint32_t kStackBytes = 256;
    static constexpr uint32_t kBinding = 9;

    explicit RandomProgram(uint32_t seed) : state_(seed * 2654435761u + 1) { generate(); }

    /// Text only: no header behind it.
    rbpf_image_t image() const {
        rbpf_image_t image = {};
        image.text = reinterpret_cast<const uint8_t*>(text_);
        image.textBytes = sizeof text_;
        image.stackBytes = kStackBytes;
        return image;
    }

    uint32_t random() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_;
    }
    uint32_t below(uint32_t n) { return random() % n; }

private:
    struct Slot {
        uint8_t op;
        uint8_t registers; ///< dst in the low, src in the high half
        int16_t off;
        int32_t imm;
    };

    int32_t number() {
        static const int32_t edges[] = {0, 1, -1, 2, 7, 31, 32, 63, 64, 255, 32767, -32768, INT32_MAX, INT32_MIN};
        return below(2) ? edges[below(sizeof edges / sizeof *edges)] : static_cast<int32_t>(random());
    }
    uint8_t registers(uint32_t dst, uint32_t src) { return static_cast<uint8_t>(src << 4 | dst); }
    /// Mostly inside the stack, now and then a little outside of it.
    int16_t stackOffset() {
        return static_cast<int16_t>(8 - static_cast<int32_t>(below(below(20) ? kStackBytes : kStackBytes + 32)) - 8);
    }

    Slot alu() {
        const uint32_t code = below(14);
        uint32_t op = code << 4 | (below(2) ? 7 : 4);
        Slot slot = {static_cast<uint8_t>(op), registers(below(10), 0), 0, 0};
        if (code == 13) { // byte swaps
            slot.imm = 16 << below(3);
            if (slot.op == 0xd4)
                slot.op = static_cast<uint8_t>(0xd4 | below(2) << 3);
            return slot;
        }
        if (code == 8) // negation
            return slot;
        if (below(2)) {
            slot.op |= 8;
            slot.registers |= static_cast<uint8_t>(below(11) << 4);
            if (code == 11 && below(2))
                slot.off = static_cast<int16_t>(8 << below((op & 7) == 7 ? 3 : 2));
        } else {
            slot.imm = number();
        }
        if (code == 3 || code == 9)
            slot.off = static_cast<int16_t>(below(2));
        return slot;
    }

    Slot memory() {
        const uint32_t pointer = below(30) ? 10 : below(10);
        static const uint8_t loads[] = {0x61, 0x69, 0x71, 0x79, 0x81, 0x89, 0x91};
        static const int32_t atomics[] = {0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1};
        switch (below(5)) {
        case 0:
            return {static_cast<uint8_t>(0x62 | below(4) << 3), registers(pointer, 0), stackOffset(), number()};
        case 1:
            return {static_cast<uint8_t>(0x63 | below(4) << 3), registers(pointer, below(11)), stackOffset(), 0};
        case 2:
            return {static_cast<uint8_t>(below(2) ? 0xc3 : 0xdb), registers(pointer, below(10)), stackOffset(),
                    atomics[below(sizeof atomics / sizeof *atomics)]};
        default:
            return {loads[below(sizeof loads)], registers(below(10), pointer), stackOffset(), 0};
        }
    }

    /// Its target is filled in later.
    Slot jump() {
        static const uint8_t codes[] = {1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13};
        switch (below(10)) {
        case 0:
            return {0x05, 0, 0, 0};
        case 1:
            return {0x06, 0, 0, 0};
        case 2:
            return {0x85, 0x10, static_cast<int16_t>(8 * below(8)), 0};
        default:
            break;
        }
        Slot slot = {static_cast<uint8_t>(codes[below(sizeof codes)] << 4 | (below(2) ? 5 : 6)),
                     registers(below(11), 0), 0, 0};
        if (below(2)) {
            slot.op |= 8;
            slot.registers |= static_cast<uint8_t>(below(11) << 4);
        } else {
            slot.imm = number();
        }
        return slot;
    }

    void generate() {
        bool starts[kSlots] = {};
        uint32_t at = 0;
        while (at < kSlots - 1) {
            starts[at] = true;
            const uint32_t kind = below(32);
            if (kind == 0 && at + 2 < kSlots) {
                text_[at++] = {0x18, registers(below(10), 0), 0, number()};
                text_[at] = {0, 0, 0, number()};
            } else if (kind == 1) {
                text_[at] = {0x85, 0, 0, kBinding};
            } else if (kind == 2) {
                text_[at] = {0x95, 0, 0, 0};
            } else if (kind < 9) {
                text_[at] = jump();
            } else if (kind < 18) {
                text_[at] = memory();
            } else {
                text_[at] = alu();
            }
            at++;
        }
        starts[at] = true;
        text_[at] = {0x95, 0, 0, 0};
        for (uint32_t i = 0; i < kSlots; i++) {
            Slot& slot = text_[i];
            const uint32_t cls = slot.op & 7;
            if (!starts[i] || (cls != 5 && cls != 6) || slot.op == 0x95 || (slot.op == 0x85 && slot.registers == 0))
                continue;
            uint32_t target = below(kSlots);
            while (!starts[target])
                target--;
            const int32_t distance = static_cast<int32_t>(target) - static_cast<int32_t>(i) - 1;
            if (slot.op == 0x06 || slot.op == 0x85)
                slot.imm = distance;
            else
                slot.off = static_cast<int16_t>(distance);
        }
    }

    uint32_t state_;
    alignas(8) Slot text_[kSlots];
};

/// FNV-1a, 64 bits.
class Hash {
public:
    void add(const void* bytes, size_t size) {
        for (size_t i = 0; i < size; i++)
            value_ = (value_ ^ static_cast<const uint8_t*>(bytes)[i]) * 0x100000001b3;
    }
    template <class T>
    void add(T value) {
        add(&value, sizeof value);
    }
    uint64_t value() const { return value_; }

private:
    uint64_t value_ = 0xcbf29ce484222325;
};

/// Firmware with one binding, which mixes its arguments.
inline const rbpf_firmware_t mixingFirmware = {
    [](const rbpf_firmware_t*, uint32_t id) -> int { return id == RandomProgram::kBinding; },
    [](const rbpf_firmware_t*, rbpf_container_t* container, uint32_t) -> int {
        container->reg[0] = container->reg[1] * 3 + container->reg[2] + container->instructions;
        return 0;
    }};

/// A program's run in memory of its own.
struct RandomRun {
    alignas(8) uint8_t stack[RandomProgram::kStackBytes];
    rbpf_container_t container;

    explicit RandomRun(const RandomProgram& program) {
        const rbpf_image_t image = program.image();
        rbpf_container_init(&container, &image, &mixingFirmware, stack, nullptr);
        rbpf_container_start(&container, 0);
    }

    uint64_t hash(rbpf_halt_t halt) const {
        Hash hash;
        hash.add(static_cast<uint32_t>(halt));
        hash.add(container.reg, sizeof container.reg);
        hash.add(stack, sizeof stack);
        hash.add(container.pc);
        hash.add(container.instructions);
        hash.add(container.depth);
        hash.add(container.runnable);
        hash.add(container.fault.status);
        hash.add(container.fault.insnIndex);
        hash.add(container.fault.detail);
        return hash.value();
    }
};

/// Hash over the runs of programs `first` … `first + count - 1`, each with `budget` instructions. 0 if the verifier
/// refuses one.
inline uint64_t randomRuns(uint32_t first, uint32_t count, uint32_t budget) {
    Hash hash;
    for (uint32_t seed = first; seed < first + count; seed++) {
        const RandomProgram program(seed);
        const rbpf_image_t image = program.image();
        const rbpf_limits_t limits = {65536, RandomProgram::kStackBytes, 0};
        rbpf_fault_t rejection;
        if (rbpf_image_verify(&image, &limits, &mixingFirmware, &rejection) != RBPF_STATUS_OK)
            return 0;
        RandomRun run(program);
        hash.add(run.hash(rbpf_container_run(&run.container, budget)));
    }
    return hash.value();
}

/// What randomRuns gives on every machine. It changes with the generator and with nothing else.
constexpr uint32_t kSameRunsPrograms = 1500;
constexpr uint32_t kSameRunsBudget = 700;
constexpr uint64_t kSameRunsHash = 0x46e856fb239aa7fe;

} // namespace rbpf::test
