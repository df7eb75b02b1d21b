// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of everything a board has, in one place. A board chooses a configuration (or writes its own) and owns one
// AgentMemory of it; nothing in the agent allocates.
#pragma once

#include "rbpf_agent/activation.hpp"
#include "rbpf_agent/debug.hpp"
#include "rbpf_agent/slot.hpp"
#include "rbpf_bindings/store.hpp"
#include "rbpf_wire/coap_dedup.hpp"
#include "rbpf_wire/slipmux.hpp"

namespace rbpf::agent {

/// For 16 KB of RAM.
struct SmallConfig {
    static constexpr uint32_t kSlots = 4;
    static constexpr uint32_t kStackBytes = 512;   ///< of one container, at most
    static constexpr uint32_t kRamBytes = 256;     ///< data + bss of one container, at most
    static constexpr uint32_t kImageBytes = 4096;  ///< of one image, at most
    static constexpr uint32_t kMessageBytes = 256; ///< longest CoAP message
    static constexpr uint32_t kExchanges = 3;      ///< requests served at once; one of them is kept for management
    static constexpr uint32_t kReplies = 4;        ///< answers remembered for retransmitted requests
    static constexpr uint32_t kKeysPerScope = 8;
    static constexpr uint32_t kConsoleBytes = 128;
    static constexpr uint32_t kBudget = 1000000; ///< instructions of a run where the image asks for nothing
    static constexpr uint32_t kBudgetMax = 10000000;
    static constexpr uint32_t kQuantum = 2000;  ///< instructions until the next script gets its turn
    static constexpr uint32_t kDebugPoints = 8; ///< breakpoints and watchpoints
};

/// For a workstation process.
struct LargeConfig {
    static constexpr uint32_t kSlots = 4;
    static constexpr uint32_t kStackBytes = 4096;
    static constexpr uint32_t kRamBytes = 16384;
    static constexpr uint32_t kImageBytes = 65536;
    static constexpr uint32_t kMessageBytes = 1152;
    static constexpr uint32_t kExchanges = 8;
    static constexpr uint32_t kReplies = 32;
    static constexpr uint32_t kKeysPerScope = 64;
    static constexpr uint32_t kConsoleBytes = 1024;
    static constexpr uint32_t kBudget = 1000000;
    static constexpr uint32_t kBudgetMax = 100000000;
    static constexpr uint32_t kQuantum = 20000;
    static constexpr uint32_t kDebugPoints = 64;
};

/// A configuration's numbers and its memory, without the type: what the agent works with.
struct MemoryView {
    uint32_t slots, stackBytes, ramBytes, imageBytes, messageBytes, exchanges, activations, keysPerScope, consoleBytes;
    uint32_t budget, budgetMax, quantum, debugPoints;
    uint32_t scratchBytes, ringBytes;
    Slot* slot;
    uint8_t* stack;
    uint8_t* ram;
    Exchange* exchange;
    uint8_t* exchangeBuffer;
    Activation* activation;
    bindings::Store::Entry* store;
    wire::CoapDedup* dedup;
    uint8_t* received;
    uint8_t* packet;
    uint8_t* scratch;
    uint8_t* ring;
    uint8_t* console;
    rbpf_debug_point_t* debugPoint;
};

template <typename Config>
class AgentMemory {
public:
    AgentMemory() = default;
    AgentMemory(const AgentMemory&) = delete;
    AgentMemory& operator=(const AgentMemory&) = delete;

    MemoryView view() {
        return MemoryView{Config::kSlots,
                          Config::kStackBytes,
                          Config::kRamBytes,
                          Config::kImageBytes,
                          Config::kMessageBytes,
                          Config::kExchanges,
                          kActivations,
                          Config::kKeysPerScope,
                          Config::kConsoleBytes,
                          Config::kBudget,
                          Config::kBudgetMax,
                          Config::kQuantum,
                          Config::kDebugPoints,
                          kScratchBytes,
                          kRingBytes,
                          slot_,
                          stack_,
                          ram_,
                          exchange_,
                          exchangeBuffer_,
                          activation_,
                          store_,
                          &dedup_,
                          received_ + kBeforeFrame,
                          packet_,
                          scratch_,
                          ring_,
                          console_,
                          debugPoint_};
    }

private:
    static_assert(Config::kStackBytes % 8 == 0 && Config::kRamBytes % 8 == 0 && Config::kMessageBytes % 8 == 0);
    static_assert(Config::kMessageBytes >= 128, "a block of 64 bytes with its options must fit");
    static_assert(Config::kMessageBytes >= sizeof(rbpf_debug_state_t), "so must what the debugger tells");
    static_assert(2 * Config::kConsoleBytes >= 240, "the same on the line, where text may be");
    static_assert(Config::kSlots < bindings::kGlobalScope);

    static constexpr uint32_t kBeforeFrame = 3; ///< so that what follows a frame's type byte is aligned
    static constexpr uint32_t kActivations = Config::kExchanges + 2; ///< + one packet, one event
    static constexpr uint32_t kStoreEntries = (Config::kSlots + 1) * Config::kKeysPerScope;
    static constexpr uint32_t kBlobBytes = 16 + kStoreEntries * 9;
    static constexpr uint32_t kScratchBytes = Config::kMessageBytes > kBlobBytes ? Config::kMessageBytes : kBlobBytes;
    static constexpr uint32_t kRingBytes =
        static_cast<uint32_t>(wire::slipmuxBound(Config::kMessageBytes)) + 2 * Config::kConsoleBytes + 16;

    alignas(8) uint8_t stack_[Config::kSlots * Config::kStackBytes];
    alignas(8) uint8_t ram_[Config::kSlots * Config::kRamBytes];
    alignas(8) uint8_t exchangeBuffer_[Config::kExchanges * Config::kMessageBytes];
    alignas(8) uint8_t packet_[Config::kMessageBytes];
    alignas(4) uint8_t received_[kBeforeFrame + Config::kMessageBytes + wire::kFrameOverhead];
    alignas(8) uint8_t scratch_[kScratchBytes]; ///< used within one call, by whoever is called
    uint8_t ring_[kRingBytes];
    uint8_t console_[Config::kConsoleBytes];
    rbpf_debug_point_t debugPoint_[Config::kDebugPoints];
    Slot slot_[Config::kSlots];
    Exchange exchange_[Config::kExchanges];
    Activation activation_[kActivations];
    bindings::Store::Entry store_[kStoreEntries];
    wire::FixedCoapDedup<Config::kReplies, Config::kMessageBytes> dedup_;
};

} // namespace rbpf::agent
