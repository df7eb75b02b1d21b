// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/boards/stubs.hpp"

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr phydat_t kReading = {{2150, 0, 0}, 2, -2};
constexpr int kDevice = 1;
constexpr int kOptionBytes = 6;
uint8_t pdu[64];

} // namespace

// Native: pointers are pointers.

bpf_saul_reg_t* bpf_saul_reg_find_nth(int position) {
    return reinterpret_cast<bpf_saul_reg_t*>(position);
}

int bpf_saul_reg_read(bpf_saul_reg_t* device, phydat_t* reading) {
    if (!device)
        return -1;
    *reading = kReading;
    return 1;
}

void bpf_gcoap_resp_init(bpf_coap_ctx_t*, unsigned) {}

void bpf_coap_add_format(bpf_coap_ctx_t*, uint32_t) {}

ssize_t bpf_coap_opt_finish(bpf_coap_ctx_t*, unsigned) {
    return kOptionBytes;
}

uint8_t* bpf_coap_get_pdu(bpf_coap_ctx_t*) {
    return pdu;
}

size_t bpf_fmt_s16_dfp(char* out, int16_t value, int) {
    out[0] = static_cast<char>('0' + value % 10);
    return 1;
}

namespace rbpf::bench {

namespace {

int has(const rbpf_firmware_t*, uint32_t) {
    return 1;
}

// In a script: pointers are checked. The context doubles as the room for the payload.
int call(const rbpf_firmware_t*, rbpf_container_t* container, uint32_t id) {
    uint64_t* reg = container->reg;
    switch (id) {
    case 0x30:
        reg[0] = reg[1];
        return 0;
    case 0x32: {
        void* to = rbpf_container_access(container, reg[2], sizeof kReading, RBPF_WRITE);
        if (!to)
            return RBPF_STATUS_BAD_ARGUMENT;
        *static_cast<phydat_t*>(to) = kReading;
        reg[0] = kDevice;
        return 0;
    }
    case 0x41:
        reg[0] = kOptionBytes;
        return 0;
    case 0x43:
        reg[0] = RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0);
        return 0;
    case 0x50: {
        char* out = static_cast<char*>(rbpf_container_access(container, reg[1], 8, RBPF_WRITE));
        if (!out)
            return RBPF_STATUS_BAD_ARGUMENT;
        reg[0] = bpf_fmt_s16_dfp(out, static_cast<int16_t>(reg[2]), static_cast<int>(reg[3]));
        return 0;
    }
    default:
        reg[0] = 0;
        return 0;
    }
}

} // namespace

const rbpf_firmware_t stubFirmware = {has, call};

} // namespace rbpf::bench
