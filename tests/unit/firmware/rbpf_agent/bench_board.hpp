// SPDX-License-Identifier: GPL-3.0-or-later
// A board on a test bench: an agent on a fake port, a CoAP client on its serial line and on its network, and scripts
// made of single instructions.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_wire/slipmux.hpp"
#include "tests/fakes/fake_port.hpp"
#include "tests/fakes/image_builder.hpp"

namespace rbpf::agent {

using Blob = std::vector<std::uint8_t>;

struct BenchConfig : SmallConfig {
    static constexpr std::uint32_t kImageBytes = 2048;
    static constexpr std::uint32_t kBudget = 5000;
    static constexpr std::uint32_t kBudgetMax = 20000;
    static constexpr std::uint32_t kQuantum = 100;
};

/// An answer, or what came instead.
struct Answer {
    bool came = false;
    wire::CoapType type = wire::CoapType::Reset;
    std::uint8_t code = 0;
    std::uint16_t id = 0;
    Blob token, payload, whole;
    std::optional<std::uint32_t> block1, block2, observe, format;
};

struct Option {
    std::uint16_t number;
    std::uint32_t value;
};

struct Ask {
    std::uint8_t method = wire::kCoapGet;
    std::string path; ///< may have ?query
    Blob payload;
    std::vector<Option> options; ///< ascending, behind Uri-Query
    std::optional<std::uint32_t> observe;
    wire::CoapType type = wire::CoapType::Confirmable;
};

class BenchBoard {
public:
    explicit BenchBoard(bool openManagement = false) : open_(openManagement) { restart(); }

    /// Power off and on: memory is lost, storage stays.
    void restart() {
        agent.reset();
        memory = std::make_unique<AgentMemory<BenchConfig>>();
        options.board = "bench";
        options.openManagement = open_;
        agent = std::make_unique<Agent>(port, memory->view(), options);
        agent->start();
    }

    Blob encode(const Ask& ask, std::uint16_t id) const;
    Blob encode(const Ask& ask) { return encode(ask, nextId_++); }
    /// Over the serial line, as bytes.
    void sendSerial(const Blob& message, std::uint8_t type = RBPF_FRAME_COAP);
    /// Polls until nothing is due at once.
    void settle(unsigned limit = 100000);
    /// Whole exchange over the serial line. The answer is the frame with the request's token.
    Answer ask(const Ask& ask);
    Answer get(const std::string& path) { return ask(Ask{wire::kCoapGet, path, {}, {}, {}}); }
    Answer put(const std::string& path, const Blob& payload) { return ask(Ask{wire::kCoapPut, path, payload, {}, {}}); }
    /// Over UDP.
    Answer askUdp(std::uint32_t peer, bool loopback, const Ask& ask);
    /// Installs in one message or, if it is long, in blocks.
    Answer install(unsigned slot, const Blob& image);
    Answer block(unsigned slot, const Blob& image, std::uint32_t number, bool udp = false, std::uint32_t peer = 1);
    /// Frames that have come since the last call.
    std::vector<Answer> answers();
    std::string text();
    /// Debug packets.
    std::vector<std::string> packets();

    static Answer decode(const Blob& bytes);

    Options options; ///< take effect with restart()
    fakes::FakePort port;
    std::unique_ptr<AgentMemory<BenchConfig>> memory;
    std::unique_ptr<Agent> agent;

private:
    void collect();

    bool open_;
    std::uint16_t nextId_ = 100;
    std::size_t seen_ = 0;
    Blob frameBuffer_ = Blob(2048);
    wire::SlipmuxDecoder decoder_{frameBuffer_.data(), frameBuffer_.size()};
    std::vector<Answer> answers_;
    std::vector<std::string> packets_;
    std::string text_;
};

// Scripts.
Blob make(std::initializer_list<Blob> text, const std::string& trigger, const std::string& name = "script",
          std::uint32_t budget = 0);
inline Blob mov(unsigned dst, std::int32_t value) {
    return fakes::slot(0xB7, dst, 0, 0, value);
}
inline Blob move(unsigned dst, unsigned src) {
    return fakes::slot(0xBF, dst, src, 0, 0);
}
inline Blob add(unsigned dst, std::int32_t value) {
    return fakes::slot(0x07, dst, 0, 0, value);
}
inline Blob call(std::int32_t id) {
    return fakes::slot(0x85, 0, 0, 0, id);
}
inline Blob loop() {
    return fakes::slot(0x05, 0, 0, -1, 0);
}
inline Blob leave() {
    return fakes::slot(0x95, 0, 0, 0, 0);
}
/// Returns a number.
Blob returns(std::int32_t value, const std::string& trigger, const std::string& name = "script");
/// Answers a CoAP request with one character.
Blob says(char character, const std::string& path);
/// Adds 1 to key 1 of its own store and returns the sum.
Blob counts(const std::string& trigger, const std::string& name = "counter");
/// Never ends.
Blob spins(const std::string& trigger, std::uint32_t budget = 0);

/// {"status": …} of a diagnostic; 0 if there is none.
int status(const Answer& answer);
/// A number of the first map in a CBOR payload.
std::optional<std::int64_t> field(const Answer& answer, const std::string& key);

} // namespace rbpf::agent
