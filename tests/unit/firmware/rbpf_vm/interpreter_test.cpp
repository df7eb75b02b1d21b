// SPDX-License-Identifier: GPL-3.0-or-later
// Runs: calls and frames, budget and faults.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

TEST_CASE("a script's result is r0 at the outermost exit") {
    Machine machine({movImm(0, 42), exitInsn()});
    CHECK(machine.verified == RBPF_STATUS_OK);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 42);
    CHECK(machine.container.instructions == 2);
    CHECK(machine.container.runnable == 0);
}

TEST_CASE("a run starts with the context in r1, its size in r2 and everything else zero") {
    Bytes context(24);
    Machine machine({movReg(0, 1), exitInsn()});
    machine.grant(RBPF_REGION_CONTEXT, context);
    machine.start();
    CHECK(machine.container.reg[1] == 0x40000000);
    CHECK(machine.container.reg[2] == 24);
    for (int i : {0, 3, 4, 5, 6, 7, 8, 9})
        CHECK(machine.container.reg[i] == 0);
    CHECK(machine.container.reg[10] == 0x10000200);
    CHECK(machine.run() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 0x40000000);
}

TEST_CASE("a run without a context has a null r1") {
    Machine machine({movReg(0, 1), exitInsn()});
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 0);
}

TEST_CASE("each run starts with a zeroed stack but keeps the data") {
    // *(u64*)(r10-8) += 1; data[0] += *(u64*)(r10-8); r0 = data[0]
    ImageSpec spec{{
        movImm(1, 0x30000000),
        {0x79, 3, 10, -8, 0},
        addImm(3, 1),
        {0x7b, 10, 3, -8, 0},
        {0x79, 0, 1, 0, 0},
        addReg(0, 3),
        {0x7b, 1, 0, 0, 0},
        exitInsn(),
    }};
    spec.data = {5, 0, 0, 0, 0, 0, 0, 0};
    Machine machine(spec);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 6);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 7);
}

TEST_CASE("data starts with the image's bytes and bss with zeroes") {
    ImageSpec spec{{movImm(1, 0x30000000), {0x71, 0, 1, 2, 0}, {0x71, 2, 1, 3, 0}, addReg(0, 2), exitInsn()}};
    spec.rodata = {1, 2, 3};
    spec.data = {7, 8, 9};
    spec.bssBytes = 5;
    Machine machine(spec);
    CHECK(machine.ram() == Bytes{7, 8, 9, 0, 0, 0, 0, 0});
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 9);
}

TEST_CASE("a local call saves r6 to r9 and moves the frame, and its exit gives them back") {
    Machine machine({
        movImm(6, 6),
        movImm(7, 7),
        movImm(8, 8),
        movImm(9, 9),
        callLocal(2, 24), // r10 moves down by the caller's frame
        {0x7b, 10, 0, -8, 0},
        exitInsn(),
        movReg(0, 10),
        movImm(6, 1),
        movImm(7, 1),
        movImm(8, 1),
        movImm(9, 1),
        exitInsn(),
    });
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 0x10000200 - 24);
    for (uint64_t i : {6, 7, 8, 9})
        CHECK(machine.container.reg[i] == i);
    CHECK(machine.container.reg[10] == 0x10000200);
    CHECK(machine.container.instructions == 13);
}

TEST_CASE("eight functions may be active at once, the ninth faults at its call") {
    // f(n): n -= 1; if n != 0 call f; exit
    const Program program = {addImm(1, -1), {0x15, 1, 0, 1, 0}, callLocal(-3), addImm(0, 1), exitInsn()};
    Machine machine(join({{movImm(1, 8)}, program}));
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.result() == 8);
    Machine deeper(join({{movImm(1, 9)}, program}));
    CHECK(deeper.runAll() == RBPF_HALT_FAULT);
    CHECK(deeper.container.fault.status == RBPF_STATUS_CALL_DEPTH);
    CHECK(deeper.container.fault.insnIndex == 3);
    CHECK(deeper.container.pc == 3);
}

