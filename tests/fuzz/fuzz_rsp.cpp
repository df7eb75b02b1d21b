// SPDX-License-Identifier: GPL-3.0-or-later
// The debug agent: whatever packets come while scripts run, no packet reaches memory outside of the attached container,
// and the board afterwards still answers, the debugger and CoAP both.
#include <algorithm>
#include <cstring>

#include <rbpf/debug.h>
#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_wire/coap_builder.hpp"
#include "tests/fakes/fake_port.hpp"
#include "tests/fakes/image_builder.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

struct FuzzConfig : agent::SmallConfig {
    static constexpr uint32_t kBudget = 3000;
    static constexpr uint32_t kBudgetMax = 5000;
    static constexpr uint32_t kQuantum = 500;
};

constexpr uint8_t kRequests[] = {RBPF_DEBUG_HELLO, RBPF_DEBUG_ATTACH, RBPF_DEBUG_WHY,       RBPF_DEBUG_DETACH,
                                 RBPF_DEBUG_KILL,  RBPF_DEBUG_READ,   RBPF_DEBUG_READ,      RBPF_DEBUG_WRITE,
                                 RBPF_DEBUG_WRITE, RBPF_DEBUG_WRITE,  RBPF_DEBUG_SET_PC,    RBPF_DEBUG_GO_ON,
                                 RBPF_DEBUG_STEP,  RBPF_DEBUG_STEP,   RBPF_DEBUG_INTERRUPT, RBPF_DEBUG_ALIVE};
constexpr uint32_t kStarts[] = {0,          8,          0x10000000, 0x100001f8, 0x20000000,
                                0x30000000, 0x40000000, 0x50000000, 0xfffffff8};
constexpr unsigned kVictim = 1; ///< holds a script that never runs
constexpr uint8_t kMark = 0xE7;
constexpr int kPollsMax = 2000;
/// Version and packet size are those of rbpf_debug_hello_t and SmallConfig.
constexpr uint8_t kGreeting[] = {RBPF_DEBUG_HELLO, RBPF_VERDICT_OK, 0, 0, RBPF_DEBUG_VERSION, 0, 0, 1};

class Bench {
public:
    explicit Bench(Input& input) : agent_(port_, view_, {"fuzz", "0.0.0", false, 0, false}) {
        port_.slots[0] = image(input, "coap/sensor");
        port_.slots[kVictim] = image(input, "");
        agent_.start();
        std::memset(view_.stack + kVictim * view_.stackBytes, kMark, view_.stackBytes);
        std::memset(view_.ram + kVictim * view_.ramBytes, kMark, view_.ramBytes);
    }

    void step(Input& input) {
        switch (input.byte() % 8) {
        case 0:
            get("sensor", input.byte());
            break;
        case 1:
            port_.advanceMs(input.word());
            break;
        case 2:
            port_.lineRoom = input.byte() & 1 ? SIZE_MAX : input.byte();
            break;
        case 3:
            send(input.bytes(input.word() % 400));
            break;
        default: {
            rbpf_debug_request_t request{};
            request.request = kRequests[input.byte() % std::size(kRequests)];
            request.number = input.byte() % 9;
            const uint8_t shape = input.byte();
            request.size = shape & 0x80 ? 0xff00u + input.byte() : input.byte();
            request.address =
                kStarts[shape % std::size(kStarts)] + static_cast<uint32_t>(static_cast<int8_t>(input.byte()));
            if (request.number > RBPF_AREA_IMAGE) // offsets into the smaller areas
                request.address &= shape & 0x40 ? 0xffffffffu : 0xffu;
            std::vector<uint8_t> payload(sizeof request);
            std::memcpy(payload.data(), &request, sizeof request);
            const uint8_t count = input.byte();
            const auto rest = input.bytes(count % 4 == 0 ? 0 : count % 128); // nothing, often: that ends tables
            payload.insert(payload.end(), rest.begin(), rest.end());
            send(payload);
        }
        }
        poll(1 + input.byte() % 4);
        checkVictim();
    }

