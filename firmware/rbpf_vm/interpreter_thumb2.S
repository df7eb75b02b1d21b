/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rbpf_vm_execute for processors with Thumb-2 (core.hpp). The same instructions as in interpreter.cpp, but most opcodes
 * have a handler of their own, reached by one table jump. How it works and what each choice saves:
 * firmware/docs/assembly-cores.md. */
#include "rbpf_vm/core_choice.h"

#if RBPF_VM_CORE_THUMB == 2

    .syntax unified
    .thumb

aLow    .req r0  @ what an instruction works on: its destination …
aHigh   .req r1
bLow    .req r2  @ … and the other operand; at first the immediate
bHigh   .req r3
t       .req r4
region  .req r5
at      .req r6  @ the next instruction
insn    .req r7  @ this one's first word: opcode, registers, offset
vm      .req r8  @ the container, which begins with the registers
twelve  .req r9  @ bytes of a region
zero    .req r10
slack   .req r11
dst     .req r12 @ number of the destination register
opcodes .req lr  @ the table; lost in calls

    .equ    regionRead, 88        @ container.region[0]: readBytes, base, writeBytes (run.cpp checks)
    .equ    regionBase, 92
    .equ    endStopped, 0         @ rbpf::vm::End
    .equ    endBinding, 1
    .equ    endExited, 2
    .equ    endAccess, 3

