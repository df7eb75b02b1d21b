// SPDX-License-Identifier: GPL-3.0-or-later
// The agent: whatever comes over the serial line and the network, and however storage and line fail meanwhile, the
// board afterwards still answers.
#include <array>
#include <cstring>
#include <string>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "tests/fakes/fake_port.hpp"
#include "tests/fakes/image_builder.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

/// SmallConfig with short budgets, so that an endless script does not take long.
struct FuzzConfig : agent::SmallConfig {
    static constexpr uint32_t kBudget = 3000;
    static constexpr uint32_t kBudgetMax = 5000;
    static constexpr uint32_t kQuantum = 500;
};

constexpr std::array<const char*, 14> kPaths = {
    "rbpf",
    "rbpf/slots",
    "rbpf/slots/0",
    "rbpf/slots/1",
    "rbpf/slots/0/invoke",
    "rbpf/store/global/1",
    "rbpf/store/0/2",
    "rbpf/store/0",
    ".well-known/core",
    "rbpf/stats",
    "sensor",
    "rbpf/hooks/event/e",
    "rbpf/hooks/packet",
    "rbpf/slots/9",
};
constexpr std::array<const char*, 6> kTriggers = {"", "coap/sensor", "timer/5", "packet", "event/e", "coap/a/b"};
constexpr uint32_t kPollsMax = 2000;

class Bench {
public:
    Bench() : agent_(port_, memory_.view(), {"fuzz", "0.0.0", true, 5683, true}) { agent_.start(); }

    void step(Input& input) {
        switch (input.byte() % 10) {
        case 0:
        case 1:
        case 2:
            return request(input, input.bytes(input.byte()));
        case 3:
            return install(input);
        case 4: {
            const auto message = input.bytes(input.word() % 400);
            return sendFrame(RBPF_FRAME_COAP, message);
        }
        case 5: {
            const auto noise = input.bytes(input.byte());
            return agent_.serialInput(noise.data(), noise.size());
        }
        case 6: {
            const auto message = input.bytes(input.word() % 400);
            const uint8_t peer = input.byte();
            return agent_.datagramInput(peer & 3, (peer & 4) != 0, message.data(), message.size());
        }
        case 7: {
            const auto context = input.bytes(32);
            agent_.fire("e", context.data(), context.size(), static_cast<rbpf_policy_t>(input.byte() & 3));
            return;
        }
        case 8:
            return fail(input.byte());
        default:
            port_.advanceMs(input.word());
            return poll(1 + input.byte() % 32u);
        }
    }

