// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/boards/listing1.hpp"

#include <string.h>

#include "rbpf_bindings/bindings.hpp"
#include "tests/bench/boards/measure.hpp"

namespace rbpf::bench {

namespace {

/// Two devices of 21.50 °C and nothing else.
class Sensors : public port::Port {
public:
    uint32_t nowUs() override { return 0; }
    uint32_t nowMs() override { return 0; }
    uint32_t random() override { return 0; }
    size_t serialWrite(const uint8_t*, size_t size) override { return size; }
    void datagramWrite(uint32_t, const uint8_t*, size_t) override {}
    port::Bytes slot(uint32_t) override { return {}; }
    rbpf_status_t stageBegin(uint32_t, size_t) override { return RBPF_STATUS_OK; }
    rbpf_status_t stageWrite(size_t, const uint8_t*, size_t) override { return RBPF_STATUS_OK; }
    port::Bytes staged() override { return {}; }
    rbpf_status_t stageCommit(uint32_t) override { return RBPF_STATUS_OK; }
    void stageAbort() override {}
    rbpf_status_t slotRemove(uint32_t) override { return RBPF_STATUS_OK; }
    port::Bytes storeLoad() override { return {}; }
    rbpf_status_t storeSave(const uint8_t*, size_t) override { return RBPF_STATUS_OK; }
    uint32_t deviceCount() override { return 2; }
    port::Device device(uint32_t) override { return {"temperature", 0x82}; }
    int deviceRead(uint32_t, phydat_t& reading) override {
        reading = {{2150, 0, 0}, 2, -2};
        return 1;
    }
    int deviceWrite(uint32_t, const phydat_t&) override { return 0; }
    int gpioRead(uint32_t, bool) override { return -1; }
    int gpioWrite(uint32_t, int) override { return -1; }
};

/// A call of a binding: what the script gave.
struct Call {
    uint32_t id;
    uint64_t argument[5];
};

constexpr uint32_t kCallsMax = 16;
constexpr char kAnswer[] = "21.50";

Sensors sensors;
bindings::CoapExchange exchange;
bindings::Run run;
bpf_coap_ctx_t context;
rbpf_container_t container;
uint8_t buffer[64];
Call calls[kCallsMax];
uint32_t callCount;

/// The bindings, with every call written down.
const rbpf_firmware_t noting = {
    [](const rbpf_firmware_t*, uint32_t id) -> int { return bindings::kFirmware.has(&bindings::kFirmware, id); },
    [](const rbpf_firmware_t*, rbpf_container_t* c, uint32_t id) -> int {
        if (callCount < kCallsMax) {
            calls[callCount].id = id;
            memcpy(calls[callCount].argument, &c->reg[1], sizeof calls[0].argument);
        }
        callCount++;
        return bindings::kFirmware.call(&bindings::kFirmware, c, id);
    }};

/// A request has come, as the agent would hand it over.
void request() {
    exchange = {};
    exchange.buffer = buffer;
    exchange.capacity = sizeof buffer;
    exchange.messageId = 0x1234;
    exchange.tokenBytes = 2;
    context = {};
    run = {};
    run.port = &sensors;
    run.coap = &exchange;
    container.owner = &run;
}

bool answered(rbpf_halt_t halt) {
    const uint32_t length = sizeof kAnswer - 1;
    return halt == RBPF_HALT_EXITED && container.reg[0] == exchange.length + length &&
           memcmp(buffer + exchange.length, kAnswer, length) == 0;
}

} // namespace

bool measureListing1(const rbpf_image_t& image, uint8_t* stack, uint8_t* ram) {
    const uint32_t entry = rbpf_image_entry(&image, 0).insnIndex;
    const auto start = [&](const rbpf_firmware_t& firmware) {
        rbpf_container_init(&container, &image, &firmware, stack, ram);
        rbpf_container_grant(&container, RBPF_REGION_CONTEXT, &context, sizeof context, 0);
        rbpf_container_grant(&container, RBPF_REGION_GRANT, buffer, sizeof buffer, 1);
        request();
        rbpf_container_start(&container, entry);
    };
    start(noting);
    bool ok = answered(rbpf_container_run(&container, 1000)) && callCount <= kCallsMax;

    const uint32_t whole = instructions([&] { start(bindings::kFirmware); },
                                        [&] { ok = rbpf_container_run(&container, 1000) == RBPF_HALT_EXITED && ok; });
    // The same calls without the script, less what it takes to make them.
    const auto replay = [](int (*call)(const rbpf_firmware_t*, rbpf_container_t*, uint32_t)) {
        for (uint32_t i = 0; i < callCount; i++) {
            memcpy(&container.reg[1], calls[i].argument, sizeof calls[i].argument);
            call(&bindings::kFirmware, &container, calls[i].id);
        }
    };
    const uint32_t called =
        instructions([&] { start(bindings::kFirmware); }, [&] { replay(bindings::kFirmware.call); });
    const uint32_t making =
        instructions([&] { start(bindings::kFirmware); },
                     [&] { replay([](const rbpf_firmware_t*, rbpf_container_t*, uint32_t) -> int { return 0; }); });
    if (!ok) {
        mps2::print("listing1: the script does not answer with ");
        mps2::print(kAnswer);
        mps2::print("\n");
        return false;
    }
    figure("interpreter", "listing1", ".vm", whole - overhead() - (called - making));
    figure("interpreter", "listing1", ".bindings", called - making);
    return true;
}

} // namespace rbpf::bench
