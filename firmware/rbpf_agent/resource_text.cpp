// SPDX-License-Identifier: LGPL-2.1-or-later
// GET /.well-known/core (RFC 6690): what the board and its scripts offer to this peer. GET /rbpf: what the board is.
#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/body.hpp"
#include "rbpf_bindings/bindings_table.hpp"

namespace rbpf::agent {

void Agent::getCore(Exchange& exchange, const wire::CoapMessage& message) {
    const bool open = managementOpen(exchange.peer);
    const auto write = [this, open](TextWriter& text) {
        const char* separator = "";
        if (open) {
            text.text("</rbpf>;ct=60,</rbpf/slots>;ct=60,</rbpf/stats>;ct=60;obs");
            separator = ",";
        }
        for (uint32_t i = 0; i < memory_.slots; ++i) {
            const Slot& slot = memory_.slot[i];
            for (unsigned entry = 0; slot.loaded && entry < slot.image.entryCount; ++entry) {
                const Trigger trigger = slotTrigger(slot, entry);
                if (trigger.kind == RBPF_TRIGGER_COAP) {
                    text.text(separator).text("</").text(trigger.argument).text(">");
                    separator = ",";
                }
            }
        }
    };
    replyBody(exchange, message, wire::kFormatLink, textBody(write));
}

void Agent::getInfo(Exchange& exchange, const wire::CoapMessage& message, const Path&) {
    uint8_t ids[2 * bindings::kBindingCount];
    for (size_t i = 0; i < bindings::kBindingCount; ++i) {
        ids[2 * i] = bindings::kIds[i];
        ids[2 * i + 1] = 0;
    }
    const auto write = [this, &ids](wire::CborWriter& cbor) {
        const bool reset = options_.lastReset[0] != '\0';
        cbor.map(reset ? 13 : 12);
        cbor.text(RBPF_KEY_PROTOCOL);
        cbor.uint(RBPF_PROTOCOL_VERSION);
        cbor.text(RBPF_KEY_FIRMWARE);
        cbor.text(options_.firmware);
        cbor.text(RBPF_KEY_BOARD);
        cbor.text(options_.board);
        cbor.text(RBPF_KEY_TABLE);
        cbor.uint(bindings::kTableHash);
        cbor.text(RBPF_KEY_BINDINGS);
        cbor.bytes({ids, sizeof ids});
        cbor.text(RBPF_KEY_SLOTS);
        cbor.uint(memory_.slots);
        cbor.text(RBPF_KEY_TEXT);
        cbor.uint(memory_.imageBytes);
        cbor.text(RBPF_KEY_RAM);
        cbor.uint(memory_.ramBytes);
        cbor.text(RBPF_KEY_STACK);
        cbor.uint(memory_.stackBytes);
        cbor.text(RBPF_KEY_REGIONS);
        cbor.uint(RBPF_REGION_COUNT);
        cbor.text(RBPF_KEY_BUDGET);
        cbor.uint(memory_.budgetMax);
        cbor.text(RBPF_KEY_CAPABILITIES);
        cbor.array(options_.udp ? 3 : 2);
        cbor.text("observe");
        cbor.text("debug");
        if (options_.udp) {
            cbor.text("udp");
        }
        if (reset) {
            cbor.text(RBPF_KEY_RESET);
            cbor.text(options_.lastReset);
        }
    };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write));
}

void Agent::getStats(Exchange& exchange, const wire::CoapMessage& message, const Path&) {
    ReplyOptions options;
    observe(exchange, message, options);
    const auto write = [this](wire::CborWriter& cbor) { writeStats(cbor); };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write), options);
}

void Agent::writeStats(wire::CborWriter& cbor) const {
    cbor.map(faults_ != 0 ? 4 : 3);
    cbor.text(RBPF_KEY_RUNS);
    cbor.uint(runs_);
    cbor.text(RBPF_KEY_FAULTS);
    cbor.uint(faults_);
    cbor.text(RBPF_KEY_INSTRUCTIONS);
    cbor.uint(instructions_);
    if (faults_ != 0) {
        cbor.text(RBPF_KEY_LAST);
        cbor.map(1 + faultPairs(lastFault_));
        cbor.text(RBPF_KEY_SLOT);
        cbor.uint(lastFaultSlot_);
        writeFault(cbor, lastFault_);
    }
}

} // namespace rbpf::agent
