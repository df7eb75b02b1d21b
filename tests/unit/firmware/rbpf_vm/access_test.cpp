// SPDX-License-Identifier: GPL-3.0-or-later
// The borders of regions, for the script's own loads and stores and for what bindings reach.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

namespace {

constexpr uint8_t kLoads[] = {0x71, 0x69, 0x61, 0x79, 0x91, 0x89, 0x81};
constexpr uint32_t kLoadBytes[] = {1, 2, 4, 8, 1, 2, 4};
constexpr uint8_t kStores[] = {0x73, 0x6b, 0x63, 0x7b, 0xc3, 0xdb};
constexpr uint32_t kStoreBytes[] = {1, 2, 4, 8, 4, 8};

/// The fault of one access at `address` in a container with a 12-byte region `index`; OK if it went through.
rbpf_fault_t accessed(uint8_t op, uint64_t address, uint32_t index, bool writable, uint32_t size = 12) {
    const bool isLoad = (op & 7) == 1;
    Machine machine(join({lddw(1, address), {isLoad ? Insn{op, 0, 1, 0, 0} : Insn{op, 1, 0, 0, 0}, exitInsn()}}));
    Bytes memory(size, 0x5a);
    machine.grant(index, memory, writable);
    const rbpf_halt_t halt = machine.runAll();
    CHECK((halt == RBPF_HALT_EXITED) == (machine.container.fault.status == RBPF_STATUS_OK));
    return machine.container.fault;
}

} // namespace

TEST_CASE("loads reach the last byte of a region and none behind it") {
    for (size_t i = 0; i < sizeof kLoads; i++)
        for (uint32_t index : {5u, 15u}) {
            CAPTURE(int{kLoads[i]}, index);
            const uint32_t last = RBPF_ADDRESS(index, 12 - kLoadBytes[i]);
            CHECK(accessed(kLoads[i], last, index, true).status == RBPF_STATUS_OK);
            CHECK(accessed(kLoads[i], last, index, false).status == RBPF_STATUS_OK);
            const rbpf_fault_t fault = accessed(kLoads[i], last + 1, index, true);
            CHECK(fault.status == RBPF_STATUS_READ_FAULT);
            CHECK(fault.detail == last + 1);
            CHECK(fault.insnIndex == 2);
        }
}

TEST_CASE("stores and atomics reach the last byte of a writable region only") {
    for (size_t i = 0; i < sizeof kStores; i++)
        for (uint32_t index : {5u, 15u}) {
            CAPTURE(int{kStores[i]}, index);
            const uint32_t last = RBPF_ADDRESS(index, 12 - kStoreBytes[i]);
            CHECK(accessed(kStores[i], last, index, true).status == RBPF_STATUS_OK);
            CHECK(accessed(kStores[i], last + 1, index, true).status == RBPF_STATUS_WRITE_FAULT);
            CHECK(accessed(kStores[i], last, index, false).status == RBPF_STATUS_WRITE_FAULT);
        }
}

TEST_CASE("no access wraps around the end of the address space") {
    for (size_t i = 0; i < sizeof kLoads; i++) {
        CHECK(accessed(kLoads[i], 0xffffffff, 15, true).status == RBPF_STATUS_READ_FAULT);
        CHECK(accessed(kLoads[i], 0xfffffff9, 15, true).status == RBPF_STATUS_READ_FAULT);
        CHECK(accessed(kLoads[i], RBPF_ADDRESS(5, -1), 5, true).status == RBPF_STATUS_READ_FAULT);
    }
    for (size_t i = 0; i < sizeof kStores; i++) {
        CHECK(accessed(kStores[i], 0xffffffff, 15, true).status == RBPF_STATUS_WRITE_FAULT);
        CHECK(accessed(kStores[i], 0xfffffff9, 15, true).status == RBPF_STATUS_WRITE_FAULT);
    }
}

TEST_CASE("null pointers, the text and regions that are not granted fault") {
    for (uint8_t op : kLoads)
        for (uint64_t address : {0ull, 8ull, 0x50000000ull, 0xe0000000ull})
            CHECK(accessed(op, address, 6, true).status == RBPF_STATUS_READ_FAULT);
}