@ The second operand of an instruction that has a register in place of an immediate, and no offset above it.
    .macro source32
    lsrs    t, insn, #12
    ldr     bLow, [vm, t, lsl #3]
    .endm

@ The destination's value; t becomes its address.
    .macro destination64
    add     t, vm, dst, lsl #3
    ldrd    aLow, aHigh, [t]
    .endm

    .section .text.rbpf_vm_execute, "ax", %progbits
    .balign 4
    .global rbpf_vm_execute
    .type   rbpf_vm_execute, %function
    .thumb_func
rbpf_vm_execute:
    push    {r1, r4-r11, lr}
    mov     vm, r0
    ldr     at, [r1]
    ldr     slack, [r1, #4]
    mov     twelve, #12
    mov     zero, #0
.Lcalled:
    adr     opcodes, .LopcodeTable
    b       .Lnext

.Lset32:
    add     t, vm, dst, lsl #3
    strd    aLow, zero, [t]
.Lnext:
    ldrd    insn, bLow, [at], #8
    uxtb    t, insn
    ubfx    dst, insn, #8, #4
    tbb     [opcodes, t]
.Lhandlers:

@ 32-bit arithmetic. With a register: fetch it and fall into the form with an immediate.
    .macro alu32 name, operation:vararg
.L\name\()32Reg:
    source32
.L\name\()32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    \operation
    b       .Lset32
    .endm

    .macro shift32 name, operation
.L\name\()32Reg:
    source32
.L\name\()32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    and     bLow, bLow, #31
    \operation aLow, aLow, bLow
    b       .Lset32
    .endm

    alu32   add, adds aLow, aLow, bLow
    alu32   sub, subs aLow, aLow, bLow
    alu32   mul, muls aLow, bLow, aLow
    alu32   or,  orrs aLow, aLow, bLow
    alu32   and, ands aLow, aLow, bLow
    alu32   xor, eors aLow, aLow, bLow
    shift32 lsh, lsls
    shift32 rsh, lsrs
    shift32 arsh, asrs
.Lneg32:
    ldr     aLow, [vm, dst, lsl #3]
    negs    aLow, aLow
    b       .Lset32
.Lmov32Imm:
    mov     aLow, bLow
    b       .Lset32
.Lmov32Reg:
    lsrs    t, insn, #12
    cmp     t, #10
    bhi     .LmovSigned
    ldr     aLow, [vm, t, lsl #3]
    b       .Lset32

@ The commonest of 64-bit arithmetic; the others: alu64.
.Ladd64Reg:
    lsrs    t, insn, #12
    add     t, vm, t, lsl #3
    ldrd    bLow, bHigh, [t]
    destination64
    adds    aLow, aLow, bLow
    adcs    aHigh, aHigh, bHigh
    strd    aLow, aHigh, [t]
    b       .Lnext
.Ladd64Imm:
    destination64
    adds    aLow, aLow, bLow
    adc     aHigh, aHigh, bLow, asr #31
    strd    aLow, aHigh, [t]
    b       .Lnext
.Lmov64Reg:
    lsrs    t, insn, #12
    cmp     t, #10
    bhi     .LmovSigned
    add     t, vm, t, lsl #3
    ldrd    bLow, bHigh, [t]
    add     t, vm, dst, lsl #3
    strd    bLow, bHigh, [t]
    b       .Lnext
.Lmov64Imm:
    asrs    bHigh, bLow, #31
    add     t, vm, dst, lsl #3
    strd    bLow, bHigh, [t]
    b       .Lnext

@ Jumps that compare 32 bits.
    .macro jump32 name, test, condition
.L\name\()32Reg:
    ubfx    t, insn, #12, #4
    ldr     bLow, [vm, t, lsl #3]
.L\name\()32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    \test   aLow, bLow
    b\condition\() .Ljump
    b       .Lnext
    .endm

    jump32  jeq,  cmp, eq
    jump32  jne,  cmp, ne
    jump32  jgt,  cmp, hi
    jump32  jge,  cmp, hs
    jump32  jlt,  cmp, lo
    jump32  jle,  cmp, ls
.Lgotol:
    mov     t, bLow
    b       .LjumpBy
.Ljump:
    asrs    t, insn, #16
.LjumpBy:
    add     at, at, t, lsl #3
    adds    slack, slack, t, lsl #3
    bpl     .Lnext
    movs    r0, #endStopped
    b       .Lspent
    jump32  jset, tst, ne
    jump32  jsgt, cmp, gt
    jump32  jsge, cmp, ge
    jump32  jslt, cmp, lt
    jump32  jsle, cmp, le

@ The table's last handlers to be in reach of its bytes: they go on elsewhere.
.LtoAlu64Imm:
    asrs    bHigh, bLow, #31
    b       .Lalu64
.LtoAlu64Reg:
    b       .Lalu64Reg
.LtoJmpImm:
    asrs    bHigh, bLow, #31
    b       .Ljmp
.LtoJmpReg:
    b       .LjmpReg
.LtoStoreImm:
    asrs    bHigh, bLow, #31
    b       .Lstore
.LtoStoreReg:
    b       .LstoreReg
.LtoLddw:
    b       .Llddw
.LtoLddwData:
    b       .LlddwData
.LtoLddwRodata:
    b       .LlddwRodata
.LtoTruncate:
    b       .Ltruncate
.LtoDivide32Imm:
    b       .Ldivide32Imm
.LtoDivide32Reg:
    b       .Ldivide32Reg
.LtoCall:
    b       .Lcall
.LtoExit:
    b       .Lexit
.LtoStop:
    b       .Lstop

#include "rbpf_vm/thumb2_memory.inc"

@ Copies with sign extension, from as many bits as the offset says.
.LmovSigned:
    ubfx    t, t, #0, #4
    ldr     aLow, [vm, t, lsl #3]
    lsrs    t, insn, #16
    rsb     t, t, #32
    lsls    aLow, aLow, t
    asrs    aLow, aLow, t
    lsls    t, insn, #31          @ the class: 4 or 7
    bmi     .LsignExtend
    b       .Lset32

.Lstop:
    movs    r0, #endStopped
    b       .Lended
.LnoAccess:
    movs    r0, #endAccess
.Lended:
    subs    at, #8
.Lspent:
    ldr     r1, [sp]
    str     at, [r1]
    str     slack, [r1, #4]
    pop     {r1, r4-r11, pc}

.LlddwData:
    mov     t, #0x30000000        @ RBPF_REGION_DATA
    b       .LlddwRelative
.LlddwRodata:
    mov     t, #0x20000000        @ RBPF_REGION_RODATA
    b       .LlddwRelative
.Llddw:
    movs    t, #0
.LlddwRelative:
    ldr     aHigh, [at, #4]
    adds    aLow, bLow, t
    adc     aHigh, aHigh, zero
    adds    at, at, #8
    adds    slack, slack, #8      @ two slots, one instruction
    b       .Lset64

@ By 0: the quotient is 0, the remainder what was to be divided. Bit 7 tells remainders, any offset signed division.
.Ldivide32Reg:
    ubfx    t, insn, #12, #4
    ldr     bLow, [vm, t, lsl #3]
.Ldivide32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    movs    t, #0
    cbz     bLow, 2f
    lsrs    region, insn, #16
    bne     1f
    udiv    t, aLow, bLow
    b       2f
1:  sdiv    t, aLow, bLow
2:  tst     insn, #0x80
    ite     eq
    moveq   aLow, t
    mlsne   aLow, t, bLow, aLow
    b       .Lset32

.Lcall:
    movs    r0, #endBinding
    tst     insn, #0xf000         @ the source's number: 0 or 1
    beq     .Lended
    mov     r0, vm
    mov     r1, insn
    mov     r2, at
    ldr     r3, [sp]
    bl      rbpf_vm_enter
    cmp     r0, #0
    blt     .Lended
    ldr     t, [at, #-4]
    b       .Lresume
.Lexit:
    mov     r0, vm
    mov     r1, at
    ldr     r2, [sp]
    bl      rbpf_vm_leave
    movs    t, r0
    bne     .Lresume
    movs    r0, #endExited
    b       .Lspent
.Lresume:
    adr     opcodes, .LopcodeTable
    b       .LjumpBy

#include "rbpf_vm/thumb2_wide.inc"

@ Conversion to little-endian: bits above the 16, 32 or 64 that the immediate names go.
.Ltruncate:
    ldr     aLow, [vm, dst, lsl #3]
    cmp     bLow, #32
    bhi     .Lnext
    it      lo
    uxthlo  aLow, aLow
    b       .Lset32

#include "rbpf_vm/thumb2_opcodes.inc"
    .size   rbpf_vm_execute, . - rbpf_vm_execute

#endif

#ifdef __linux__
    .section .note.GNU-stack, "", %progbits
#endif
