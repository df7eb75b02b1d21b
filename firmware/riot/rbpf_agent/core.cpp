// SPDX-License-Identifier: LGPL-2.1-or-later
// The agent with RIOT as its platform: a port that hands everything on to C, and C's way to the agent.
#include "internal.h"
#include "rbpf_config.h"
#include "rbpf_link.h"

#include "rbpf_agent/agent.hpp"

namespace {

using namespace rbpf;

#ifdef MODULE_GCOAP
constexpr bool kHasGcoap = true;
#else
constexpr bool kHasGcoap = false;
#endif

/// As Kconfig says.
struct RiotConfig : agent::SmallConfig {
    static constexpr uint32_t kSlots = CONFIG_RBPF_SLOTS;
    static constexpr uint32_t kStackBytes = CONFIG_RBPF_STACK_BYTES;
    static constexpr uint32_t kRamBytes = CONFIG_RBPF_RAM_BYTES;
    static constexpr uint32_t kImageBytes = CONFIG_RBPF_IMAGE_BYTES;
    static constexpr uint32_t kMessageBytes = CONFIG_RBPF_MESSAGE_BYTES;
    static constexpr uint32_t kExchanges = CONFIG_RBPF_EXCHANGES;
    static constexpr uint32_t kKeysPerScope = CONFIG_RBPF_KEYS;
    static constexpr uint32_t kBudget = CONFIG_RBPF_BUDGET;
    static constexpr uint32_t kBudgetMax = CONFIG_RBPF_BUDGET_MAX;
    static constexpr uint32_t kQuantum = CONFIG_RBPF_QUANTUM;
    static constexpr uint32_t kDebugPoints = CONFIG_RBPF_DEBUG_POINTS;
};

port::Bytes bytes(rbpf_bytes_t from) {
    return {from.data, from.size};
}

class RiotPort final : public port::Port {
public:
    uint32_t nowUs() override { return rbpf_port_now_us(); }
    uint32_t nowMs() override { return rbpf_port_now_ms(); }
    uint32_t random() override { return rbpf_port_random(); }
    size_t serialWrite(const uint8_t* data, size_t size) override { return rbpf_link_write(data, size); }
    void datagramWrite(uint32_t peer, const uint8_t* data, size_t size) override {
        if constexpr (kHasGcoap) {
            rbpf_port_datagram(peer, data, size);
        }
    }
    port::Bytes slot(uint32_t slot) override { return bytes(rbpf_storage_slot(slot)); }
    rbpf_status_t stageBegin(uint32_t slot, size_t size) override { return rbpf_storage_begin(slot, size); }
    rbpf_status_t stageWrite(size_t offset, const uint8_t* data, size_t size) override {
        return rbpf_storage_write(offset, data, size);
    }
    port::Bytes staged() override { return bytes(rbpf_storage_staged()); }
    rbpf_status_t stageCommit(uint32_t slot) override { return rbpf_storage_commit(slot); }
    void stageAbort() override { rbpf_storage_abort(); }
    rbpf_status_t slotRemove(uint32_t slot) override { return rbpf_storage_remove(slot); }
    port::Bytes storeLoad() override { return bytes(rbpf_storage_store_load()); }
    rbpf_status_t storeSave(const uint8_t* data, size_t size) override { return rbpf_storage_store_save(data, size); }
    uint32_t deviceCount() override { return rbpf_port_devices(); }
    port::Device device(uint32_t index) override {
        port::Device device{};
        device.name = rbpf_port_device(index, &device.type);
        return device;
    }
    int deviceRead(uint32_t index, phydat_t& reading) override { return rbpf_port_device_read(index, &reading); }
    int deviceWrite(uint32_t index, const phydat_t& value) override { return rbpf_port_device_write(index, &value); }
    int gpioRead(uint32_t, bool) override { return -1; }
    int gpioWrite(uint32_t, int) override { return -1; }
};

constexpr uint16_t kCoapPort = 5683;

agent::Options options() {
    agent::Options options;
    options.board = RIOT_BOARD;
    options.udp = kHasGcoap;
    options.udpPort = kHasGcoap ? kCoapPort : 0;
    return options;
}

agent::Agent& theAgent() {
    static agent::AgentMemory<RiotConfig> memory;
    static RiotPort port;
    static agent::Agent agent(port, memory.view(), options());
    return agent;
}

static_assert(RBPF_CORE_NEVER == agent::kNever);

} // namespace

void rbpf_core_start() {
    theAgent().start();
}

uint32_t rbpf_core_poll() {
    return theAgent().poll();
}

void rbpf_core_serial(const uint8_t* data, size_t len) {
    theAgent().serialInput(data, len);
}

int rbpf_core_fire(const char* name, const void* context, size_t len) {
    return theAgent().fire(name, context, len) ? 1 : 0;
}

void rbpf_core_print(const char* text, size_t len) {
    theAgent().print(text, len);
}

void rbpf_core_datagram(uint32_t peer, const uint8_t* data, size_t len) {
    theAgent().datagramInput(peer, false, data, len);
}

const char* rbpf_core_script_path(unsigned index) {
    return theAgent().scriptPath(index);
}
