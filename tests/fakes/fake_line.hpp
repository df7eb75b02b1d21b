// SPDX-License-Identifier: GPL-3.0-or-later
// A line to a FakeBoard inside of the test's process: loses, repeats, delays, cuts and garbles as told.
#pragma once

#include <deque>
#include <functional>
#include <random>

#include "debugger/transport/transport.hpp"
#include "rbpf_wire/slipmux.hpp"
#include "tests/fakes/fake_board.hpp"

namespace rbpf::test {

/// Numbers count frames on the line from 0, in each direction separately.
struct Mischief {
    std::function<bool(unsigned)> loseRequest{};  ///< the board does not see it
    std::function<bool(unsigned)> loseReply{};    ///< the client does not see it
    std::function<bool(unsigned)> repeatReply{};  ///< the client sees it twice
    std::function<bool(unsigned)> cutReply{};     ///< the client sees its first half
    std::function<Buffer(unsigned)> before{};     ///< bytes on the line before a reply
    std::chrono::milliseconds late{0};            ///< how long a reply takes
    std::size_t pieceBytes = 4096;                ///< most that one read gives
    std::optional<unsigned> hangUpAfterReplies{}; ///< then the line is gone
};

class FakeLine : public transport::Transport {
public:
    FakeLine(FakeBoard& board, Mischief mischief = {});

    support::Result<std::size_t> read(std::span<std::uint8_t> buffer, transport::Clock::time_point deadline) override;
    support::Result<void> write(std::span<const std::uint8_t> bytes, transport::Clock::time_point deadline) override;
    [[nodiscard]] int descriptor() const override { return -1; }
    [[nodiscard]] std::string name() const override { return "fake"; }

    /// Puts bytes on the line as if the board had sent them.
    void inject(const Buffer& bytes);
    /// A frame as line bytes.
    static Buffer framed(std::uint8_t type, const Buffer& payload);

private:
    struct Arrival {
        transport::Clock::time_point at;
        Buffer bytes;
    };
    void answer(const Buffer& message);

    FakeBoard& board_;
    Mischief mischief_;
    Buffer storage_;
    wire::SlipmuxDecoder decoder_;
    std::deque<Arrival> arrivals_;
    unsigned requests_ = 0;
    unsigned replies_ = 0;
};

/// A line that another object keeps: BoardClient takes ownership, the test wants to go on using it.
class BorrowedLine final : public transport::Transport {
public:
    explicit BorrowedLine(transport::Transport& line) : line_(line) {}
    support::Result<std::size_t> read(std::span<std::uint8_t> buffer, transport::Clock::time_point deadline) override {
        return line_.read(buffer, deadline);
    }
    support::Result<void> write(std::span<const std::uint8_t> bytes, transport::Clock::time_point deadline) override {
        return line_.write(bytes, deadline);
    }
    [[nodiscard]] int descriptor() const override { return line_.descriptor(); }
    [[nodiscard]] std::string name() const override { return line_.name(); }

private:
    transport::Transport& line_;
};

} // namespace rbpf::test