    void requireAnswers() {
        port_.lineRoom = SIZE_MAX;
        poll(kPollsMax);
        send({RBPF_DEBUG_DETACH, 0, 0, 0, 0, 0, 0, 0});
        for (int i = 0; i < 40; i++) {
            port_.advanceMs(10'000);
            poll(kPollsMax);
        }
        port_.line.clear();
        send({RBPF_DEBUG_HELLO, 0, 0, 0, 1, 2, 3, 4});
        get("rbpf", 0xbe);
        poll(kPollsMax);
        unsigned answered = 0;
        std::vector<uint8_t> buffer(2048);
        wire::SlipmuxDecoder decoder(buffer.data(), buffer.size());
        for (const uint8_t byte : port_.line) {
            if (!decoder.put(byte))
                continue;
            wire::CoapMessage message;
            const wire::Frame& frame = decoder.frame();
            answered |=
                frame.type == RBPF_FRAME_DEBUG && frame.payload == wire::Bytes{kGreeting, sizeof kGreeting} ? 1 : 0;
            answered |= frame.type == RBPF_FRAME_COAP &&
                                wire::parseCoap(message, frame.payload) == wire::CoapParse::Ok &&
                                message.code == wire::kCoapContent && message.token.size == 1
                            ? 2
                            : 0;
        }
        FUZZ_REQUIRE(answered == 3);
    }

private:
    static native::ImageBytes image(Input& input, const char* trigger) {
        fakes::ImageParts parts;
        parts.entries[0].trigger = trigger;
        parts.bssBytes = 16;
        parts.text = input.bytes(input.byte() / 8 * 8);
        const auto exit = fakes::slot(0x95, 0, 0, 0, 0);
        parts.text.insert(parts.text.end(), exit.begin(), exit.end());
        const auto bytes = fakes::buildImage(parts);
        native::ImageBytes out;
        out.append(bytes.data(), bytes.size());
        return out;
    }

    void checkVictim() {
        attached_ = attached_ || view_.slot[kVictim].debugged;
        if (attached_)
            return; // then it is no longer outside
        const auto marked = [](const uint8_t* from, uint32_t size) {
            return std::all_of(from, from + size, [](uint8_t byte) { return byte == kMark; });
        };
        FUZZ_REQUIRE(marked(view_.stack + kVictim * view_.stackBytes, view_.stackBytes));
        FUZZ_REQUIRE(marked(view_.ram + kVictim * view_.ramBytes, view_.ramBytes));
        // No reply shows the other one's memory: four marks in a row.
        static constexpr uint8_t kShown[] = {kMark, kMark, kMark, kMark};
        FUZZ_REQUIRE(std::search(port_.line.begin(), port_.line.end(), kShown, kShown + 4) == port_.line.end());
    }

    void poll(int times) {
        for (int i = 0; i < times; i++)
            if (agent_.poll() != 0 && agent_.serialIdle())
                return;
    }

    void send(const std::vector<uint8_t>& payload) {
        // A packet that holds the marks itself may write them where they can be read back.
        attached_ = attached_ || std::find(payload.begin(), payload.end(), kMark) != payload.end();
        frame(RBPF_FRAME_DEBUG, payload.data(), payload.size());
    }

    void get(const char* path, uint8_t token) {
        uint8_t buffer[64];
        wire::CoapBuilder builder(buffer, sizeof buffer);
        builder.begin(wire::CoapType::Confirmable, wire::kCoapGet, nextId_++, {&token, 1});
        builder.path(path);
        frame(RBPF_FRAME_COAP, buffer, builder.finish());
    }

    void frame(uint8_t type, const uint8_t* payload, std::size_t size) {
        std::vector<uint8_t> line(wire::slipmuxBound(size));
        const std::size_t length = wire::slipmuxEncode(type, {payload, size}, line.data(), line.size());
        agent_.serialInput(line.data(), length);
    }

    fakes::FakePort port_;
    agent::AgentMemory<FuzzConfig> memory_;
    agent::MemoryView view_ = memory_.view();
    agent::Agent agent_;
    uint16_t nextId_ = 100;
    bool attached_ = false; ///< the victim is, or its marks are no longer only its own
};

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    rbpf::fuzz::Input input(data, size);
    rbpf::fuzz::Bench bench(input);
    while (!input.empty())
        bench.step(input);
    bench.requireAnswers();
    return 0;
}