    /// The line works again; after a long rest the board must answer.
    void requireAnswer() {
        fail(0);
        for (int i = 0; i < 40; i++) {
            port_.advanceMs(10'000);
            poll(kPollsMax);
        }
        port_.line.clear();
        static constexpr uint8_t kToken[] = {0xa5, 0x5a, 1, 2};
        uint8_t buffer[64];
        wire::CoapBuilder builder(buffer, sizeof buffer);
        builder.begin(wire::CoapType::Confirmable, wire::kCoapGet, 0xbeef, {kToken, sizeof kToken});
        builder.path("rbpf");
        sendFrame(RBPF_FRAME_COAP, {buffer, buffer + builder.finish()});
        poll(kPollsMax);
        FUZZ_REQUIRE(answered({kToken, sizeof kToken}));
    }

private:
    void poll(uint32_t times) {
        for (uint32_t i = 0; i < times; i++)
            if (agent_.poll() != 0 && agent_.serialIdle())
                return;
    }

    void fail(uint8_t how) {
        port_.failCommit = (how & 1) != 0;
        port_.failStage = (how & 2) != 0;
        port_.failStore = (how & 4) != 0;
        port_.stageRoom = how & 8 ? 100 : SIZE_MAX;
        port_.lineRoom = how & 16 ? how : SIZE_MAX;
    }

    void sendFrame(uint8_t type, const std::vector<uint8_t>& payload) {
        std::vector<uint8_t> line(wire::slipmuxBound(payload.size()));
        const size_t size = wire::slipmuxEncode(type, {payload.data(), payload.size()}, line.data(), line.size());
        agent_.serialInput(line.data(), size);
    }

    void request(Input& input, const std::vector<uint8_t>& body) {
        const uint8_t kind = input.byte();
        const auto method = static_cast<uint8_t>(1 + kind % 4);
        send(input, method, kPaths[input.byte() % kPaths.size()], body);
    }

    void send(Input& input, uint8_t method, const char* path, const std::vector<uint8_t>& body) {
        const uint8_t options = input.byte();
        const uint8_t token[] = {input.byte(), 7};
        uint8_t buffer[400];
        wire::CoapBuilder builder(buffer, sizeof buffer);
        builder.begin(static_cast<wire::CoapType>(options & 1), method, options & 2 ? 1 : nextId_++,
                      {token, sizeof token});
        if (options & 4)
            builder.optionUint(wire::kOptionObserve, options >> 7);
        builder.path(path);
        if (options & 8)
            builder.option(wire::kOptionUriQuery, wire::textBytes("entry=main"));
        if (options & 16)
            builder.optionUint(wire::kOptionBlock2, input.byte());
        if (options & 32)
            builder.optionUint(wire::kOptionBlock1, input.byte());
        builder.payload({body.data(), body.size()});
        const size_t size = builder.finish();
        if (options & 64)
            agent_.datagramInput(1, true, buffer, size);
        else
            sendFrame(RBPF_FRAME_COAP, {buffer, buffer + size});
    }

    /// A good image around any text, uploaded in blocks; now and then one of them is missing.
    void install(Input& input) {
        fakes::ImageParts parts;
        parts.entries[0].trigger = kTriggers[input.byte() % kTriggers.size()];
        parts.stackBytes = static_cast<uint16_t>(input.byte() % 65 * 8);
        parts.bssBytes = input.byte();
        const char* path = input.byte() & 1 ? "rbpf/slots/1" : "rbpf/slots/0";
        const uint8_t missing = input.byte();
        parts.text = input.bytes(input.byte() / 8 * 8);
        const auto exit = fakes::slot(0x95, 0, 0, 0, 0);
        parts.text.insert(parts.text.end(), exit.begin(), exit.end());
        const auto image = fakes::buildImage(parts);

        constexpr std::size_t kBlock = 64;
        for (std::size_t at = 0; at < image.size(); at += kBlock) {
            const auto number = static_cast<uint32_t>(at / kBlock);
            if (missing & 1 && number == missing / 2u % 8)
                continue;
            const std::size_t size = std::min(kBlock, image.size() - at);
            uint8_t buffer[200];
            wire::CoapBuilder builder(buffer, sizeof buffer);
            builder.begin(wire::CoapType::Confirmable, wire::kCoapPut, nextId_++, {});
            builder.path(path);
            builder.optionUint(wire::kOptionBlock1, wire::encodeBlock({number, at + size < image.size(), 2}));
            builder.payload({&image[at], size});
            sendFrame(RBPF_FRAME_COAP, {buffer, buffer + builder.finish()});
            poll(4);
        }
    }

    bool answered(wire::Bytes token) {
        std::vector<uint8_t> buffer(2048);
        wire::SlipmuxDecoder decoder(buffer.data(), buffer.size());
        for (const uint8_t byte : port_.line) {
            if (!decoder.put(byte) || decoder.frame().type != RBPF_FRAME_COAP)
                continue;
            wire::CoapMessage message;
            if (wire::parseCoap(message, decoder.frame().payload) == wire::CoapParse::Ok && message.token == token)
                return message.code == wire::kCoapContent;
        }
        return false;
    }

    fakes::FakePort port_;
    agent::AgentMemory<FuzzConfig> memory_;
    agent::Agent agent_;
    uint16_t nextId_ = 100;
};

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    rbpf::fuzz::Input input(data, size);
    rbpf::fuzz::Bench bench;
    while (!input.empty())
        bench.step(input);
    bench.requireAnswer();
    return 0;
}
