// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

namespace {

constexpr uint32_t kPinsPerPort = 32;
constexpr uint32_t kPorts = 32;

/// Negative: what a script gets for a pin that does not exist.
constexpr int kNoPin = -1;

/// The board's number of the pin that the first two arguments name, port * 32 + pin, or negative. Judged before it is
/// multiplied, so that a port that wraps cannot mean another pin.
int boardPin(const Call& call) {
    const uint32_t port = call.u32(0);
    const uint32_t pin = call.u32(1);
    return port < kPorts && pin < kPinsPerPort ? static_cast<int>(port * kPinsPerPort + pin) : kNoPin;
}

int read(Call& call, bool output) {
    const int pin = boardPin(call);
    call.result(pin < 0 ? kNoPin : call.run.port->gpioRead(static_cast<uint32_t>(pin), output));
    return RBPF_STATUS_OK;
}

} // namespace

int bind_gpio_read_input(Call& call) {
    return read(call, false);
}

int bind_gpio_read_raw(Call& call) {
    return read(call, true);
}

int bind_gpio_write(Call& call) {
    const int pin = boardPin(call);
    call.result(pin < 0 ? kNoPin : call.run.port->gpioWrite(static_cast<uint32_t>(pin), call.s32(2) != 0 ? 1 : 0));
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bindings
