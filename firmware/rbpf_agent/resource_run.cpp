// SPDX-License-Identifier: LGPL-2.1-or-later
// POST /rbpf/slots/{n}/invoke and POST /rbpf/hooks/{trigger}: running scripts on demand. The request's payload is the
// context, where it lies; the answer tells what each run came to.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/body.hpp"

namespace rbpf::agent {

namespace {

/// What the answer needs besides the context: header, options, and the maps of kRecordsMax runs.
constexpr uint32_t kRunReplyBytes = 112;

constexpr uint32_t kReplyHeadBytes = 16; ///< header, token, Content-Format, payload marker

bool parsePolicy(wire::Bytes text, rbpf_policy_t& policy) {
    constexpr const char* kNames[] = {"continue", "negative", "positive", "single"}; // in the order of rbpf_policy_t
    for (unsigned i = 0; i < sizeof kNames / sizeof kNames[0]; ++i) {
        if (text == wire::textBytes(kNames[i])) {
            policy = static_cast<rbpf_policy_t>(i);
            return true;
        }
    }
    return false;
}

} // namespace

bool Agent::takeContext(Exchange& exchange, const wire::CoapMessage& message, Activation& activation) {
    wire::CoapBlock block;
    const bool partial = wire::findBlock(message, wire::kOptionBlock1, block) != wire::BlockFind::Absent &&
                         (block.more || block.number != 0);
    if (partial || message.payload.size + kRunReplyBytes > memory_.messageBytes) {
        activation.purpose = Activation::Purpose::Free;
        replyStatus(exchange, wire::kCoapTooLarge, RBPF_STATUS_TOO_LARGE);
        return false;
    }
    // Moved to the buffer's start, where it is aligned as the script may expect. What the request said is over then.
    activation.contextBytes = static_cast<uint32_t>(message.payload.size);
    activation.context = exchange.coap.buffer;
    if (activation.contextBytes != 0) {
        memmove(exchange.coap.buffer, message.payload.data, activation.contextBytes);
    }
    activation.exchange = &exchange;
    return true;
}

void Agent::postInvoke(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    const int number = slotNumber(exchange, path.segment[1]);
    if (number < 0) {
        return;
    }
    const Slot& slot = memory_.slot[number];
    if (!slot.loaded) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_SLOT_EMPTY);
        return;
    }
    wire::Bytes name;
    (void)wire::findQuery(message, "entry", name);
    const int entry = findEntry(slot.image, name.data, name.size);
    if (entry < 0) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_ENTRY);
        return;
    }
    Activation* activation = freeActivation(Activation::Purpose::Invoke, "");
    if (activation == nullptr) {
        replyStatus(exchange, wire::kCoapUnavailable, RBPF_STATUS_BUSY);
        return;
    }
    activation->slot = static_cast<uint8_t>(number);
    activation->entry = static_cast<uint8_t>(entry);
    (void)takeContext(exchange, message, *activation);
}

void Agent::postHook(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    Trigger trigger;
    wire::Bytes policy;
    const char* text = path.segment[1];
    if (!parseTrigger(text, trigger) || trigger.kind == RBPF_TRIGGER_MANUAL) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_HOOK);
        return;
    }
    Activation* activation = freeActivation(Activation::Purpose::Hook, text);
    if (activation == nullptr) {
        replyStatus(exchange, wire::kCoapUnavailable, RBPF_STATUS_BUSY);
        return;
    }
    activation->policy = defaultPolicy(trigger.kind);
    if (wire::findQuery(message, "policy", policy) && !parsePolicy(policy, activation->policy)) {
        activation->purpose = Activation::Purpose::Free;
        replyStatus(exchange, wire::kCoapBadRequest, RBPF_STATUS_BAD_ARGUMENT);
        return;
    }
    if (!findNext(*activation, true)) {
        activation->purpose = Activation::Purpose::Free;
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_HOOK);
        return;
    }
    (void)takeContext(exchange, message, *activation);
}

void Agent::writeRun(wire::CborWriter& cbor, const RunRecord& record, const Activation& activation,
                     bool withContext) const {
    const bool faulted = record.halt == RBPF_HALT_FAULT;
    cbor.map(4 + (withContext ? 1 : 0) + (faulted ? faultPairs(record.fault) : 0));
    cbor.text(RBPF_KEY_SLOT);
    cbor.uint(record.slot);
    cbor.text(RBPF_KEY_HALT);
    cbor.uint(record.halt);
    cbor.text(RBPF_KEY_RESULT);
    cbor.integer(record.result);
    cbor.text(RBPF_KEY_INSTRUCTIONS);
    cbor.uint(record.instructions);
    if (faulted) {
        writeFault(cbor, record.fault);
    }
    if (withContext) {
        cbor.text(RBPF_KEY_CONTEXT);
        cbor.bytes({activation.context, activation.contextBytes});
    }
}

/// The end of an activation: its answer, or the packet's way on.
void Agent::complete(Activation& activation, bool dropPacket) {
    const Activation::Purpose purpose = activation.purpose;
    activation.purpose = Activation::Purpose::Free;
    activation.running = false;
    if (purpose == Activation::Purpose::Packet) {
        const uint32_t size = packetBytes_;
        packetBytes_ = 0;
        if (!dropPacket) {
            receive(packetPeer_, {memory_.packet, size});
        }
        return;
    }
    if (purpose != Activation::Purpose::Invoke && purpose != Activation::Purpose::Hook) {
        return;
    }
    // Where not all runs fit into one message, the last ones count.
    size_t size = 0;
    for (unsigned first = 0; first <= activation.recordCount; ++first) {
        wire::CborWriter cbor(memory_.scratch, memory_.messageBytes - kReplyHeadBytes);
        if (purpose == Activation::Purpose::Hook) {
            cbor.array(activation.recordCount - first);
        }
        for (unsigned i = first; i < activation.recordCount; ++i) {
            writeRun(cbor, activation.record[i], activation, i + 1u == activation.recordCount);
        }
        size = cbor.size();
        if (!cbor.overflow()) {
            break;
        }
    }
    ReplyOptions options;
    options.hasFormat = true;
    options.format = wire::kFormatCbor;
    reply(*activation.exchange, wire::kCoapChanged, options, {memory_.scratch, size});
}

} // namespace rbpf::agent
