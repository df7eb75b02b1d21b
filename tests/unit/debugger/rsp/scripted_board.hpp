// SPDX-License-Identifier: GPL-3.0-or-later
// A line to a debug agent that a test plays: each request gets the payloads that the test's function returns.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include <rbpf/debug.h>
#include <rbpf/wire.h>

#include "debugger/transport/transport.hpp"
#include "rbpf_wire/slipmux.hpp"

namespace rbpf::test {

/// A struct's bytes.
template <typename Struct>
std::string payloadOf(const Struct& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline std::string replyTo(char letter, unsigned verdict, const std::string& data = {}) {
    return payloadOf(rbpf_debug_reply_t{static_cast<std::uint8_t>(letter), static_cast<std::uint8_t>(verdict), 0, 0}) +
           data;
}

inline std::string greeting(unsigned packetBytes) {
    return payloadOf(rbpf_debug_hello_t{
        {RBPF_DEBUG_HELLO, RBPF_VERDICT_OK, 0, 0}, RBPF_DEBUG_VERSION, static_cast<std::uint16_t>(packetBytes)});
}

inline std::string stopAt(std::uint32_t pc, std::uint64_t instructions = 1) {
    rbpf_debug_state_t state{};
    state.tell = RBPF_TELL_STOP;
    state.cause = RBPF_CAUSE_STEP;
    state.pc = pc;
    state.instructions = instructions;
    return payloadOf(state);
}

class ScriptedBoard {
public:
    /// Payloads sent in answer to a request.
    std::function<std::vector<std::string>(const std::string&)> answer;
    std::vector<std::string> requests; ///< all that arrived
    bool gone = false;                 ///< the line is cut

    void say(std::uint8_t type, const std::string& payload) {
        std::vector<std::uint8_t> line(wire::slipmuxBound(payload.size()));
        line.resize(wire::slipmuxEncode(type, {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()},
                                        line.data(), line.size()));
        toClient.insert(toClient.end(), line.begin(), line.end());
    }
    void say(const std::string& payload) { say(RBPF_FRAME_DEBUG, payload); }

    void take(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) {
            if (decoder.put(byte) && decoder.frame().type == RBPF_FRAME_DEBUG) {
                const wire::Bytes payload = decoder.frame().payload;
                requests.emplace_back(reinterpret_cast<const char*>(payload.data), payload.size);
                for (const std::string& reply : answer(requests.back())) {
                    say(reply);
                }
            }
        }
    }

    std::deque<std::uint8_t> toClient;

private:
    std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(4096);
    wire::SlipmuxDecoder decoder{buffer.data(), buffer.size()};
};

class ScriptedLine final : public transport::Transport {
public:
    explicit ScriptedLine(ScriptedBoard& board) : board_(board) {}

    support::Result<std::size_t> read(std::span<std::uint8_t> buffer, transport::Clock::time_point deadline) override {
        if (board_.gone) {
            return support::fail(support::ErrorKind::Link, "unplugged");
        }
        // Nothing will come while the client waits, so its time passes in small steps.
        while (board_.toClient.empty() && transport::Clock::now() < deadline) {
        }
        const std::size_t size = std::min(buffer.size(), board_.toClient.size());
        std::copy_n(board_.toClient.begin(), size, buffer.begin());
        board_.toClient.erase(board_.toClient.begin(), board_.toClient.begin() + static_cast<std::ptrdiff_t>(size));
        return size;
    }
    support::Result<void> write(std::span<const std::uint8_t> bytes, transport::Clock::time_point) override {
        if (board_.gone) {
            return support::fail(support::ErrorKind::Link, "unplugged");
        }
        board_.take(bytes);
        return {};
    }
    [[nodiscard]] int descriptor() const override { return -1; }
    [[nodiscard]] std::string name() const override { return "scripted"; }

private:
    ScriptedBoard& board_;
};

} // namespace rbpf::test
