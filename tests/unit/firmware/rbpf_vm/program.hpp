// SPDX-License-Identifier: GPL-3.0-or-later
// Writing BPF programs, images and runs for the tests of rbpf_vm: instructions by name, images built byte by byte.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::test {

/// One 8-byte slot. Fields as RFC 9669 has them.
struct Insn {
    uint8_t op = 0;
    uint8_t dst = 0;
    uint8_t src = 0;
    int16_t off = 0;
    int32_t imm = 0;
};

using Program = std::vector<Insn>;

inline Insn exitInsn() {
    return {0x95, 0, 0, 0, 0};
}
inline Insn movImm(uint8_t dst, int32_t imm) {
    return {0xb7, dst, 0, 0, imm};
}
inline Insn movReg(uint8_t dst, uint8_t src) {
    return {0xbf, dst, src, 0, 0};
}
inline Insn addImm(uint8_t dst, int32_t imm) {
    return {0x07, dst, 0, 0, imm};
}
inline Insn addReg(uint8_t dst, uint8_t src) {
    return {0x0f, dst, src, 0, 0};
}
inline Insn jump(int16_t off) {
    return {0x05, 0, 0, off, 0};
}
inline Insn callBinding(int32_t id) {
    return {0x85, 0, 0, 0, id};
}
inline Insn callLocal(int32_t distance, int16_t frameBytes = 0) {
    return {0x85, 0, 1, frameBytes, distance};
}

/// Both slots of an instruction that loads 64 bits.
inline Program wide(uint8_t op, uint8_t dst, uint64_t value) {
    return {{op, dst, 0, 0, static_cast<int32_t>(value)}, {0, 0, 0, 0, static_cast<int32_t>(value >> 32)}};
}
inline Program lddw(uint8_t dst, uint64_t value) {
    return wide(0x18, dst, value);
}

