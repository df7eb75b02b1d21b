// SPDX-License-Identifier: GPL-3.0-or-later
// Images of Femto-Containers, made by hand: they load and run unchanged.
#include <array>
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

namespace {

struct FemtoSpec {
    Program text = {};
    Bytes data = {};
    Bytes rodata = {};
    std::vector<std::array<uint16_t, 3>> functions = {}; ///< name, flags, text offset
    uint32_t flags = 0;
};

Bytes build(const FemtoSpec& spec) {
    const Bytes text = encode(spec.text);
    Bytes bytes;
    append(bytes, 0x46504272, 4);
    append(bytes, 0, 4);
    append(bytes, spec.flags, 4);
    const auto padded = [](size_t size) { return (size + 7) / 8 * 8; };
    append(bytes, padded(spec.data.size()), 4);
    append(bytes, padded(spec.rodata.size()), 4);
    append(bytes, text.size(), 4);
    append(bytes, spec.functions.size(), 4);
    for (const Bytes* section : {&spec.data, &spec.rodata}) {
        bytes.insert(bytes.end(), section->begin(), section->end());
        bytes.resize(28 + padded(bytes.size() - 28));
    }
    bytes.insert(bytes.end(), text.begin(), text.end());
    for (const auto& function : spec.functions)
        for (uint16_t field : function)
            append(bytes, field, 2);
    return bytes;
}

/// Adds a byte of data to one of rodata, through lddwd and lddwr, and writes the sum back to data.
FemtoSpec sample() {
    FemtoSpec spec;
    spec.data = {10, 20, 30};
    spec.rodata = {1, 2, 3, 4, 'r', 'u', 'n', 0};
    spec.text = join({
        {movImm(0, 99), exitInsn()},
        wide(0xb8, 1, 1), // data + 1
        wide(0xd8, 2, 2), // rodata + 2
        {{0x71, 0, 1, 0, 0}, {0x71, 3, 2, 0, 0}, addReg(0, 3), {0x73, 1, 0, 0, 0}, exitInsn()},
    });
    spec.functions = {{4, 0, 16}};
    return spec;
}

} // namespace

TEST_CASE("a Femto-Container image runs its first function over data and rodata") {
    const Bytes bytes = build(sample());
    Machine machine(bytes);
    REQUIRE(machine.opened == RBPF_STATUS_OK);
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    CHECK(machine.image.isFemto == 1);
    CHECK(machine.image.stackBytes == 512);
    CHECK(machine.image.bssBytes == 0);
    CHECK(machine.image.entryCount == 1);
    CHECK((machine.image.text - machine.image.bytes) % 8 == 4);
    const rbpf_entry_t entry = rbpf_image_entry(&machine.image, 0);
    CHECK(std::string(entry.name) == "run");
    CHECK(std::string(entry.trigger).empty());
    CHECK(entry.insnIndex == 2);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 23);
    CHECK(machine.ram()[1] == 23);
    CHECK(machine.container.instructions == 7);
    CHECK(std::string(rbpf_image_name(&machine.image)).empty());
    CHECK(std::string(rbpf_image_version(&machine.image)).empty());
}

TEST_CASE("a Femto-Container image without functions starts at its text") {
    FemtoSpec spec = sample();
    spec.functions = {};
    Machine machine(build(spec));
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 99);
}

TEST_CASE("a Femto-Container function may have no usable name") {
    FemtoSpec spec = sample();
    spec.functions = {{8, 0, 16}, {65535, 0, 0}};
    Machine machine(build(spec));
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    CHECK(std::string(rbpf_image_entry(&machine.image, 0).name).empty());
    CHECK(std::string(rbpf_image_entry(&machine.image, 1).name).empty());
    spec.rodata.back() = 'x';
    spec.functions = {{4, 0, 16}};
    Machine unterminated(build(spec));
    REQUIRE(unterminated.verified == RBPF_STATUS_OK);
    CHECK(std::string(rbpf_image_entry(&unterminated.image, 0).name).empty());
}

TEST_CASE("a Femto-Container function starts at an instruction") {
    for (uint16_t offset : {4, 24, 8000}) {
        FemtoSpec spec = sample();
        spec.functions = {{4, 0, offset}};
        CHECK(Machine(build(spec)).verified == RBPF_STATUS_BAD_ENTRY);
    }
}

TEST_CASE("rodata of a Femto-Container cannot be written") {
    FemtoSpec spec;
    spec.rodata = {1};
    spec.text = join({wide(0xd8, 1, 0), {{0x73, 1, 0, 0, 0}, exitInsn()}});
    Machine machine(build(spec));
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    CHECK(machine.runAll() == RBPF_HALT_FAULT);
    CHECK(machine.container.fault.status == RBPF_STATUS_WRITE_FAULT);
    CHECK(machine.container.fault.detail == 0x20000000);
}

TEST_CASE("a damaged Femto-Container image is refused") {
    const Bytes whole = build(sample());
    for (size_t size = 0; size < whole.size(); size++) {
        CAPTURE(size);
        Bytes cut(whole.begin(), whole.begin() + static_cast<long>(size));
        CHECK(Machine(cut).opened == RBPF_STATUS_TRUNCATED);
    }
    for (size_t field : {12, 16, 20, 24}) {
        CAPTURE(field);
        for (uint32_t value : {0xffffffffu, 0xfffffff8u, 0x80000000u, 0x40000000u, 0x2aaaaaabu}) {
            Bytes bytes = whole;
            put(bytes, field, value, 4);
            CHECK(Machine(bytes).opened < 0);
        }
    }
    Bytes odd = whole;
    put(odd, 20, 12, 4);
    CHECK(Machine(odd).opened == RBPF_STATUS_MALFORMED);
    FemtoSpec empty;
    CHECK(Machine(build(empty)).opened == RBPF_STATUS_MALFORMED);
}

TEST_CASE("packed instructions and local calls of Femto-Containers are refused") {
    FemtoSpec packed = sample();
    packed.flags = 1;
    CHECK(Machine(build(packed)).opened == RBPF_STATUS_IMAGE_VERSION);
    FemtoSpec calls;
    calls.text = {callLocal(0), exitInsn()};
    CHECK(Machine(build(calls)).verified == RBPF_STATUS_BAD_FRAME);
}
