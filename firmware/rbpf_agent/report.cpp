// SPDX-License-Identifier: LGPL-2.1-or-later
// Answers: options in their order, bodies in blocks, failures as CoAP code + CBOR diagnostic, and faults as a line on
// the console.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/text.hpp"

namespace rbpf::agent {

namespace {

/// Header, token and every option that an answer may carry: what a block's payload must leave free.
constexpr size_t kReplyOverhead = 64;

constexpr uint32_t kSameFaultMs = 1000; ///< a script that faults all the time is told of once a second

/// The verifier's rejections, the faults of a run, and triggers, which belong to an entry's first instruction.
bool hasPlace(const rbpf_fault_t& fault) {
    return (fault.status <= RBPF_STATUS_BAD_OPCODE && fault.status > RBPF_STATUS_NO_SUCH_SLOT) ||
           fault.status == RBPF_STATUS_TRIGGER;
}

bool hasDetail(const rbpf_fault_t& fault) {
    return fault.detail != 0 || fault.status == RBPF_STATUS_READ_FAULT || fault.status == RBPF_STATUS_WRITE_FAULT;
}

const char* faultWords(int8_t status) {
    switch (status) {
    case RBPF_STATUS_READ_FAULT:
        return "read outside of its memory";
    case RBPF_STATUS_WRITE_FAULT:
        return "wrote outside of its memory";
    case RBPF_STATUS_STACK_OVERFLOW:
        return "stack overflow";
    case RBPF_STATUS_CALL_DEPTH:
        return "calls nested too deep";
    case RBPF_STATUS_BUDGET_SPENT:
        return "instruction budget spent";
    case RBPF_STATUS_BAD_ARGUMENT:
        return "bad argument to a binding";
    default:
        return "status ";
    }
}

} // namespace

void Agent::reply(Exchange& exchange, uint8_t code, const ReplyOptions& options, wire::Bytes payload) {
    const wire::CoapType type = exchange.answerType();
    exchange.sentId = type == wire::CoapType::Acknowledgement ? exchange.coap.messageId : nextId();
    const wire::Bytes token{exchange.coap.token, exchange.coap.tokenBytes};
    uint8_t header[96];
    wire::CoapBuilder builder(header, sizeof header);
    builder.begin(type, code, exchange.sentId, token);
    if (options.hasEtag) {
        uint8_t etag[4];
        for (unsigned i = 0; i < sizeof etag; ++i) {
            etag[i] = static_cast<uint8_t>(options.etag >> (8 * i));
        }
        builder.option(wire::kOptionETag, {etag, sizeof etag});
    }
    if (options.hasObserve) {
        builder.optionUint(wire::kOptionObserve, options.observe & 0xFFFFFFu);
    }
    if (options.hasFormat) {
        builder.optionUint(wire::kOptionContentFormat, options.format);
    }
    if (options.hasBlock2) {
        builder.optionUint(wire::kOptionBlock2, options.block2);
    }
    if (exchange.hasBlock1) {
        builder.optionUint(wire::kOptionBlock1, exchange.block1);
    }
    if (options.hasSize1) {
        builder.optionUint(wire::kOptionSize1, options.size1);
    }
    size_t length = builder.finish();
    const size_t whole = length + (payload.size != 0 ? 1 + payload.size : 0);
    if (length == 0 || whole > exchange.coap.capacity) {
        builder.begin(type, wire::kCoapInternalError, exchange.sentId, token);
        length = builder.finish();
        payload = {};
    }
    uint8_t* out = exchange.coap.buffer;
    if (payload.size != 0) {
        memmove(out + length + 1, payload.data, payload.size);
        out[length] = 0xFF;
    }
    memcpy(out, header, length);
    exchange.length = static_cast<uint32_t>(payload.size != 0 ? length + 1 + payload.size : length);
    send(exchange);
}

void Agent::replyBody(Exchange& exchange, const wire::CoapMessage& request, uint16_t format, const Body& body,
                      ReplyOptions options) {
    const size_t total = body.render(nullptr, 0, 0);
    wire::Block2Slice slice;
    if (!wire::block2Slice(request, total, wire::szxFor(memory_.messageBytes, kReplyOverhead), slice)) {
        reply(exchange, wire::kCoapBadOption);
        return;
    }
    (void)body.render(memory_.scratch, slice.size, slice.offset);
    options.hasFormat = true;
    options.format = format;
    options.hasBlock2 = slice.blockwise;
    options.block2 = wire::encodeBlock(slice.block);
    reply(exchange, wire::kCoapContent, options, {memory_.scratch, slice.size});
}

size_t Agent::faultPairs(const rbpf_fault_t& fault) {
    return 1u + (hasPlace(fault) ? 1u : 0u) + (hasDetail(fault) ? 1u : 0u);
}

/// Pairs of a map that the caller has opened with room for faultPairs().
void Agent::writeFault(wire::CborWriter& cbor, const rbpf_fault_t& fault) {
    cbor.text(RBPF_KEY_STATUS);
    cbor.integer(fault.status);
    if (hasPlace(fault)) {
        cbor.text(RBPF_KEY_INDEX);
        cbor.uint(fault.insnIndex);
    }
    if (hasDetail(fault)) {
        cbor.text(RBPF_KEY_DETAIL);
        cbor.uint(fault.detail);
    }
}

void Agent::replyFault(Exchange& exchange, uint8_t code, const rbpf_fault_t& fault) {
    uint8_t payload[48];
    wire::CborWriter cbor(payload, sizeof payload);
    cbor.map(faultPairs(fault));
    writeFault(cbor, fault);
    ReplyOptions options;
    options.hasFormat = true;
    options.format = wire::kFormatCbor;
    options.hasSize1 = code == wire::kCoapTooLarge;
    options.size1 = memory_.imageBytes;
    reply(exchange, code, options, {payload, cbor.size()});
}

void Agent::replyStatus(Exchange& exchange, uint8_t code, rbpf_status_t status) {
    replyFault(exchange, code, rbpf_fault_t{static_cast<int8_t>(status), 0, 0});
}

void Agent::tellFault(unsigned index, const rbpf_fault_t& fault) {
    Slot& slot = memory_.slot[index];
    const uint32_t now = port_.nowMs();
    const bool same = slot.toldFault.status == fault.status && slot.toldFault.insnIndex == fault.insnIndex;
    if (same && now - slot.toldMs < kSameFaultMs) {
        return;
    }
    slot.toldFault = fault;
    slot.toldMs = now;
    uint8_t line[160];
    TextWriter text(line, sizeof line);
    const char* words = faultWords(fault.status);
    text.text("slot ").number(index).text(" (").text(rbpf_image_name(&slot.image)).text(") faulted: ").text(words);
    if (words[strlen(words) - 1] == ' ') {
        text.number(fault.status);
    }
    text.text(", instruction ").number(fault.insnIndex);
    if (hasDetail(fault)) {
        text.text(", ").hex(fault.detail);
    }
    text.text("\n");
    console_.flush(); // what the script printed before comes first
    console_.write(reinterpret_cast<const char*>(line), text.size());
}

void Agent::tellRejected(unsigned slot, const rbpf_fault_t& fault) {
    uint8_t line[120];
    TextWriter text(line, sizeof line);
    text.text("slot ").number(slot).text(": the stored image is rejected (status ").number(fault.status);
    text.text(", instruction ").number(fault.insnIndex).text("); the slot is empty\n");
    console_.write(reinterpret_cast<const char*>(line), text.size());
}

} // namespace rbpf::agent
