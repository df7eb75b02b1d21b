// SPDX-License-Identifier: GPL-3.0-or-later
// The debug agent: whatever packets come while scripts run, no packet reaches memory outside of the attached container,
// and the board afterwards still answers, the debugger and CoAP both.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

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

constexpr const char* kRequests[] = {
    "?",
    "g",
    "p",
    "P",
    "m",
    "M",
    "X",
    "G",
    "Z0,",
    "Z1,",
    "Z2,",
    "Z3,",
    "Z4,",
    "z0,",
    "z2,",
    "c",
    "s",
    "vCont;c",
    "vCont;s:1",
    "vCont;S05",
    "vAttach;1",
    "vAttach;2",
    "vAttach;",
    "D",
    "k",
    "qSupported:",
    "Hg",
    "qRcmd,",
    "QRbpfStop:",
    "QRbpfHold:",
    "qRbpfFrames",
    "qRbpfImage",
    "qRbpfRegions",
    "QRbpfHistory:1",
    "QRbpfHistory:0",
    "vRbpfTake:",
    "qXfer:memory-map:read::",
    "qC",
    "\x03",
    "+",
};
constexpr uint32_t kStarts[] = {0,          8,          0x10000000, 0x100001f8, 0x20000000,
                                0x30000000, 0x40000000, 0x50000000, 0xfffffff8};
constexpr unsigned kVictim = 1; ///< holds a script that never runs
constexpr uint8_t kMark = 0xE7;
constexpr int kPollsMax = 2000;

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
            std::string text = kRequests[input.byte() % std::size(kRequests)];
            if (const uint8_t shape = input.byte(); shape & 1) {
                char numbers[40];
                const uint32_t address = kStarts[shape / 2 % std::size(kStarts)] + static_cast<int8_t>(input.byte());
                std::snprintf(numbers, sizeof numbers, shape & 0x80 ? "%x=%x" : "%x,%x", static_cast<unsigned>(address),
                              static_cast<unsigned>(shape & 0x40 ? 0xffffff00u + input.byte() : input.byte()));
                text += numbers;
            }
            const auto rest = input.bytes(input.byte() % 64);
            text.append(rest.begin(), rest.end());
            send({text.begin(), text.end()});
        }
        }
        poll(1 + input.byte() % 4);
        checkVictim();
    }

    void requireAnswers() {
        port_.lineRoom = SIZE_MAX;
        poll(kPollsMax);
        send({'D'});
        for (int i = 0; i < 40; i++) {
            port_.advanceMs(10'000);
            poll(kPollsMax);
        }
        port_.line.clear();
        send({'v', 'C', 'o', 'n', 't', '?'});
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
            answered |= frame.type == RBPF_FRAME_DEBUG && frame.payload == wire::textBytes("vCont;c;C;s;S") ? 1 : 0;
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
        // No reply shows the other one's memory: four marks in a row, in hexadecimal.
        static constexpr char kShown[] = "e7e7e7e7";
        FUZZ_REQUIRE(std::search(port_.line.begin(), port_.line.end(), kShown, kShown + 8) == port_.line.end());
    }

    void poll(int times) {
        for (int i = 0; i < times; i++)
            if (agent_.poll() != 0 && agent_.serialIdle())
                return;
    }

    void send(const std::vector<uint8_t>& payload) {
        // A packet that holds the marks itself may write them where they can be read back.
        const std::string text(payload.begin(), payload.end());
        attached_ = attached_ || text.find(static_cast<char>(kMark)) != std::string::npos ||
                    text.find("7e") != std::string::npos;
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
