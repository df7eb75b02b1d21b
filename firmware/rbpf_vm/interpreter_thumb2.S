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
called:
    adr     opcodes, opcodeTable
    b       next

set32:
    add     t, vm, dst, lsl #3
    strd    aLow, zero, [t]
next:
    ldrd    insn, bLow, [at], #8
    uxtb    t, insn
    ubfx    dst, insn, #8, #4
    tbb     [opcodes, t]
handlers:

@ 32-bit arithmetic. With a register: fetch it and fall into the form with an immediate.
    .macro alu32 name, operation:vararg
\name\()32Reg:
    source32
\name\()32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    \operation
    b       set32
    .endm

    .macro shift32 name, operation
\name\()32Reg:
    source32
\name\()32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    and     bLow, bLow, #31
    \operation aLow, aLow, bLow
    b       set32
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
neg32:
    ldr     aLow, [vm, dst, lsl #3]
    negs    aLow, aLow
    b       set32
mov32Imm:
    mov     aLow, bLow
    b       set32
mov32Reg:
    lsrs    t, insn, #12
    cmp     t, #10
    bhi     movSigned
    ldr     aLow, [vm, t, lsl #3]
    b       set32

@ The commonest of 64-bit arithmetic; the others: alu64.
add64Reg:
    lsrs    t, insn, #12
    add     t, vm, t, lsl #3
    ldrd    bLow, bHigh, [t]
    destination64
    adds    aLow, aLow, bLow
    adcs    aHigh, aHigh, bHigh
    strd    aLow, aHigh, [t]
    b       next
add64Imm:
    destination64
    adds    aLow, aLow, bLow
    adc     aHigh, aHigh, bLow, asr #31
    strd    aLow, aHigh, [t]
    b       next
mov64Reg:
    lsrs    t, insn, #12
    cmp     t, #10
    bhi     movSigned
    add     t, vm, t, lsl #3
    ldrd    bLow, bHigh, [t]
    add     t, vm, dst, lsl #3
    strd    bLow, bHigh, [t]
    b       next
mov64Imm:
    asrs    bHigh, bLow, #31
    add     t, vm, dst, lsl #3
    strd    bLow, bHigh, [t]
    b       next

@ Jumps that compare 32 bits.
    .macro jump32 name, test, condition
\name\()32Reg:
    ubfx    t, insn, #12, #4
    ldr     bLow, [vm, t, lsl #3]
\name\()32Imm:
    ldr     aLow, [vm, dst, lsl #3]
    \test   aLow, bLow
    b\condition\() jump
    b       next
    .endm

    jump32  jeq,  cmp, eq
    jump32  jne,  cmp, ne
    jump32  jgt,  cmp, hi
    jump32  jge,  cmp, hs
    jump32  jlt,  cmp, lo
    jump32  jle,  cmp, ls
gotol:
    mov     t, bLow
    b       jumpBy
jump:
    asrs    t, insn, #16
jumpBy:
    add     at, at, t, lsl #3
    adds    slack, slack, t, lsl #3
    bpl     next
    movs    r0, #endStopped
    b       spent
    jump32  jset, tst, ne
    jump32  jsgt, cmp, gt
    jump32  jsge, cmp, ge
    jump32  jslt, cmp, lt
    jump32  jsle, cmp, le

@ The table's last handlers to be in reach of its bytes: they go on elsewhere.
toAlu64Imm:
    asrs    bHigh, bLow, #31
    b       alu64
toAlu64Reg:
    b       alu64Reg
toJmpImm:
    asrs    bHigh, bLow, #31
    b       jmp
toJmpReg:
    b       jmpReg
toStoreImm:
    asrs    bHigh, bLow, #31
    b       store
toStoreReg:
    b       storeReg
toLddw:
    b       lddw
toLddwData:
    b       lddwData
toLddwRodata:
    b       lddwRodata
toTruncate:
    b       truncate
toDivide32Imm:
    b       divide32Imm
toDivide32Reg:
    b       divide32Reg
toCall:
    b       call
toExit:
    b       exit
toStop:
    b       stop

#include "rbpf_vm/thumb2_memory.inc"

@ Copies with sign extension, from as many bits as the offset says.
movSigned:
    ubfx    t, t, #0, #4
    ldr     aLow, [vm, t, lsl #3]
    lsrs    t, insn, #16
    rsb     t, t, #32
    lsls    aLow, aLow, t
    asrs    aLow, aLow, t
    lsls    t, insn, #31          @ the class: 4 or 7
    bmi     signExtend
    b       set32

stop:
    movs    r0, #endStopped
    b       ended
noAccess:
    movs    r0, #endAccess
ended:
    subs    at, #8
spent:
    ldr     r1, [sp]
    str     at, [r1]
    str     slack, [r1, #4]
    pop     {r1, r4-r11, pc}

lddwData:
    mov     t, #0x30000000        @ RBPF_REGION_DATA
    b       lddwRelative
lddwRodata:
    mov     t, #0x20000000        @ RBPF_REGION_RODATA
    b       lddwRelative
lddw:
    movs    t, #0
lddwRelative:
    ldr     aHigh, [at, #4]
    adds    aLow, bLow, t
    adc     aHigh, aHigh, zero
    adds    at, at, #8
    adds    slack, slack, #8      @ two slots, one instruction
    b       set64

@ By 0: the quotient is 0, the remainder what was to be divided. Bit 7 tells remainders, any offset signed division.
divide32Reg:
    ubfx    t, insn, #12, #4
    ldr     bLow, [vm, t, lsl #3]
divide32Imm:
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
    b       set32

call:
    movs    r0, #endBinding
    tst     insn, #0xf000         @ the source's number: 0 or 1
    beq     ended
    mov     r0, vm
    mov     r1, insn
    mov     r2, at
    ldr     r3, [sp]
    bl      rbpf_vm_enter
    cmp     r0, #0
    blt     ended
    ldr     t, [at, #-4]
    b       resume
exit:
    mov     r0, vm
    mov     r1, at
    ldr     r2, [sp]
    bl      rbpf_vm_leave
    movs    t, r0
    bne     resume
    movs    r0, #endExited
    b       spent
resume:
    adr     opcodes, opcodeTable
    b       jumpBy

#include "rbpf_vm/thumb2_wide.inc"

@ Conversion to little-endian: bits above the 16, 32 or 64 that the immediate names go.
truncate:
    ldr     aLow, [vm, dst, lsl #3]
    cmp     bLow, #32
    bhi     next
    it      lo
    uxthlo  aLow, aLow
    b       set32

#include "rbpf_vm/thumb2_opcodes.inc"
    .size   rbpf_vm_execute, . - rbpf_vm_execute

#endif

#ifdef __linux__
    .section .note.GNU-stack, "", %progbits
#endif
