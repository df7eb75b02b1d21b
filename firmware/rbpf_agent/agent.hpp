// SPDX-License-Identifier: LGPL-2.1-or-later
// The agent: what a board does all day. It answers CoAP on the serial line (and, where there is one, on the network),
// keeps scripts in slots, and runs them in slices so that none can hold the board.
//
// One thread calls everything. Input functions queue work; poll() does it and says when it wants to be called again.
#pragma once

#include "rbpf_agent/config.hpp"
#include "rbpf_agent/console.hpp"
#include "rbpf_agent/serial_out.hpp"
#include "rbpf_agent/timing.hpp"
#include "rbpf_wire/cbor.hpp"
#include "rbpf_wire/coap_block.hpp"
#include "rbpf_wire/coap_builder.hpp"

namespace rbpf::agent {

struct Options {
    const char* board = ""; ///< native, microbit, …
    const char* firmware = "0.1.0";
    bool udp = false;            ///< the board has IP: told among the capabilities
    uint16_t udpPort = 0;        ///< told to packet scripts
    bool openManagement = false; ///< management over UDP too, for peers on the loopback only
    uint32_t saveMs = kSaveMs;   ///< what scripts store is saved so often in the long run, to spare the storage
    const char* lastReset = "";  ///< why the board began anew, "" = not known
};

inline constexpr uint32_t kNever = 0xFFFFFFFFu;

class Agent {
public:
    /// `memory` and `port` outlive the agent.
    Agent(port::Port& port, const MemoryView& memory, const Options& options);
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    /// Loads the store and the slots. Once, before anything else.
    void start();
    void serialInput(const uint8_t* data, size_t size);
    /// `peer`: the port's number for who sent it, good for Port::datagramWrite.
    void datagramInput(uint32_t peer, bool loopback, const uint8_t* data, size_t size);
    /// Fires event/NAME; `size` ≤ 32 bytes of context are copied. False if no script waits for it or all is busy.
    bool fire(const char* event, const void* context, size_t size, rbpf_policy_t policy = RBPF_POLICY_CONTINUE);
    /// Does what is due and at most one slice of each script. Milliseconds until it wants to be called again at the
    /// latest: 0 = at once, kNever = only after input.
    uint32_t poll();
    /// Saves the store if it has changed; before the board goes down.
    rbpf_status_t saveStore();
    [[nodiscard]] bool serialIdle() const { return out_.empty(); }
    /// The slot whose script is running at this moment, 255 = none; for interrupts.
    [[nodiscard]] uint8_t runningSlot() const { return runningSlot_; }
    /// Adds text to the board's console, as scripts do.
    void print(const char* text, size_t size) { console_.write(text, size); }
    /// The paths that scripts claim, without a leading slash, in the order in which they are asked; null behind the
    /// last one. For a board whose network has other servers besides. Good until the next install.
    [[nodiscard]] const char* scriptPath(unsigned index) const;

private:
    /// A path's segments behind /rbpf.
    struct Path {
        char text[kTriggerMax + 17];
        const char* segment[4]; ///< the last one may hold slashes
        unsigned count = 0;
    };
    using Handler = void (Agent::*)(Exchange&, const wire::CoapMessage&, const Path&);
    struct Resource;
    static const Resource kResources[];

    // messages.cpp: the message layer of RFC 7252 section 4.
    void receive(const Peer& peer, wire::Bytes bytes);
    void receiveRequest(const Peer& peer, const wire::CoapMessage& message, wire::Bytes bytes);
    void receiveEmpty(const Peer& peer, const wire::CoapMessage& message);
    Exchange* freeExchange(bool forScript);
    bool transmit(const Peer& peer, wire::Bytes message);
    void sendEmpty(const Peer& peer, wire::CoapType type, uint16_t messageId);
    void send(Exchange& exchange);
    void sent(Exchange& exchange);
    void tendExchanges(uint32_t now);
    void release(Exchange& exchange);
    uint16_t nextId() { return nextId_++; }

    // report.cpp: answers.
    void reply(Exchange& exchange, uint8_t code, const ReplyOptions& options = {}, wire::Bytes payload = {});
    void replyBody(Exchange& exchange, const wire::CoapMessage& request, uint16_t format, const Body& body,
                   ReplyOptions options = {});
    void replyStatus(Exchange& exchange, uint8_t code, rbpf_status_t status);
    void replyFault(Exchange& exchange, uint8_t code, const rbpf_fault_t& fault);
    static void writeFault(wire::CborWriter& cbor, const rbpf_fault_t& fault);
    static size_t faultPairs(const rbpf_fault_t& fault);
    void tellFault(unsigned slot, const rbpf_fault_t& fault);
    void tellRejected(unsigned slot, const rbpf_fault_t& fault);