/// Programs one behind the other.
inline Program join(std::initializer_list<Program> parts) {
    Program all;
    for (const Program& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

using Bytes = std::vector<uint8_t>;

inline void append(Bytes& bytes, uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

inline void put(Bytes& bytes, size_t offset, uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        bytes.at(offset + i) = static_cast<uint8_t>(value >> (8 * i));
}

inline Bytes encode(const Program& program) {
    Bytes bytes;
    for (const Insn& insn : program) {
        bytes.push_back(insn.op);
        bytes.push_back(static_cast<uint8_t>(insn.src << 4 | insn.dst));
        append(bytes, static_cast<uint16_t>(insn.off), 2);
        append(bytes, static_cast<uint32_t>(insn.imm), 4);
    }
    return bytes;
}

inline uint32_t crc32(const Bytes& bytes) {
    uint32_t crc = ~0u;
    for (uint8_t byte : bytes) {
        crc ^= byte;
        for (int i = 0; i < 8; i++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

/// Stamps the checksum of a v1 image anew after a change.
inline void seal(Bytes& image) {
    put(image, 8, 0, 4);
    put(image, 8, crc32(image), 4);
}

struct EntrySpec {
    std::string name = "main";
    std::string trigger = "";
    uint16_t insnIndex = 0;
    uint16_t frameBytes = 0;
};

/// What goes into a v1 image.
struct ImageSpec {
    Program text = {};
    Bytes rodata = {};
    Bytes data = {};
    uint32_t bssBytes = 0;
    uint32_t budget = 0;
    uint16_t stackBytes = 512;
    std::vector<EntrySpec> entries = {EntrySpec{}};
    std::vector<uint16_t> bindings = {};
    std::string name = "test";
    std::string version = "1.0";
};

inline Bytes build(const ImageSpec& spec) {
    Bytes strings;
    const size_t stringsAt = 56 + 8 * spec.entries.size() + 2 * spec.bindings.size();
    const auto string = [&](const std::string& text) {
        const size_t at = stringsAt + strings.size();
        strings.insert(strings.end(), text.begin(), text.end());
        strings.push_back(0);
        return at;
    };
    Bytes head;
    const Bytes text = encode(spec.text);
    const size_t name = string(spec.name), version = string(spec.version);
    Bytes entries;
    for (const EntrySpec& entry : spec.entries) {
        append(entries, string(entry.name), 2);
        append(entries, string(entry.trigger), 2);
        append(entries, entry.insnIndex, 2);
        append(entries, entry.frameBytes, 2);
    }
    const size_t headerBytes = (stringsAt + strings.size() + 7) / 8 * 8;
    append(head, 0x49504272, 4);
    append(head, 1, 1);
    append(head, 0, 1);
    append(head, headerBytes, 2);
    append(head, 0, 4);
    append(head, text.size(), 4);
    append(head, spec.rodata.size(), 4);
    append(head, spec.data.size(), 4);
    append(head, spec.bssBytes, 4);
    append(head, spec.budget, 4);
    append(head, spec.stackBytes, 2);
    append(head, spec.entries.size(), 1);
    append(head, spec.bindings.size(), 1);
    append(head, name, 2);
    append(head, version, 2);
    head.resize(56);
    head.insert(head.end(), entries.begin(), entries.end());
    for (uint16_t binding : spec.bindings)
        append(head, binding, 2);
    head.insert(head.end(), strings.begin(), strings.end());
    head.resize(headerBytes);
    head.insert(head.end(), text.begin(), text.end());
    head.insert(head.end(), spec.rodata.begin(), spec.rodata.end());
    if (!spec.data.empty()) {
        head.resize((head.size() + 7) / 8 * 8);
        head.insert(head.end(), spec.data.begin(), spec.data.end());
    }
    seal(head);
    return head;
}

/// Firmware whose bindings are functions of the test.
struct Firmware : rbpf_firmware_t {
    using Call = std::function<int(rbpf_container_t&)>;
    std::vector<std::pair<uint32_t, Call>> bindings;

    Firmware() {
        has = [](const rbpf_firmware_t* self, uint32_t id) {
            for (const auto& binding : static_cast<const Firmware*>(self)->bindings)
                if (binding.first == id)
                    return 1;
            return 0;
        };
        call = [](const rbpf_firmware_t* self, rbpf_container_t* container, uint32_t id) {
            for (const auto& binding : static_cast<const Firmware*>(self)->bindings)
                if (binding.first == id)
                    return binding.second(*container);
            return static_cast<int>(RBPF_STATUS_UNKNOWN_BINDING);
        };
    }
};

/// An image in memory of exactly its size (so that the sanitizer sees a byte read too many) and a container of it.
class Machine {
public:
    explicit Machine(const Bytes& image, Firmware firmware = {}) : firmware_(std::move(firmware)) { load(image); }
    explicit Machine(const ImageSpec& spec, Firmware firmware = {}) : Machine(build(spec), std::move(firmware)) {}
    explicit Machine(const Program& text, Firmware firmware = {}) : Machine(ImageSpec{text}, std::move(firmware)) {}
    Machine(const Machine&) = delete;

    rbpf_status_t opened = RBPF_STATUS_OK;
    rbpf_status_t verified = RBPF_STATUS_OK;
    rbpf_fault_t rejection = {};
    rbpf_image_t image = {};
    rbpf_container_t container = {};

    void start(uint32_t entry = 0) { rbpf_container_start(&container, rbpf_image_entry(&image, entry).insnIndex); }
    rbpf_halt_t run(uint32_t maxInstructions = 1000000) { return rbpf_container_run(&container, maxInstructions); }
    /// Starts and runs to the end, wherever that is.
    rbpf_halt_t runAll() {
        start();
        return run();
    }
    void grant(uint32_t region, Bytes& bytes, bool writable = true) {
        rbpf_container_grant(&container, region, bytes.data(), static_cast<uint32_t>(bytes.size()), writable);
    }
    Bytes stack() const { return {stack_.get(), stack_.get() + image.stackBytes}; }
    Bytes ram() const { return {ram_.get(), ram_.get() + image.dataBytes + image.bssBytes}; }
    uint64_t result() const { return container.reg[0]; }

private:
    void load(const Bytes& bytes) {
        memory_.reset(new uint8_t[bytes.size() ? bytes.size() : 1]);
        std::copy(bytes.begin(), bytes.end(), memory_.get());
        opened = rbpf_image_open(&image, memory_.get(), static_cast<uint32_t>(bytes.size()));
        if (opened != RBPF_STATUS_OK)
            return;
        const rbpf_limits_t limits = {65536, 4096, 65536};
        verified = rbpf_image_verify(&image, &limits, &firmware_, &rejection);
        if (verified != RBPF_STATUS_OK)
            return;
        stack_.reset(new uint8_t[image.stackBytes]);
        ram_.reset(new uint8_t[image.dataBytes + image.bssBytes]);
        rbpf_container_init(&container, &image, &firmware_, stack_.get(), ram_.get());
    }

    Firmware firmware_;
    std::unique_ptr<uint8_t[]> memory_, stack_, ram_;
};

} // namespace rbpf::test
