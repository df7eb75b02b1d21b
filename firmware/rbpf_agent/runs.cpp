// SPDX-License-Identifier: LGPL-2.1-or-later
// Which script runs when: triggers become activations, activations wait for their slot, runs go on slice by slice. A
// script that faults is counted and told of, and its triggers go on firing: a board in the field heals by an update,
// and one bad reading must not silence a sensor for good.
#include <string.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/timing.hpp"

namespace rbpf::agent {

namespace {

using bindings::kRegionPacketRecord;

bool sameTrigger(const Trigger& left, const Trigger& right) {
    return left.kind == right.kind && left.periodMs == right.periodMs && strcmp(left.argument, right.argument) == 0;
}

/// C functions of type int leave their result in the low half of r0.
int32_t intResult(const RunRecord& record) {
    return static_cast<int32_t>(static_cast<uint32_t>(record.result));
}

} // namespace

Activation* Agent::freeActivation(Activation::Purpose purpose, const char* trigger) {
    if (strlen(trigger) > kTriggerMax) {
        return nullptr;
    }
    for (uint32_t i = 0; i < memory_.activations; ++i) {
        Activation& activation = memory_.activation[i];
        if (activation.purpose == Activation::Purpose::Free) {
            activation = Activation{};
            activation.purpose = purpose;
            activation.sequence = sequence_++;
            activation.sinceMs = port_.nowMs();
            strcpy(activation.trigger, trigger);
            return &activation;
        }
    }
    return nullptr;
}

/// The first entry attached to the activation's trigger, or the one behind the entry that has run.
bool Agent::findNext(Activation& activation, bool first) const {
    Trigger wanted;
    (void)parseTrigger(activation.trigger, wanted);
    unsigned entry = first ? 0 : activation.entry + 1u;
    for (unsigned slot = first ? 0 : activation.slot; slot < memory_.slots; ++slot, entry = 0) {
        const Slot& each = memory_.slot[slot];
        for (; each.loaded && entry < each.image.entryCount; ++entry) {
            if (sameTrigger(slotTrigger(each, entry), wanted)) {
                activation.slot = static_cast<uint8_t>(slot);
                activation.entry = static_cast<uint8_t>(entry);
                activation.running = false;
                return true;
            }
        }
    }
    return false;
}

bool Agent::fire(const char* event, const void* context, size_t size, rbpf_policy_t policy) {
    Activation* activation = freeActivation(Activation::Purpose::Event, "");
    const size_t length = strlen(event);
    constexpr char kPrefix[] = "event/";
    if (activation == nullptr) {
        return false;
    }
    if (size > sizeof activation->words || length + sizeof kPrefix > sizeof activation->trigger) {
        activation->purpose = Activation::Purpose::Free;
        return false;
    }
    memcpy(activation->trigger, kPrefix, sizeof kPrefix - 1);
    memcpy(activation->trigger + sizeof kPrefix - 1, event, length + 1);
    activation->policy = policy;
    activation->context = reinterpret_cast<uint8_t*>(activation->words);
    activation->contextBytes = static_cast<uint32_t>(size);
    if (size != 0) {
        memcpy(activation->words, context, size);
    }
    if (!findNext(*activation, true)) {
        activation->purpose = Activation::Purpose::Free;
        return false;
    }
    return true;
}

uint32_t Agent::budgetOf(const Slot& slot) const {
    const uint32_t wanted = slot.image.budget != 0 ? slot.image.budget : memory_.budget;
    return wanted < memory_.budgetMax ? wanted : memory_.budgetMax;
}

void Agent::startRun(unsigned index, unsigned entry, Activation* activation) {
    Slot& slot = memory_.slot[index];
    slot.running = true;
    slot.timerWasLast = activation == nullptr;
    slot.activation = activation;
    slot.entry = static_cast<uint8_t>(entry);
    slot.run.sleeping = false;
    slot.run.coap = nullptr;
    rbpf_container_grant(&slot.container, RBPF_REGION_CONTEXT, nullptr, 0, 0);
    rbpf_container_grant(&slot.container, RBPF_REGION_GRANT, nullptr, 0, 0);
    rbpf_container_grant(&slot.container, kRegionPacketRecord, nullptr, 0, 0);
    if (activation != nullptr) {
        activation->running = true;
        if (activation->purpose == Activation::Purpose::Request) {
            bindings::CoapExchange& coap = activation->exchange->coap;
            const uint64_t context[3] = {RBPF_ADDRESS(kRegionPacketRecord, 0), RBPF_ADDRESS(RBPF_REGION_GRANT, 0),
                                         coap.capacity}; // bpf_coap_ctx_t
            memcpy(activation->words, context, sizeof context);
            activation->context = reinterpret_cast<uint8_t*>(activation->words);
            activation->contextBytes = sizeof context;
            rbpf_container_grant(&slot.container, RBPF_REGION_GRANT, coap.buffer, coap.capacity, 1);
            rbpf_container_grant(&slot.container, kRegionPacketRecord, &coap.packet, sizeof coap.packet, 0);
            slot.run.coap = &coap;
        } else if (activation->purpose == Activation::Purpose::Packet) {
            rbpf_container_grant(&slot.container, RBPF_REGION_GRANT, memory_.packet, packetBytes_, 1);
        }
        if (activation->contextBytes != 0) {
            rbpf_container_grant(&slot.container, RBPF_REGION_CONTEXT, activation->context, activation->contextBytes,
                                 1);
        }
    }
    rbpf_container_start(&slot.container, rbpf_image_entry(&slot.image, entry).insnIndex);
    slot.budgetStart = slot.container.instructions;
    if (slot.debugged) {
        debug_.runStarted();
    }
}

void Agent::runSlice(unsigned index) {
    Slot& slot = memory_.slot[index];
    rbpf_container_t& container = slot.container;
    if (container.runnable == 0) { // the debugger had stopped it at its end, or ended it
        finishRun(index, container.fault.status == RBPF_STATUS_OK ? RBPF_HALT_EXITED : RBPF_HALT_FAULT);
        return;
    }
    const uint64_t before = container.instructions;
    const uint64_t left = budgetOf(slot) - (before - slot.budgetStart);
    const uint32_t slice = left < memory_.quantum ? static_cast<uint32_t>(left) : memory_.quantum;
    runningSlot_ = static_cast<uint8_t>(index);
    rbpf_halt_t halt = slot.debugged ? debug_.run(slice) : rbpf_container_run(&container, slice);
    runningSlot_ = 0xFF;
    instructions_ += container.instructions - before;
    if (halt == RBPF_HALT_INTERRUPT && slot.run.sleeping) {
        slot.budgetStart = container.instructions; // the budget is for working without a pause
    }
    bool over = halt == RBPF_HALT_EXITED || halt == RBPF_HALT_FAULT;
    if (!over && container.instructions - slot.budgetStart >= budgetOf(slot)) {
        container.fault = rbpf_fault_t{RBPF_STATUS_BUDGET_SPENT, container.pc, 0};
        container.runnable = 0;
        halt = RBPF_HALT_FAULT;
        over = true;
    }
    if (over && !(slot.debugged && debug_.stopAtEnd())) {
        finishRun(index, halt);
    }
}

void Agent::finishRun(unsigned index, rbpf_halt_t halt) {
    Slot& slot = memory_.slot[index];
    Activation* activation = slot.activation;
    RunRecord record;
    record.instructions = slot.container.instructions;
    record.result = static_cast<int64_t>(slot.container.reg[0]);
    record.halt = halt;
    record.slot = static_cast<uint8_t>(index);
    slot.running = false;
    slot.activation = nullptr;
    slot.run.sleeping = false;
    slot.run.coap = nullptr;
    rbpf_container_grant(&slot.container, RBPF_REGION_CONTEXT, nullptr, 0, 0);
    rbpf_container_grant(&slot.container, RBPF_REGION_GRANT, nullptr, 0, 0);
    rbpf_container_grant(&slot.container, kRegionPacketRecord, nullptr, 0, 0);
    ++slot.runs;
    ++runs_;
    statsChanged_ = true;
    slot.lastFaulted = halt == RBPF_HALT_FAULT;
    if (halt == RBPF_HALT_FAULT) {
        record.result = 0;
        record.fault = slot.container.fault;
        ++slot.faults;
        ++faults_;
        lastFault_ = record.fault;
        lastFaultSlot_ = static_cast<uint8_t>(index);
        tellFault(index, record.fault);
    }
    if (slot.debugged) {
        debug_.runEnded();
    }
    if (activation != nullptr) {
        uint32_t ignored = kNever;
        tendStore(port_.nowMs(), ignored); // before the answer: what it tells of survives a power cut
        advance(*activation, record);
    }
}

/// Ends the slot's run from outside, and whatever waits for the slot: its script is about to go.
void Agent::stopRun(unsigned index) {
    Slot& slot = memory_.slot[index];
    const bool told = slot.running && slot.debugged;
    slot.running = false;
    slot.run.sleeping = false;
    slot.run.coap = nullptr;
    slot.activation = nullptr;
    slot.container.runnable = 0;
    if (told) {
        slot.container.fault = rbpf_fault_t{RBPF_STATUS_ABORTED, slot.container.pc, 0};
        debug_.runEnded();
    }
    for (uint32_t i = 0; i < memory_.activations; ++i) {
        Activation& activation = memory_.activation[i];
        if (activation.purpose == Activation::Purpose::Free || activation.slot != index) {
            continue;
        }
        if (activation.exchange != nullptr) {
            activation.purpose = Activation::Purpose::Free;
            replyStatus(*activation.exchange, wire::kCoapUnavailable, RBPF_STATUS_BUSY);
            continue;
        }
        activation.entry = static_cast<uint8_t>(slot.image.entryCount); // on to the next slot
        if (!findNext(activation, false)) {
            // A packet is dropped here, not served: serving it could begin another install within this one.
            complete(activation, true);
        }
    }
}

/// After one run of an activation: the next one, or the end.
void Agent::advance(Activation& activation, const RunRecord& record) {
    if (activation.purpose == Activation::Purpose::Request) {
        answerRequest(activation, record);
        return;
    }
    if (activation.recordCount < kRecordsMax) {
        activation.record[activation.recordCount++] = record;
    }
    // A fault is no result: it neither stops the others nor drops a packet, so that a broken filter cannot cut the
    // board off.
    const int32_t result = record.halt == RBPF_HALT_EXITED ? intResult(record) : 0;
    const bool stop = (activation.policy == RBPF_POLICY_ABORT_ON_NEGATIVE && result < 0) ||
                      (activation.policy == RBPF_POLICY_ABORT_ON_POSITIVE && result > 0) ||
                      activation.policy == RBPF_POLICY_SINGLE || activation.purpose == Activation::Purpose::Invoke;
    if (stop || !findNext(activation, false)) {
        complete(activation, result < 0);
    }
}

/// Turns what the script left in the buffer into a message. Its header bytes are the script's to spoil: everything that
/// the message layer relies upon is written anew, and the whole parsed again before it leaves.
void Agent::answerRequest(Activation& activation, const RunRecord& record) {
    Exchange& exchange = *activation.exchange;
    bindings::CoapExchange& coap = exchange.coap;
    activation.purpose = Activation::Purpose::Free;
    activation.running = false;
    if (record.halt == RBPF_HALT_FAULT) {
        replyFault(exchange, wire::kCoapInternalError, record.fault);
        return;
    }
    const int32_t result = intResult(record);
    if (result < 0) {
        const uint8_t code = result >= -0xFF ? static_cast<uint8_t>(-result) : 0;
        const bool isError = wire::coapClass(code) == 4 || wire::coapClass(code) == 5;
        reply(exchange, isError ? code : wire::kCoapInternalError);
        return;
    }
    uint32_t length = static_cast<uint32_t>(result);
    if (coap.code == 0 || length < wire::kCoapHeaderBytes + coap.tokenBytes || length > coap.capacity) {
        static constexpr char kWhy[] = "a script's CoAP answer has no header or no possible length\n";
        console_.write(kWhy, sizeof kWhy - 1);
        replyStatus(exchange, wire::kCoapInternalError, RBPF_STATUS_BAD_ARGUMENT);
        return;
    }
    if (coap.marked && length == coap.length) {
        --length; // a marker without a payload behind it is no valid message
    }
    const wire::CoapType type = exchange.answerType();
    exchange.sentId = type == wire::CoapType::Acknowledgement ? coap.messageId : nextId();
    coap.stamp(type, exchange.sentId);
    wire::CoapMessage message;
    if (wire::parseCoap(message, {coap.buffer, length}) != wire::CoapParse::Ok) {
        replyStatus(exchange, wire::kCoapInternalError, RBPF_STATUS_BAD_ARGUMENT);
        return;
    }
    exchange.length = length;
    send(exchange);
}

void Agent::tendTimers(uint32_t now) {
    for (uint32_t i = 0; i < memory_.slots; ++i) {
        Slot& slot = memory_.slot[i];
        for (unsigned t = 0; slot.loaded && !slot.running && !slot.held && !slot.timerWasLast && t < slot.timers; ++t) {
            Timer& timer = slot.timer[t];
            if (!due(now, timer.dueMs)) {
                continue;
            }
            timer.dueMs += timer.periodMs;
            if (due(now, timer.dueMs)) {
                timer.dueMs = now + timer.periodMs; // periods that a busy script has missed are not made up for
            }
            startRun(i, timer.entry, nullptr);
        }
    }
}

/// A halted script keeps one request waiting, as long as it takes; more would be the other scripts' share.
bool Agent::waitsForDebugger(const Activation& activation) const {
    const Slot& slot = memory_.slot[activation.slot];
    bool first = activation.exchange != nullptr && debug_.halts(activation.slot) &&
                 (slot.activation == nullptr || slot.activation->exchange == nullptr);
    for (uint32_t i = 0; i < memory_.activations; ++i) {
        const Activation& other = memory_.activation[i];
        const bool rival = other.purpose != Activation::Purpose::Free && !other.running &&
                           other.slot == activation.slot && other.exchange != nullptr;
        first = first && !(rival && static_cast<int32_t>(other.sequence - activation.sequence) < 0);
    }
    return first;
}

/// Whoever waits too long for a busy slot: requests are told so, hooks go on with the next script.
void Agent::tendWaiting(uint32_t now) {
    for (uint32_t a = 0; a < memory_.activations; ++a) {
        Activation& activation = memory_.activation[a];
        const bool waits = activation.purpose != Activation::Purpose::Free && !activation.running;
        const bool passesBy = debug_.halts(activation.slot);
        const bool late = memory_.slot[activation.slot].running && due(now, activation.sinceMs + kWaitMs);
        if (!waits || (passesBy ? waitsForDebugger(activation) : !late)) {
            continue;
        }
        if (activation.exchange != nullptr) {
            activation.purpose = Activation::Purpose::Free;
            replyStatus(*activation.exchange, wire::kCoapUnavailable, RBPF_STATUS_BUSY);
            continue;
        }
        activation.sinceMs = now;
        if (!findNext(activation, false)) {
            complete(activation, false);
        }
    }
}

void Agent::tendActivations() {
    for (uint32_t i = 0; i < memory_.slots; ++i) {
        Slot& slot = memory_.slot[i];
        Activation* next = nullptr;
        for (uint32_t a = 0; a < memory_.activations; ++a) {
            Activation& activation = memory_.activation[a];
            if (activation.purpose == Activation::Purpose::Free || activation.running || activation.slot != i) {
                continue;
            }
            if (next == nullptr || static_cast<int32_t>(activation.sequence - next->sequence) < 0) {
                next = &activation;
            }
        }
        if (next != nullptr && !slot.running && !slot.held && slot.loaded) {
            startRun(i, next->entry, next);
        }
        slot.timerWasLast = slot.timerWasLast && slot.running; // nobody waits: the timers' turn again
    }
}

} // namespace rbpf::agent
