/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rbpf_vm_execute for the Cortex-M0, which knows 16-bit Thumb only (core.hpp). The same instructions as in
 * interpreter.cpp, but every opcode has its own handler, reached by one table jump: firmware/docs/assembly-cores.md. */
#include "rbpf_vm/core_choice.h"

#if RBPF_VM_CORE_THUMB == 1

    .syntax unified
    .thumb

aLow    .req r0  @ what an instruction works on: its destination …
aHigh   .req r1
insn    .req r2  @ the instruction's first word: opcode, registers, offset
bLow    .req r3  @ … and the other operand; at first the immediate
bHigh   .req r4
t       .req r5
to      .req r6  @ address of the destination register
at      .req r7  @ the next instruction
vm      .req r8  @ the container, which begins with the registers
opcodes .req r9  @ the table
slack   .req r10

    .equ    regionBytes, 12
    .equ    regionRead, 88        @ container.region[0]: readBytes, base, writeBytes (run.cpp checks)
    .equ    regionBase, 92
    .equ    regionWrite, 96
    .equ    endStopped, 0         @ rbpf::vm::End
    .equ    endBinding, 1
    .equ    endExited, 2
    .equ    endAccess, 3

@ t becomes the address of the source register. The quick form is for instructions with no offset above its number.
    .macro source
    lsls    t, insn, #16
    lsrs    t, t, #28
    lsls    t, t, #3
    add     t, vm
    .endm

    .macro sourceQuick
    lsrs    t, insn, #12
    lsls    t, t, #3
    add     t, vm
    .endm

    .macro destination64
    ldr     aLow, [to]
    ldr     aHigh, [to, #4]
    .endm

    .section .text.rbpf_vm_execute, "ax", %progbits
    .balign 4
    .global rbpf_vm_execute
    .type   rbpf_vm_execute, %function
    .thumb_func
rbpf_vm_execute:
    push    {r4-r7, lr}
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    push    {r1, r4-r6}
    sub     sp, #4                @ aligned to 8 in calls
    mov     vm, r0
    ldr     at, [r1]
    ldr     t, [r1, #4]
    mov     slack, t
    ldr     t, .LtableAddress
    mov     opcodes, t
    b       .Lnext
    .balign 4
.LtableAddress:
    .word   .LopcodeTable

.Lset32:
    str     aLow, [to]
    movs    aLow, #0
    str     aLow, [to, #4]
.Lnext:
    ldmia   at!, {insn, bLow}
    lsls    to, insn, #20
    lsrs    to, to, #28
    lsls    to, to, #3
    add     to, vm
    lsls    t, insn, #24
    lsrs    t, t, #23
    add     t, opcodes
    ldrh    t, [t]
    add     pc, t
    nop
.Lhandlers:                       @ where a distance of 0 leads

@ 32-bit arithmetic. With a register: fetch it and fall into the form with an immediate.
    .macro alu32 name, operation:vararg
.L\name\()32Reg:
    sourceQuick
    ldr     bLow, [t]
.L\name\()32Imm:
    ldr     aLow, [to]
    \operation
    b       .Lset32
    .endm

    .macro shift32 name, operation
.L\name\()32Reg:
    sourceQuick
    ldr     bLow, [t]
.L\name\()32Imm:
    movs    t, #31
    ands    bLow, bLow, t
    ldr     aLow, [to]
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
    ldr     aLow, [to]
    rsbs    aLow, aLow, #0
    b       .Lset32
.Lmov32Imm:
    mov     aLow, bLow
    b       .Lset32
.Lmov32Reg:
    lsrs    t, insn, #12
    cmp     t, #10
    bhi     .LmovSigned
    lsls    t, t, #3
    add     t, vm
    ldr     aLow, [t]
    b       .Lset32

@ Copies with sign extension, from as many bits as the offset says.
.LmovSigned:
    source
    ldr     aLow, [t]
    lsrs    t, insn, #16
    cmp     t, #16
    bhi     2f
    beq     1f
    sxtb    aLow, aLow
    b       2f
1:  sxth    aLow, aLow
2:  lsls    t, insn, #31          @ the class: 4 or 7
    bpl     .Lset32
.LsignExtend:
    asrs    aHigh, aLow, #31
.Lset64:
    stmia   to!, {aLow, aHigh}
    b       .Lnext

@ 64-bit arithmetic.
    .macro alu64 name, low, high
.L\name\()64Reg:
    sourceQuick
    ldmia   t!, {bLow, bHigh}
    b       1f
.L\name\()64Imm:
    asrs    bHigh, bLow, #31
1:  destination64
    \low    aLow, aLow, bLow
    \high   aHigh, aHigh, bHigh
    stmia   to!, {aLow, aHigh}
    b       .Lnext
    .endm

    alu64   add, adds, adcs
    alu64   sub, subs, sbcs
    alu64   or,  orrs, orrs
    alu64   and, ands, ands
    alu64   xor, eors, eors
.Lmov64Reg:
    lsrs    t, insn, #12
    cmp     t, #10
    bhi     .LmovSigned
    lsls    t, t, #3
    add     t, vm
    ldmia   t!, {bLow, bHigh}
    stmia   to!, {bLow, bHigh}
    b       .Lnext
.Lmov64Imm:
    asrs    bHigh, bLow, #31
    stmia   to!, {bLow, bHigh}
    b       .Lnext
.Lneg64:
    destination64
    movs    t, #0
    rsbs    aLow, aLow, #0
    sbcs    t, t, aHigh
    mov     aHigh, t
    b       .Lset64

@ Jumps that compare 32 bits.
    .macro jump32 name, test, condition
.L\name\()32Reg:
    source
    ldr     bLow, [t]
.L\name\()32Imm:
    ldr     aLow, [to]
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
    lsls    t, t, #3
    adds    at, at, t
    add     t, slack
    mov     slack, t
    cmp     t, #0
    blt     1f
    b       .Lnext
1:  movs    r0, #endStopped
    b       .Lspent
    jump32  jset, tst, ne
    jump32  jsgt, cmp, gt
    jump32  jsge, cmp, ge
    jump32  jslt, cmp, lt
    jump32  jsle, cmp, le

@ Jumps that compare 64 bits.
    .macro jump64 name, left, right, condition
.L\name\()64Reg:
    source
    ldmia   t!, {bLow, bHigh}
    b       1f
.L\name\()64Imm:
    asrs    bHigh, bLow, #31
1:  destination64
    cmp     \left\()Low, \right\()Low
    sbcs    \left\()High, \left\()High, \right\()High
    b\condition\() .LjumpToo
    b       .Lnext
    .endm

@ Equal if no bit differs; the test leaves what is not zero in aLow and aHigh.
    .macro test64 name, operation, condition
.L\name\()64Reg:
    source
    ldmia   t!, {bLow, bHigh}
    b       1f
.L\name\()64Imm:
    asrs    bHigh, bLow, #31
1:  destination64
    \operation aLow, aLow, bLow
    \operation aHigh, aHigh, bHigh
    orrs    aLow, aLow, aHigh
    b\condition\() .LjumpToo
    b       .Lnext
    .endm

    test64  jeq,  eors, eq
    test64  jne,  eors, ne
    test64  jset, ands, ne
    jump64  jlt,  a, b, lo
    jump64  jge,  a, b, hs
.LjumpToo:
    b       .Ljump
    jump64  jgt,  b, a, lo
    jump64  jle,  b, a, hs
    jump64  jslt, a, b, lt
    jump64  jsge, a, b, ge
    jump64  jsgt, b, a, lt
    jump64  jsle, b, a, ge

#include "rbpf_vm/thumb1_memory.inc"

.Lstop:
    movs    r0, #endStopped
.Lended:
    subs    at, at, #8
.Lspent:
    add     sp, #4
    pop     {r1, r4-r6}
    str     at, [r1]
    mov     r2, slack
    str     r2, [r1, #4]
    mov     r8, r4
    mov     r9, r5
    mov     r10, r6
    pop     {r4-r7, pc}

.LlddwData:
    movs    t, #3                 @ RBPF_REGION_DATA
    b       1f
.LlddwRodata:
    movs    t, #2                 @ RBPF_REGION_RODATA
1:  lsls    t, t, #28
    b       2f
.Llddw:
    movs    t, #0
2:  ldr     bHigh, [at, #4]
    adds    bLow, bLow, t
    movs    t, #0
    adcs    bHigh, bHigh, t
    stmia   to!, {bLow, bHigh}
    adds    at, at, #8
    movs    t, #8                 @ two slots, one instruction
    add     slack, t
    b       .Lnext

.Lcall:
    movs    r0, #endBinding
    lsls    t, insn, #16          @ the source's number: 0 or 1
    lsrs    t, t, #28
    beq     .Lended
    mov     r0, vm
    mov     r1, insn
    mov     r2, at
    ldr     r3, [sp, #4]
    bl      rbpf_vm_enter
    cmp     r0, #0
    blt     .Lended
    mov     t, at
    subs    t, t, #4
    ldr     t, [t]
    b       .LjumpBy
.Lexit:
    mov     r0, vm
    mov     r1, at
    ldr     r2, [sp, #4]
    bl      rbpf_vm_leave
    mov     t, r0
    movs    r0, #endExited
    cmp     t, #0
    beq     .Lspent
    b       .LjumpBy

#include "rbpf_vm/thumb1_library.inc"

@ Byte order: the immediate says how many bits stay.
.Ltruncate:
    cmp     bLow, #32
    bhi     1f
    ldr     aLow, [to]
    beq     2f
    uxth    aLow, aLow
    b       2f
.Lswap:
    ldr     aLow, [to]
    cmp     bLow, #32
    bhi     3f
    rev     aLow, aLow
    beq     2f
    lsrs    aLow, aLow, #16
2:  b       .Lset32
3:  ldr     bLow, [to, #4]
    rev     aHigh, aLow
    rev     aLow, bLow
    b       .Lset64
1:  b       .Lnext

#include "rbpf_vm/thumb1_opcodes.inc"
    .size   rbpf_vm_execute, . - rbpf_vm_execute

#endif

#ifdef __linux__
    .section .note.GNU-stack, "", %progbits
#endif
