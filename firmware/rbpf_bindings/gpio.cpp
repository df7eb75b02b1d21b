// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

int bind_gpio_read_input(Call& call) {
    call.result(call.run.port->gpioRead(call.u32(0), false));
    return RBPF_STATUS_OK;
}

int bind_gpio_read_raw(Call& call) {
    call.result(call.run.port->gpioRead(call.u32(0), true));
    return RBPF_STATUS_OK;
}

int bind_gpio_write(Call& call) {
    call.result(call.run.port->gpioWrite(call.u32(0), call.s32(1) != 0 ? 1 : 0));
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bindings