    // resources.cpp: which resource is meant.
    void serve(Exchange& exchange, const wire::CoapMessage& message);
    void serveManagement(Exchange& exchange, const wire::CoapMessage& message, Path& path);
    bool serveScript(Exchange& exchange, const wire::CoapMessage& message, const char* path);
    [[nodiscard]] bool managementOpen(const Peer& peer) const;
    int slotNumber(Exchange& exchange, const char* text);

    // resource_*.cpp: what each does.
    void getCore(Exchange& exchange, const wire::CoapMessage& message);
    void getInfo(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getStats(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getSlots(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getSlot(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void putSlot(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void deleteSlot(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void postInvoke(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void postHook(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getDevices(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void putDevice(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getPins(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void putPin(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getStore(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void getKey(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void putKey(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    void deleteKey(Exchange& exchange, const wire::CoapMessage& message, const Path& path);
    bool storeScope(Exchange& exchange, const char* text, uint8_t& scope);
    bool storeKey(Exchange& exchange, const Path& path, uint8_t& scope, uint32_t& key);
    bool takeContext(Exchange& exchange, const wire::CoapMessage& message, Activation& activation);
    void writeRun(wire::CborWriter& cbor, const RunRecord& record, const Activation& activation,
                  bool withContext) const;

    // install.cpp
    void finishInstall(Exchange& exchange, unsigned slot);
    rbpf_status_t examine(wire::Bytes bytes, rbpf_image_t& image, rbpf_fault_t& fault) const;
    void load(unsigned slot, const rbpf_image_t& image);
    void unload(unsigned slot);
    void abandonInstall();

    // runs.cpp
    Activation* freeActivation(Activation::Purpose purpose, const char* trigger);
    bool findNext(Activation& activation, bool first) const;
    void tendTimers(uint32_t now);
    void tendWaiting(uint32_t now);
    [[nodiscard]] bool waitsForDebugger(const Activation& activation) const;
    void tendActivations();
    void startRun(unsigned slot, unsigned entry, Activation* activation);
    void runSlice(unsigned slot);
    void finishRun(unsigned slot, rbpf_halt_t halt);
    void stopRun(unsigned slot);
    void advance(Activation& activation, const RunRecord& record);
    void complete(Activation& activation, bool dropPacket);
    void answerRequest(Activation& activation, const RunRecord& record);
    [[nodiscard]] uint32_t budgetOf(const Slot& slot) const;
    [[nodiscard]] uint32_t nextDue(uint32_t now);
    void tendStore(uint32_t now, uint32_t& waitMs);

    // observe.cpp: RFC 7641, for the statistics.
    struct Observer {
        Peer peer;
        uint8_t token[wire::kCoapTokenMax] = {};
        uint8_t tokenBytes = 0;
        uint8_t untilConfirmed = 0; ///< non-confirmable notifications left before a confirmable one
        uint16_t lastId = 0;
        bool used = false;
    };
    void observe(Exchange& exchange, const wire::CoapMessage& message, ReplyOptions& options);
    void tendObservers(uint32_t now);
    void dropObserver(const Peer& peer, const uint8_t* token, size_t tokenBytes);
    void writeStats(wire::CborWriter& cbor) const;

    static void logText(void* agent, const char* text, size_t size);

    port::Port& port_;
    MemoryView memory_;
    Options options_;
    SerialOut out_;
    Console console_;
    Debugger debug_;
    bindings::Store store_;
    wire::SlipmuxDecoder decoder_;
    wire::Block1Receiver upload_;
    rbpf_limits_t limits_;

    Observer observer_[kObserversMax];
    uint32_t observeSequence_ = 0;
    uint32_t notifiedMs_ = 0;
    bool statsChanged_ = false;

    uint64_t runs_ = 0;
    uint64_t faults_ = 0;
    uint64_t instructions_ = 0;
    rbpf_fault_t lastFault_{};
    uint8_t lastFaultSlot_ = 0;

    uint32_t sequence_ = 0;
    uint16_t nextId_ = 0;
    uint32_t packetBytes_ = 0;
    Peer packetPeer_;
    uint32_t savedMs_ = 0;      ///< last attempt to save
    uint32_t saveCredit_ = 0;   ///< saves that may be made at once
    uint32_t saveCreditMs_ = 0; ///< when the last one was granted
    volatile uint8_t runningSlot_ = 0xFF;
    bool saveFailed_ = false;
    bool uploading_ = false; ///< bytes are staged in the port
};

} // namespace rbpf::agent
