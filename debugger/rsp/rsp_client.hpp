// SPDX-License-Identifier: GPL-3.0-or-later
// The workstation's end of the debug protocol: one request and its one reply at a time, each with a deadline; what
// comes by itself (stops, notifications, console text) waits in a queue for receive(). Passive and single-threaded.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "debugger/link/frame_channel.hpp"
#include "debugger/rsp/packets.hpp"

namespace rbpf::rsp {

/// Errors of kind Link: no answer, the line is gone; of kind Board: the board refused or sent nonsense.
class RspClient {
public:
    using Clock = transport::Clock;

    /// Opens `address` shared with other programs (transport::openShared()).
    [[nodiscard]] static support::Result<std::unique_ptr<RspClient>> open(const std::string& address);
    explicit RspClient(std::unique_ptr<transport::Transport> line);

    /// How long a request waits for its reply.
    void setDeadline(std::chrono::milliseconds deadline) { deadline_ = deadline; }

    /// Takes the debugger's seat. Fails (kind Board, "… held …") if another session has it, unless `take`. The seat is
    /// kept as long as receive() or requests are called every few seconds.
    [[nodiscard]] support::Result<Features> connect(bool take);
    [[nodiscard]] const Features& features() const { return features_; }

    /// Attaches to a slot's container and halts it; the stop. What was set before for another one, or for a script that
    /// is gone, is forgotten.
    [[nodiscard]] support::Result<StopReply> attach(std::uint32_t slot);
    /// Why it is halted; it is halted if it was not.
    [[nodiscard]] support::Result<StopReply> lastStop();
    /// Breakpoints gone, the container goes on, the seat is free; or (abort) its run is ended.
    support::Result<void> detach(bool abortRun);

    /// Go on, or execute one instruction. Return once sent; the stop comes out of receive(). Until then the only
    /// request is interrupt().
    support::Result<void> resume();
    support::Result<void> step();
    support::Result<void> interrupt();
    [[nodiscard]] bool running() const { return running_; }

    [[nodiscard]] support::Result<Registers> registers();
    support::Result<void> setRegister(int number, std::uint64_t value);
    /// All or an Error; as few round trips as features().packetBytes allows.
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> readMemory(std::uint32_t address, std::uint32_t size);
    /// One round trip: as much as there is from `address` on, at most `atMost` bytes and what a packet takes.
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> readPiece(std::uint32_t address, std::uint32_t atMost);
    support::Result<void> writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes);
    support::Result<void> insertPoint(Point point, std::uint32_t address, std::uint32_t size);
    support::Result<void> removePoint(Point point, std::uint32_t address, std::uint32_t size);
    /// What stops besides points: RBPF_STOP_*.
    support::Result<void> stopOn(std::uint32_t mask, std::span<const std::uint32_t> bindings = {},
                                 std::span<const std::uint32_t> keys = {});
    support::Result<void> setHold(std::uint32_t holdMs, bool aborts);
    support::Result<void> setHistory(bool on);
    [[nodiscard]] support::Result<ImageInfo> image();
    [[nodiscard]] support::Result<std::vector<FrameInfo>> frames();
    [[nodiscard]] support::Result<std::vector<RegionInfo>> regions();
    /// The next of what came by itself; nullopt when `wait` has passed.
    [[nodiscard]] support::Result<std::optional<Event>> receive(std::chrono::milliseconds wait);
    /// Payloads thrown away: neither an expected reply nor a notification that can be read.
    [[nodiscard]] std::uint32_t ignored() const { return ignored_; }
    /// For poll(): readable when receive() has something to do; also look at hasInput() before waiting. -1: none.
    [[nodiscard]] int descriptor() const { return channel_.descriptor(); }
    [[nodiscard]] bool hasInput() const { return !events_.empty() || channel_.hasBytes(); }
    [[nodiscard]] std::string name() const { return channel_.name(); }

private:
    using Bytes = std::vector<std::uint8_t>;
    using Accepts = bool (*)(std::string_view request, std::string_view payload);
    /// What c or s was sent for, until the container has stopped: a frame may get lost in either direction.
    struct Going {
        std::uint8_t request = RBPF_DEBUG_GO_ON;
        bool seen = false;      ///< the board has told something of it
        bool confirmed = false; ///< asked, the board said that the container is not halted
        bool asked = false;     ///< why it is halted although it should run
        int repeats = 0;
    };

    support::Result<void> send(std::string_view payload);
    support::Result<std::optional<std::string>> nextReply(Clock::time_point deadline);
    /// A request, sent again if nothing comes; the payload that begins with its letter or, if a stop answers it, that.
    support::Result<std::string> exchange(std::string_view request);
    support::Result<std::optional<std::string>> attempt(std::string_view request, Accepts accepts);
    support::Result<void> synchronise();
    support::Result<void> check();
    [[nodiscard]] bool wasNotHeard(const StopReply& stop) const;
    support::Result<void> drain();
    void takeFrame(const link::FrameChannel::Frame& frame, std::optional<std::string>& reply);
    void takeEvent(Event event);
    support::Result<StopReply> askForStop(std::string_view request);
    /// A part of an area, as much as one packet carries.
    support::Result<Bytes> readPart(unsigned area, std::uint32_t address, std::size_t size);
    /// All there is of an area, at most `size` bytes.
    support::Result<Bytes> readArea(unsigned area, std::size_t size);
    support::Result<void> write(unsigned area, std::uint32_t address, std::span<const std::uint8_t> bytes);
    support::Result<void> writePoints(std::size_t from);
    support::Result<void> requireInstruction(std::uint32_t address);
    support::Result<void> go(std::uint8_t letter);
    void forget();
    support::Result<void> keepAlive();
    [[nodiscard]] std::optional<support::Error> refusal() const;
    [[nodiscard]] support::Error noAnswer() const;
    [[nodiscard]] support::Error wasReset() const;

    link::FrameChannel channel_;
    std::chrono::milliseconds deadline_{3000};
    Features features_;
    std::deque<Event> events_;
    std::uint32_t session_;
    bool connected_ = false;
    bool attached_ = false;
    bool taken_ = false; ///< another session has the seat
    bool late_ = false;  ///< an answer that was given up may still come
    bool running_ = false;
    bool repeat_ = false;                          ///< c or s is to be sent again
    Going going_;                                  ///< while running_
    std::optional<StopReply> last_;                ///< the last stop
    bool holdAborts_ = false;                      ///< what setHold() said
    std::optional<std::uint32_t> slot_;            ///< the attached one
    std::uint32_t run_ = 0;                        ///< of the last event; the board's counter has 16 bits
    std::vector<rbpf_debug_point_t> points_;       ///< the board's table
    std::set<std::uint32_t> instructionStarts_;    ///< those that have been asked for
    std::optional<Clock::time_point> interrupted_; ///< when interrupt() was sent, until the stop comes
    Clock::time_point lastSent_{};
    std::uint32_t ignored_ = 0;
};

} // namespace rbpf::rsp