TEST_CASE("a call whose frame does not fit the stack faults") {
    ImageSpec spec{{callLocal(1, 16), exitInsn(), callLocal(-1, 16), exitInsn()}};
    spec.stackBytes = 24;
    Machine machine(spec);
    CHECK(machine.runAll() == RBPF_HALT_FAULT);
    CHECK(machine.container.fault.status == RBPF_STATUS_STACK_OVERFLOW);
    CHECK(machine.container.fault.insnIndex == 2);
}

TEST_CASE("a run stops at exactly its budget and goes on from there") {
    Machine machine({addImm(0, 1), jump(-2)});
    machine.start();
    CHECK(machine.run(0) == RBPF_HALT_BUDGET);
    CHECK(machine.container.instructions == 0);
    CHECK(machine.run(7) == RBPF_HALT_BUDGET);
    CHECK(machine.container.instructions == 7);
    CHECK(machine.result() == 4);
    CHECK(machine.container.pc == 1);
    CHECK(machine.run(1) == RBPF_HALT_BUDGET);
    CHECK(machine.container.pc == 0);
    CHECK(machine.run(1000) == RBPF_HALT_BUDGET);
    CHECK(machine.container.instructions == 1008);
    CHECK(machine.result() == 504);
    CHECK(machine.container.runnable == 1);
}

TEST_CASE("lddw counts as one instruction") {
    Machine machine(join({lddw(0, 0x123456789abcdef0), {exitInsn()}}));
    machine.start();
    CHECK(machine.run(1) == RBPF_HALT_BUDGET);
    CHECK(machine.container.pc == 2);
    CHECK(machine.result() == 0x123456789abcdef0);
    CHECK(machine.run(1) == RBPF_HALT_EXITED);
    CHECK(machine.container.instructions == 2);
}

TEST_CASE("a faulting instruction is not counted and the pc stays on it") {
    Machine machine({movImm(1, 0), {0x71, 0, 1, 0, 0}, exitInsn()});
    CHECK(machine.runAll() == RBPF_HALT_FAULT);
    CHECK(machine.container.instructions == 1);
    CHECK(machine.container.pc == 1);
    CHECK(machine.container.fault.insnIndex == 1);
    CHECK(machine.container.runnable == 0);
}

TEST_CASE("a container without a run in progress does not run") {
    Machine machine({exitInsn()});
    CHECK(machine.run() == RBPF_HALT_FAULT);
    CHECK(machine.container.fault.status == RBPF_STATUS_NOT_RUNNABLE);
    CHECK(machine.runAll() == RBPF_HALT_EXITED);
    CHECK(machine.run() == RBPF_HALT_FAULT);
    CHECK(machine.container.fault.status == RBPF_STATUS_NOT_RUNNABLE);
}

TEST_CASE("a budget beyond 2^27 instructions is as exact as a small one") {
    Machine machine({addImm(0, 1), jump(-2)});
    machine.start();
    const uint32_t budget = (1u << 27) + 12345;
    CHECK(machine.run(budget) == RBPF_HALT_BUDGET);
    CHECK(machine.container.instructions == budget);
    CHECK(machine.result() == budget / 2 + 1);
}

TEST_CASE("text that changed after it was verified stops the run instead of holding the board") {
    Machine machine({movImm(0, 1), movImm(1, 1), exitInsn()});
    auto* text = const_cast<uint8_t*>(machine.image.text);
    for (uint8_t op : {0x00, 0xe4, 0xff}) {
        text[8] = op;
        for (uint32_t slice : {1u, 1000u}) {
            machine.start();
            rbpf_halt_t halt = RBPF_HALT_BUDGET;
            for (int i = 0; i < 10 && halt == RBPF_HALT_BUDGET; i++)
                halt = machine.run(slice);
            CHECK(halt == RBPF_HALT_FAULT);
            CHECK(machine.container.fault.status == RBPF_STATUS_BAD_OPCODE);
            CHECK(machine.container.fault.insnIndex == 1);
        }
    }
}
