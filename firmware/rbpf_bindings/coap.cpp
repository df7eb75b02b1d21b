// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "rbpf_bindings/functions.hpp"
#include "rbpf_wire/coap_option.hpp"

namespace rbpf::bindings {

void CoapExchange::stamp(wire::CoapType type, uint16_t id) {
    buffer[0] = static_cast<uint8_t>(0x40u | static_cast<unsigned>(type) << 4 | tokenBytes);
    buffer[1] = code;
    buffer[2] = static_cast<uint8_t>(id >> 8);
    buffer[3] = static_cast<uint8_t>(id);
    memcpy(buffer + wire::kCoapHeaderBytes, token, tokenBytes);
}

void CoapExchange::describe(const wire::CoapMessage& request) {
    const size_t at = request.payload.size != 0 ? static_cast<size_t>(request.payload.data - buffer) : 0;
    packet.header = RBPF_ADDRESS(RBPF_REGION_GRANT, 0);
    packet.token = RBPF_ADDRESS(RBPF_REGION_GRANT, wire::kCoapHeaderBytes);
    packet.payload = RBPF_ADDRESS(RBPF_REGION_GRANT, at);
    packet.payload_len = static_cast<uint16_t>(request.payload.size);
    packet.options_len = 0;
    wire::CoapOptionReader reader(request.options);
    wire::CoapOption option;
    while (reader.next(option)) {
        ++packet.options_len;
    }
}

void CoapExchange::describeRoom() {
    packet.payload = RBPF_ADDRESS(RBPF_REGION_GRANT, length);
    packet.payload_len = static_cast<uint16_t>(capacity - length);
}

bool CoapExchange::begin(uint8_t responseCode) {
    const unsigned klass = wire::coapClass(responseCode);
    if (klass != 2 && klass != 4 && klass != 5) {
        return false;
    }
    if (capacity < wire::kCoapHeaderBytes + tokenBytes) {
        return false;
    }
    code = responseCode;
    lastOption = 0;
    optionsEnded = false;
    marked = false;
    length = static_cast<uint32_t>(wire::kCoapHeaderBytes + tokenBytes);
    stamp(wire::CoapType::Acknowledgement, messageId);
    packet.options_len = 0;
    describeRoom();
    return true;
}

bool CoapExchange::addFormat(uint32_t format) {
    uint8_t value[2] = {static_cast<uint8_t>(format >> 8), static_cast<uint8_t>(format)};
    const size_t size = format == 0 ? 0 : format < 256 ? 1 : 2;
    if (code == 0 || optionsEnded || lastOption >= wire::kOptionContentFormat || format > 0xFFFF) {
        return false;
    }
    const size_t written = wire::writeOption(buffer + length, capacity - length, lastOption, wire::kOptionContentFormat,
                                             wire::Bytes{value + 2 - size, size});
    if (written == 0) {
        return false;
    }
    lastOption = wire::kOptionContentFormat;
    length += static_cast<uint32_t>(written);
    ++packet.options_len;
    describeRoom();
    return true;
}

uint32_t CoapExchange::endOptions(bool payload) {
    constexpr uint8_t kPayloadMarker = 0xFF;
    if (payload && !optionsEnded) {
        if (length >= capacity) {
            return 0;
        }
        buffer[length++] = kPayloadMarker;
        marked = true;
    }
    optionsEnded = true;
    describeRoom();
    return length;
}

namespace {

constexpr unsigned kFinishPayload = 1; ///< COAP_OPT_FINISH_PAYLOAD
constexpr int kNoSpace = -28;          ///< ENOSPC, as RIOT's coap_opt_finish()

/// The exchange, if this run answers a request and the script passed its own context; else null, with the detail set.
CoapExchange* exchange(Call& call) {
    if (call.run.coap == nullptr || call.u32(0) != RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0)) {
        call.container.fault.detail = call.u32(0);
        return nullptr;
    }
    return call.run.coap;
}

/// The answer has been written from `from` on, and its record brought up to date.
void answered(Call& call, uint32_t from) {
    const uint32_t to = call.run.coap->length;
    if (to != from) {
        call.touched(RBPF_ADDRESS(RBPF_REGION_GRANT, from), to - from, RBPF_WRITE);
    }
    call.touched(RBPF_ADDRESS(kRegionPacketRecord, 0), sizeof call.run.coap->packet, RBPF_WRITE);
}

} // namespace

int bind_gcoap_resp_init(Call& call) {
    CoapExchange* coap = exchange(call);
    if (coap == nullptr) {
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    if (call.u32(1) > 0xFF || !coap->begin(static_cast<uint8_t>(call.u32(1)))) {
        call.container.fault.detail = call.u32(1);
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    answered(call, 0);
    call.result(0);
    return RBPF_STATUS_OK;
}

int bind_coap_add_format(Call& call) {
    CoapExchange* coap = exchange(call);
    if (coap == nullptr) {
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    const uint32_t before = coap->length;
    if (!coap->addFormat(call.u32(1))) {
        call.container.fault.detail = call.u32(1);
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    answered(call, before);
    call.result(0);
    return RBPF_STATUS_OK;
}

int bind_coap_opt_finish(Call& call) {
    CoapExchange* coap = exchange(call);
    if (coap == nullptr || coap->code == 0) {
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    const uint32_t before = coap->length;
    const uint32_t length = coap->endOptions((call.u32(1) & kFinishPayload) != 0);
    answered(call, before);
    call.result(length == 0 ? static_cast<int64_t>(kNoSpace) : static_cast<int64_t>(length));
    return RBPF_STATUS_OK;
}

int bind_coap_get_pdu(Call& call) {
    CoapExchange* coap = exchange(call);
    if (coap == nullptr) {
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    call.result(coap->packet.payload);
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bindings