TEST_CASE("a region of size 0 has no bytes") {
    CHECK(accessed(0x71, 0x60000000, 6, true, 0).status == RBPF_STATUS_READ_FAULT);
    CHECK(accessed(0x73, 0x60000000, 6, true, 0).status == RBPF_STATUS_WRITE_FAULT);
}

TEST_CASE("an address is the low half of a register") {
    CHECK(accessed(0x71, 0xdeadbeef60000000, 6, true).status == RBPF_STATUS_OK);
}

TEST_CASE("script accesses need no alignment") {
    Machine machine({movImm(1, 0x60000001), {0x79, 0, 1, 0, 0}, {0x7b, 1, 0, 2, 0}, exitInsn()});
    Bytes memory = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    machine.grant(6, memory);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 0x0807060504030201);
    CHECK(memory == Bytes{0, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 11});
}

TEST_CASE("the stack ends at r10 and nothing lies below it") {
    for (int16_t off : {-512, -8}) {
        Machine machine({{0x7a, 10, 0, off, 1}, exitInsn()});
        CHECK(machine.runAll() == RBPF_HALT_EXITED);
    }
    for (int16_t off : {-513, -520, -7, 0, 8}) {
        Machine machine({{0x7a, 10, 0, off, 1}, exitInsn()});
        CHECK(machine.runAll() == RBPF_HALT_FAULT);
        CHECK(machine.container.fault.status == RBPF_STATUS_WRITE_FAULT);
        CHECK(machine.container.fault.detail == 0x10000200u + static_cast<uint32_t>(int32_t{off}));
    }
}

TEST_CASE("rodata can be read and not written") {
    ImageSpec spec{{movImm(1, 0x20000000), {0x71, 0, 1, 2, 0}, {0x73, 1, 0, 0, 0}, exitInsn()}};
    spec.rodata = {1, 2, 3};
    Machine machine(spec);
    CHECK(machine.runAll() == RBPF_HALT_FAULT);
    CHECK(machine.result() == 3);
    CHECK(machine.container.fault.status == RBPF_STATUS_WRITE_FAULT);
    CHECK(machine.container.fault.insnIndex == 2);
}

TEST_CASE("bindings reach a script's memory by the same borders") {
    Machine machine({exitInsn()});
    Bytes memory(16), constant(16);
    machine.grant(5, memory);
    machine.grant(15, constant, false);
    const auto reach = [&](uint64_t address, uint32_t size, uint32_t mode) {
        return rbpf_container_access(&machine.container, address, size, mode);
    };
    CHECK(reach(0x50000000, 16, RBPF_READ | RBPF_WRITE) == memory.data());
    CHECK(reach(0x5000000f, 1, RBPF_WRITE) == memory.data() + 15);
    CHECK(reach(0x50000010, 0, RBPF_READ) == memory.data() + 16);
    CHECK(reach(0xffffffff50000001, 1, RBPF_READ) == memory.data() + 1);
    CHECK(reach(0xf0000000, 16, RBPF_READ) == constant.data());
    CHECK(reach(0x50000000, 17, RBPF_READ) == nullptr);
    CHECK(reach(0x50000010, 1, RBPF_READ) == nullptr);
    CHECK(reach(0x50000011, 0, RBPF_READ) == nullptr);
    CHECK(reach(0x50000008, 0xffffffff, RBPF_READ) == nullptr);
    CHECK(reach(0x50000008, 0xfffffff8, RBPF_READ) == nullptr);
    CHECK(reach(0xf0000000, 1, RBPF_WRITE) == nullptr);
    CHECK(reach(0xf0000000, 1, RBPF_READ | RBPF_WRITE) == nullptr);
    CHECK(reach(0, 0, RBPF_READ) == nullptr);
    CHECK(reach(0, 1, RBPF_READ) == nullptr);
    CHECK(reach(0x60000000, 1, RBPF_READ) == nullptr);
}

TEST_CASE("a grant can be taken back") {
    Machine machine({movImm(1, 0x50000000), {0x71, 0, 1, 0, 0}, exitInsn()});
    Bytes memory(4);
    machine.grant(5, memory);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    rbpf_container_grant(&machine.container, 5, nullptr, 4, 1);
    CHECK(machine.runAll() == RBPF_HALT_FAULT);
    CHECK(machine.container.fault.status == RBPF_STATUS_READ_FAULT);
}
