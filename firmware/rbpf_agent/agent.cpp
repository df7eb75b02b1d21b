// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/timing.hpp"

#include <string.h>

#include <rbpf/types.h>
#include <rbpf/wire.h>

namespace rbpf::agent {

namespace {

constexpr size_t kUploadOverhead = 64; ///< header, token, path and block options of an upload's request

/// Makes `due` no later than `when`.
void atMost(uint32_t& dueMs, uint32_t now, uint32_t when) {
    const int32_t left = static_cast<int32_t>(when - now);
    const uint32_t wait = left > 0 ? static_cast<uint32_t>(left) : 0;
    dueMs = wait < dueMs ? wait : dueMs;
}

} // namespace

Agent::Agent(port::Port& port, const MemoryView& memory, const Options& options)
    : port_(port), memory_(memory), options_(options),
      out_(port, memory.ring, memory.ringBytes, wire::slipmuxBound(memory.messageBytes)),
      console_(out_, memory.console, memory.consoleBytes),
      debug_(port, out_, console_,
             {memory.scratch, memory.messageBytes, memory.slot, memory.slots, memory.debugPoint, memory.debugPoints}),
      store_(memory.store, memory.slots, memory.keysPerScope),
      decoder_(memory.received, memory.messageBytes + wire::kFrameOverhead),
      upload_(memory.imageBytes, wire::szxFor(memory.messageBytes, kUploadOverhead)),
      limits_{memory.imageBytes, memory.stackBytes, memory.ramBytes} {
    for (uint32_t i = 0; i < memory_.exchanges; ++i) {
        memory_.exchange[i].coap.buffer = memory_.exchangeBuffer + i * memory_.messageBytes;
        memory_.exchange[i].coap.capacity = memory_.messageBytes;
    }
}

void Agent::logText(void* agent, const char* text, size_t size) {
    static_cast<Agent*>(agent)->console_.write(text, size);
}

void Agent::start() {
    nextId_ = static_cast<uint16_t>(port_.random());
    observeSequence_ = port_.nowMs() & 0xFFFFu;
    saveCredit_ = kSaveBurst;
    saveCreditMs_ = port_.nowMs();
    const port::Bytes blob = port_.storeLoad();
    if (blob.size != 0 && store_.load(blob.data, blob.size) != RBPF_STATUS_OK) {
        static constexpr char kWhy[] = "the stored keys and values are damaged; the stores are empty\n";
        console_.write(kWhy, sizeof kWhy - 1);
    }
    for (uint32_t i = 0; i < memory_.slots; ++i) {
        const port::Bytes bytes = port_.slot(i);
        rbpf_image_t image{};
        rbpf_fault_t fault{};
        if (bytes.size == 0) {
            continue;
        }
        if (examine({bytes.data, bytes.size}, image, fault) == RBPF_STATUS_OK) {
            load(i, image);
        } else {
            tellRejected(i, fault);
        }
    }
}

void Agent::serialInput(const uint8_t* data, size_t size) {
    for (size_t i = 0; i < size; ++i) {
        if (!decoder_.put(data[i])) {
            continue;
        }
        const wire::Frame& frame = decoder_.frame();
        if (frame.type == RBPF_FRAME_COAP) {
            receive(Peer{}, frame.payload);
        } else if (frame.type == RBPF_FRAME_DEBUG) {
            debug_.receive(frame.payload);
        }
    }
}

void Agent::datagramInput(uint32_t number, bool loopback, const uint8_t* data, size_t size) {
    const Peer peer{number, true, loopback};
    if (size > memory_.messageBytes) {
        receive(peer, {data, size}); // too large for scripts to see; the answer says so
        return;
    }
    Activation* activation = packetBytes_ == 0 ? freeActivation(Activation::Purpose::Packet, "packet") : nullptr;
    const bool filtered = activation != nullptr && size != 0 && findNext(*activation, true);
    if (!filtered) {
        if (activation != nullptr) {
            activation->purpose = Activation::Purpose::Free;
        }
        bool anyFilter = false;
        for (uint32_t i = 0; i < memory_.slots; ++i) {
            const Slot& slot = memory_.slot[i];
            for (unsigned entry = 0; slot.loaded && entry < slot.image.entryCount; ++entry) {
                // A filter under the debugger lets packets pass: it must not cut the board off.
                anyFilter = anyFilter || (slotTrigger(slot, entry).kind == RBPF_TRIGGER_PACKET && !debug_.halts(i));
            }
        }
        if (!anyFilter) {
            receive(peer, {data, size});
        }
        return; // the filters are still busy with an earlier packet: this one is lost, as packets may be
    }
    memcpy(memory_.packet, data, size);
    packetBytes_ = static_cast<uint32_t>(size);
    packetPeer_ = peer;
    activation->policy = RBPF_POLICY_ABORT_ON_NEGATIVE;
    const bpf_packet_ctx_t context{RBPF_ADDRESS(RBPF_REGION_GRANT, 0), packetBytes_, options_.udpPort, 0};
    static_assert(sizeof context <= sizeof activation->words);
    memcpy(activation->words, &context, sizeof context);
    activation->context = reinterpret_cast<uint8_t*>(activation->words);
    activation->contextBytes = sizeof context;
}

rbpf_status_t Agent::saveStore() {
    if (!store_.dirty()) {
        return RBPF_STATUS_OK;
    }
    savedMs_ = port_.nowMs();
    const size_t size = store_.serialise(memory_.scratch, memory_.scratchBytes);
    const rbpf_status_t status = size == 0 ? RBPF_STATUS_TOO_LARGE : port_.storeSave(memory_.scratch, size);
    if (status == RBPF_STATUS_OK) {
        store_.saved();
    } else if (!saveFailed_) {
        static constexpr char kWhy[] =
            "the board could not write its storage: keys and values are kept in memory only\n";
        console_.write(kWhy, sizeof kWhy - 1);
    }
    saveFailed_ = status != RBPF_STATUS_OK;
    return status;
}

/// Saves what scripts have stored, at idle times: soon where that is rare, and not all the time where it is not.
void Agent::tendStore(uint32_t now, uint32_t& waitMs) {
    const uint32_t granted = (now - saveCreditMs_) / options_.saveMs;
    saveCreditMs_ += granted * options_.saveMs;
    saveCredit_ = granted > kSaveBurst - saveCredit_ ? kSaveBurst : saveCredit_ + granted;
    if (!store_.dirty()) {
        return;
    }
    if (saveFailed_ ? due(now, savedMs_ + kSaveRetryMs) : saveCredit_ != 0) {
        saveCredit_ -= saveCredit_ != 0 ? 1 : 0;
        (void)saveStore();
    }
    if (store_.dirty()) {
        atMost(waitMs, now, saveFailed_ ? savedMs_ + kSaveRetryMs : saveCreditMs_ + options_.saveMs);
    }
}

uint32_t Agent::poll() {
    const uint32_t now = port_.nowMs();
    const uint32_t nowUs = port_.nowUs();
    out_.pump();
    tendTimers(now);
    tendWaiting(now);
    tendActivations();
    for (uint32_t i = 0; i < memory_.slots; ++i) {
        Slot& slot = memory_.slot[i];
        if (slot.running && slot.run.sleeping && static_cast<int32_t>(nowUs - slot.run.wakeAtUs) >= 0) {
            slot.run.sleeping = false;
        }
        if (slot.running && !slot.run.sleeping && !slot.held) {
            runSlice(i);
        }
    }
    const uint32_t debugWait = debug_.tend();
    tendExchanges(now);
    tendObservers(now);
    uint32_t wait = nextDue(now);
    wait = debugWait < wait ? debugWait : wait;
    if (wait != 0) {
        tendStore(now, wait);
    }
    console_.flush();
    return wait;
}

uint32_t Agent::nextDue(uint32_t now) {
    constexpr uint32_t kTick = 1000;
    uint32_t wait = kNever;
    for (uint32_t i = 0; i < memory_.slots; ++i) {
        const Slot& slot = memory_.slot[i];
        if (slot.held) {
            continue;
        }
        if (slot.running && !slot.run.sleeping) {
            return 0;
        }
        if (slot.running) {
            const int32_t left = static_cast<int32_t>(slot.run.wakeAtUs - port_.nowUs());
            atMost(wait, now, now + (left > 0 ? (static_cast<uint32_t>(left) + kTick - 1) / kTick : 0));
            continue;
        }
        for (unsigned t = 0; slot.loaded && t < slot.timers; ++t) {
            atMost(wait, now, slot.timer[t].dueMs);
        }
    }
    for (uint32_t i = 0; i < memory_.activations; ++i) {
        const Activation& activation = memory_.activation[i];
        if (activation.purpose != Activation::Purpose::Free && !activation.running) {
            const Slot& slot = memory_.slot[activation.slot];
            if (!waitsForDebugger(activation)) {
                const bool busy = !debug_.halts(activation.slot) && (slot.running || slot.held);
                atMost(wait, now, busy ? activation.sinceMs + kWaitMs : now);
            }
        }
    }
    for (uint32_t i = 0; i < memory_.exchanges; ++i) {
        const Exchange& exchange = memory_.exchange[i];
        if (exchange.state == Exchange::State::Working && !exchange.acknowledged &&
            exchange.requestType == wire::CoapType::Confirmable) {
            atMost(wait, now, exchange.sinceMs + kSeparateMs);
        } else if (exchange.state == Exchange::State::Sending) {
            atMost(wait, now, now + kCongestedMs);
        } else if (exchange.state == Exchange::State::AwaitingAck) {
            atMost(wait, now, exchange.retryMs);
        }
    }
    if (!out_.empty()) {
        atMost(wait, now, now + kCongestedMs);
    }
    for (const Observer& observer : observer_) {
        if (observer.used && statsChanged_) {
            atMost(wait, now, notifiedMs_ + kNotifyMs);
        }
    }
    return wait;
}

} // namespace rbpf::agent
