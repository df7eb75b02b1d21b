/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jumping to one of 8 or 16 labels by an index that is known to be in range: what a switch does, without its range
 * check, which the compiler will not drop. Size and speed of the interpreter hang on it. */
#ifndef RBPF_VM_DISPATCH_HPP
#define RBPF_VM_DISPATCH_HPP

#if defined(__thumb2__) && !defined(__clang__) && !defined(RBPF_PORTABLE_DISPATCH)

/* Thumb-2 has an instruction for it: a table of unsigned distances in halfwords right behind it. A label that the
 * compiler has put in front of the table makes the row larger than 16 bits, which the assembler refuses; so blocks
 * stay in the order of the source. (Should a compiler not keep to that: -DRBPF_PORTABLE_DISPATCH.) The other two cost
 * instructions in every handler to save a few bytes. */
#pragma GCC optimize("no-reorder-blocks", "no-crossjumping", "no-code-hoisting")

#define RBPF_DISPATCH_ROW(n) ".hword (%l" #n "-1b)/2 + ((%l" #n "-1b) & 0x80000000)\n"
#define RBPF_DISPATCH_ROWS8                                                                                            \
    RBPF_DISPATCH_ROW(1)                                                                                               \
    RBPF_DISPATCH_ROW(2)                                                                                               \
    RBPF_DISPATCH_ROW(3)                                                                                               \
    RBPF_DISPATCH_ROW(4) RBPF_DISPATCH_ROW(5) RBPF_DISPATCH_ROW(6) RBPF_DISPATCH_ROW(7) RBPF_DISPATCH_ROW(8)
#define RBPF_DISPATCH_ROWS16                                                                                           \
    RBPF_DISPATCH_ROWS8                                                                                                \
    RBPF_DISPATCH_ROW(9)                                                                                               \
    RBPF_DISPATCH_ROW(10)                                                                                              \
    RBPF_DISPATCH_ROW(11)                                                                                              \
    RBPF_DISPATCH_ROW(12) RBPF_DISPATCH_ROW(13) RBPF_DISPATCH_ROW(14) RBPF_DISPATCH_ROW(15) RBPF_DISPATCH_ROW(16)

#define RBPF_DISPATCH8(index, a, b, c, d, e, f, g, h)                                                                  \
    asm goto("tbh [pc, %0, lsl #1]\n1:\n" RBPF_DISPATCH_ROWS8 : : "r"(index) : : a, b, c, d, e, f, g, h);              \
    __builtin_unreachable()
#define RBPF_DISPATCH16(index, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                         \
    asm goto("tbh [pc, %0, lsl #1]\n1:\n" RBPF_DISPATCH_ROWS16                                                         \
             :                                                                                                         \
             : "r"(index)                                                                                              \
             :                                                                                                         \
             : a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);                                                        \
    __builtin_unreachable()

#else

#define RBPF_DISPATCH8(index, a, b, c, d, e, f, g, h)                                                                  \
    static const void* const table[] = {&&a, &&b, &&c, &&d, &&e, &&f, &&g, &&h};                                       \
    goto* table[index]
#define RBPF_DISPATCH16(index, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                         \
    static const void* const table[] = {                                                                               \
        &&a, &&b, &&c, &&d, &&e, &&f, &&g, &&h, &&i, &&j, &&k, &&l, &&m, &&n, &&o, &&p};                               \
    goto* table[index]

#endif

#endif
