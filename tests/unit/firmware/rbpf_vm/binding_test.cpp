// SPDX-License-Identifier: GPL-3.0-or-later
// Calls from a script into the firmware.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

TEST_CASE("a binding gets r1 to r5 and answers in r0") {
    Firmware firmware;
    firmware.bindings.push_back({7, [](rbpf_container_t& container) {
                                     container.reg[0] = container.reg[1] * 100 + container.reg[5];
                                     return 0;
                                 }});
    Machine machine({movImm(1, 3), movImm(5, 4), callBinding(7), addImm(0, 1), exitInsn()}, firmware);
    CHECK(machine.verified == RBPF_STATUS_OK);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 305);
    CHECK(machine.container.instructions == 5);
}

TEST_CASE("a binding sees where it is called and how many instructions ran before") {
    uint32_t pc = 0;
    uint64_t instructions = 0;
    Firmware firmware;
    firmware.bindings.push_back({7, [&](rbpf_container_t& container) {
                                     pc = container.pc;
                                     instructions = container.instructions;
                                     return 0;
                                 }});
    Machine machine({movImm(1, 3), jump(0), callBinding(7), exitInsn()}, firmware);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(pc == 2);
    CHECK(instructions == 2);
}

TEST_CASE("a refused argument faults at the call with the binding's detail") {
    Firmware firmware;
    firmware.bindings.push_back({7, [](rbpf_container_t& container) {
                                     container.fault.detail = 0xabc;
                                     return static_cast<int>(RBPF_STATUS_BAD_ARGUMENT);
                                 }});
    Machine machine({movImm(1, 3), callBinding(7), exitInsn()}, firmware);
    CHECK(machine.runAll() == RBPF_HALT_FAULT);
    CHECK(machine.container.fault.status == RBPF_STATUS_BAD_ARGUMENT);
    CHECK(machine.container.fault.insnIndex == 1);
    CHECK(machine.container.fault.detail == 0xabc);
    CHECK(machine.container.instructions == 1);
}

TEST_CASE("a binding can stop the run behind its call") {
    Firmware firmware;
    firmware.bindings.push_back({7, [](rbpf_container_t&) { return RBPF_CALL_INTERRUPT; }});
    Machine machine({callBinding(7), movImm(0, 9), exitInsn()}, firmware);
    machine.start();
    CHECK(machine.run() == RBPF_HALT_INTERRUPT);
    CHECK(machine.container.pc == 1);
    CHECK(machine.container.instructions == 1);
    CHECK(machine.run() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 9);
    CHECK(machine.container.instructions == 3);
}
