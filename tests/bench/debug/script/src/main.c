// SPDX-License-Identifier: GPL-3.0-or-later
// What ./bench steps through: a loop with calls and locals that lasts longer than anybody steps.
#include <rbpf/rbpf.h>

static __attribute__((noinline)) int mixed(int value, int round)
{
    volatile int product = value * 31;
    volatile int sum = product + round;
    return sum ^ product;
}

SEC("coap/go")
int answer(bpf_coap_ctx_t *request)
{
    volatile int state = 1;
    for (int round = 0; round < 1000000; ++round) {
        state = mixed(state, round);
    }
    return state & 0;
}
