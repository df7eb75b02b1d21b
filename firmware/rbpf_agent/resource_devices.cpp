// SPDX-License-Identifier: LGPL-2.1-or-later
// /rbpf/devices and /rbpf/pins: what the board's sensors read now, and where they are simulated, what they shall read.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/body.hpp"

namespace rbpf::agent {

namespace {

constexpr uint8_t kSensor = 0x80; ///< a SAUL class's bit: sensors have it, actuators do not

/// Every item takes the same room whatever it reads: a long list is written again for each block, and must not shift.
void writeDevice(wire::CborWriter& cbor, port::Port& port, uint32_t index) {
    const port::Device device = port.device(index);
    phydat_t reading{};
    const int count = port.deviceRead(index, reading);
    const size_t values = count < 0 ? 0 : count > PHYDAT_DIM ? PHYDAT_DIM : static_cast<size_t>(count);
    uint8_t bytes[2 * PHYDAT_DIM];
    for (size_t i = 0; i < values; ++i) {
        bytes[2 * i] = static_cast<uint8_t>(reading.val[i]);
        bytes[2 * i + 1] = static_cast<uint8_t>(static_cast<uint16_t>(reading.val[i]) >> 8);
    }
    cbor.map(6);
    cbor.text(RBPF_KEY_NAME);
    cbor.text(device.name);
    cbor.text(RBPF_KEY_TYPE);
    cbor.uint(device.type);
    cbor.text(RBPF_KEY_UNIT);
    cbor.uint(reading.unit);
    cbor.text(RBPF_KEY_SCALE);
    cbor.integer(reading.scale);
    cbor.text(RBPF_KEY_VALUES);
    cbor.bytes({bytes, 2 * values});
    cbor.text(RBPF_KEY_SIMULATED);
    cbor.boolean(port.isSimulated() && (device.type & kSensor) != 0);
}

} // namespace

void Agent::getDevices(Exchange& exchange, const wire::CoapMessage& message, const Path&) {
    const auto write = [this](wire::CborWriter& cbor) {
        const uint32_t count = port_.deviceCount();
        cbor.array(count);
        for (uint32_t i = 0; i < count; ++i) {
            writeDevice(cbor, port_, i);
        }
    };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write));
}

void Agent::getPins(Exchange& exchange, const wire::CoapMessage& message, const Path&) {
    const auto write = [this](wire::CborWriter& cbor) {
        const uint32_t count = port_.pinCount();
        cbor.array(count);
        for (uint32_t i = 0; i < count; ++i) {
            const port::Pin pin = port_.pin(i);
            cbor.map(3);
            cbor.text(RBPF_KEY_PIN);
            cbor.uint(pin.number);
            cbor.text(RBPF_KEY_OUTPUT);
            cbor.boolean(pin.output);
            cbor.text(RBPF_KEY_VALUES);
            cbor.uint(pin.level != 0 ? 1 : 0);
        }
    };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write));
}

void Agent::putDevice(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    uint32_t index = 0;
    if (!parseNumber(path.segment[1], strlen(path.segment[1]), false, index) || index >= port_.deviceCount()) {
        reply(exchange, wire::kCoapNotFound);
        return;
    }
    wire::CborReader reader(message.payload);
    wire::CborItem item;
    if (!reader.next(item) || !reader.atEnd() || item.type != wire::CborType::Bytes || item.data.size % 2 != 0 ||
        item.data.size > 2 * PHYDAT_DIM) {
        replyStatus(exchange, wire::kCoapBadRequest, RBPF_STATUS_BAD_ARGUMENT);
        return;
    }
    int16_t values[PHYDAT_DIM] = {};
    const unsigned count = static_cast<unsigned>(item.data.size / 2);
    for (unsigned i = 0; i < count; ++i) {
        values[i] = static_cast<int16_t>(item.data.data[2 * i] | item.data.data[2 * i + 1] << 8);
    }
    reply(exchange, port_.deviceSimulate(index, values, count) < 0 ? wire::kCoapForbidden : wire::kCoapChanged);
}

void Agent::putPin(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    uint32_t pin = 0;
    if (!parseNumber(path.segment[1], strlen(path.segment[1]), false, pin)) {
        reply(exchange, wire::kCoapNotFound);
        return;
    }
    wire::CborReader reader(message.payload);
    wire::CborItem item;
    if (!reader.next(item) || !reader.atEnd() || item.type != wire::CborType::Uint || item.value > 1) {
        replyStatus(exchange, wire::kCoapBadRequest, RBPF_STATUS_BAD_ARGUMENT);
        return;
    }
    reply(exchange,
          port_.pinSimulate(pin, static_cast<int>(item.value)) < 0 ? wire::kCoapForbidden : wire::kCoapChanged);
}

} // namespace rbpf::agent
