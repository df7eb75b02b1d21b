// SPDX-License-Identifier: LGPL-2.1-or-later
// The registry of sensors and actuators. A handle is the device's position + 1, so that null means none and a script
// that follows it reads region 0 and faults.
#include <string.h>

#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

namespace {

constexpr int kNoDevice = -19; ///< ENODEV, what RIOT's saul_reg_read() says of a null device

bool find(const Call& call, uint32_t& device) {
    device = call.u32(0) - 1;
    return call.u32(0) != 0 && device < call.run.port->deviceCount();
}

} // namespace

int bind_saul_reg_find_nth(Call& call) {
    const int32_t position = call.s32(0);
    const bool known = position >= 0 && static_cast<uint32_t>(position) < call.run.port->deviceCount();
    call.result(known ? static_cast<int64_t>(position) + 1 : 0);
    return RBPF_STATUS_OK;
}

int bind_saul_reg_find_type(Call& call) {
    const uint32_t count = call.run.port->deviceCount();
    call.result(0);
    for (uint32_t i = 0; i < count; ++i) {
        if (call.run.port->device(i).type == (call.u32(0) & 0xFFu)) {
            call.result(static_cast<int64_t>(i) + 1);
            break;
        }
    }
    return RBPF_STATUS_OK;
}

int bind_saul_reg_read(Call& call) {
    uint32_t device = 0;
    if (!find(call, device)) {
        call.result(kNoDevice);
        return RBPF_STATUS_OK;
    }
    phydat_t reading{};
    const int values = call.run.port->deviceRead(device, reading);
    memcpy(call.pointer[1], &reading, sizeof reading); // the script's pointer may be unaligned
    call.result(values);
    return RBPF_STATUS_OK;
}

int bind_saul_reg_write(Call& call) {
    uint32_t device = 0;
    if (!find(call, device)) {
        call.result(kNoDevice);
        return RBPF_STATUS_OK;
    }
    phydat_t value;
    memcpy(&value, call.pointer[1], sizeof value);
    call.result(call.run.port->deviceWrite(device, value));
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bindings
