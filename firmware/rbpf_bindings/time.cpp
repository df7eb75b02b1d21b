// SPDX-License-Identifier: LGPL-2.1-or-later
// Clocks, and the sleep of a periodic script.
#include <string.h>

#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

int bind_now_ms(Call& call) {
    call.result(call.run.port->nowMs());
    return RBPF_STATUS_OK;
}

int bind_ztimer_now(Call& call) {
    call.result(call.run.port->nowUs());
    return RBPF_STATUS_OK;
}

int bind_ztimer_periodic_wakeup(Call& call) {
    uint32_t last = 0;
    memcpy(&last, call.pointer[0], sizeof last);
    const uint32_t now = call.run.port->nowUs();
    const uint32_t period = call.u32(1);
    const uint32_t due = last + period;
    call.result(0);
    // As RIOT: a wake-up that lies in the past is not made up for; the next period counts from now.
    if (due - now > period) {
        memcpy(call.pointer[0], &now, sizeof now);
        return RBPF_STATUS_OK;
    }
    memcpy(call.pointer[0], &due, sizeof due);
    call.run.wakeAtUs = due;
    call.run.sleeping = true;
    return RBPF_CALL_INTERRUPT;
}

} // namespace rbpf::bindings
