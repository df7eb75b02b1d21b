// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts whose runs the history tests record.
#pragma once

namespace rbpf::session::test {

/// Local calls three deep that need r6 … r9, a loop, a variable that persists.
inline constexpr const char* kCalls = R"(
#include <rbpf/rbpf.h>
static uint32_t total = 7;
static uint32_t seen[4];
__attribute__((noinline)) static uint32_t leaf(uint32_t a, uint32_t b) { volatile uint32_t t[2] = {a, b}; return t[0] * 3 + t[1]; }
__attribute__((noinline)) static uint32_t middle(uint32_t a, uint32_t n) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += leaf(a + i, sum);
    return sum;
}
SEC("event/x") int entry(const uint32_t *context) {
    total += middle(context[0], 5) + middle(context[1], 3);
    seen[total & 3]++;
    return total;
}
)";

inline constexpr const char* kAtomics = R"(
#include <stdint.h>
static uint64_t wide = 5;
static uint32_t narrow = 9;
int entry(void) {
    uint64_t a = __sync_fetch_and_add(&wide, 3);
    uint32_t b = __sync_fetch_and_or(&narrow, 6);
    a += __sync_fetch_and_and(&wide, 12);
    b += __sync_fetch_and_xor(&narrow, 1);
    a += __sync_val_compare_and_swap(&wide, 8, 100);
    a += __sync_val_compare_and_swap(&wide, 8, 200);
    b += __sync_lock_test_and_set(&narrow, 77);
    __sync_fetch_and_add(&wide, 1);
    return a + b + wide + narrow;
}
)";

/// Bindings that write memory, print, and answer differently each time.
inline constexpr const char* kBindings = R"(
#include <rbpf/rbpf.h>
static phydat_t last;
SEC("timer/100") int entry(char *context) {
    uint32_t count;
    bpf_fetch_global(3, &count);
    bpf_store_global(3, count + 1);
    bpf_saul_reg_t *device = bpf_saul_reg_find_nth(1);
    phydat_t now;
    int read = bpf_saul_reg_read(device, &now);
    bpf_memcpy(&last, &now, sizeof now);
    char text[12];
    int length = bpf_fmt_s16_dfp(text, now.val[0], now.scale);
    if (context) bpf_memcpy(context, text, length);
    bpf_printf("%d values, %u\n", read, (unsigned)count);
    return last.val[0] + count + bpf_ztimer_now();
}
)";

/// Faults when context[0] says so: 1 a store outside of the stack, 2 a binding that gets a bad pointer, 3 a load from
/// address 0 in a local call; 4 goes on for ever.
inline constexpr const char* kFaults = R"(
#include <rbpf/rbpf.h>
static uint32_t runs;
__attribute__((noinline)) static uint32_t look(volatile uint32_t *p, uint32_t n) {
    volatile uint32_t kept = n;
    return *p + kept;
}
SEC("event/x") int entry(volatile uint32_t *context) {
    runs++;
    if (context[0] == 1) *(volatile uint32_t *)0x10001000 = 1;
    if (context[0] == 2) bpf_fetch_global(1, (uint32_t *)0x50000000);
    if (context[0] == 4) for (;;) runs++;
    return look(context[0] == 3 ? 0 : context, 1) + runs;
}
)";

} // namespace rbpf::session::test
