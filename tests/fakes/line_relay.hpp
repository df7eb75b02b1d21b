// SPDX-License-Identifier: GPL-3.0-or-later
// A cable between the workstation and a board's tty that a test can pull out, shorten to a baud rate, make noisy or let
// lose chosen frames. The workstation's end is a PTY of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "debugger/transport/fd.hpp"
#include "debugger/transport/frame_splitter.hpp"
#include "debugger/transport/transport.hpp"

namespace rbpf::test {

enum class Towards : std::uint8_t {
    Board,
    Workstation
};

class LineRelay {
public:
    struct Traffic {
        std::size_t frames = 0, bytes = 0;
    };
    /// What happens to a frame on its way.
    enum class Fate : std::uint8_t {
        Passes,
        Lost,
        Damaged ///< one bit is flipped
    };
    /// Looks at each frame, as it is on the line; called by the relay's thread.
    using Judge = std::function<Fate(Towards, std::span<const std::uint8_t> frame)>;

    /// `baud`: bits per second in each direction, ten to a byte; 0 = as fast as it goes.
    explicit LineRelay(const std::string& boardTty, unsigned baud = 0);
    ~LineRelay();
    LineRelay(const LineRelay&) = delete;
    LineRelay& operator=(const LineRelay&) = delete;

    /// Makes the relay a board that resolveBoard() knows as `name`. The record goes and comes with the cable.
    void publish(const std::filesystem::path& record, const std::string& name, std::uint16_t coap);
    /// The workstation's end; another one after each plug().
    [[nodiscard]] std::string path();
    /// Pulls the cable out: the workstation's end hangs up.
    void cut();
    void plug();
    /// Another board (or the same, started again) is at the other end; the workstation's end stays as it is. "": none.
    void connect(const std::string& boardTty);
    void judge(Judge judge);
    /// Bytes that no board has sent.
    void noise(const std::vector<std::uint8_t>& bytes);
    /// Since the last call.
    [[nodiscard]] Traffic traffic(Towards towards);

private:
    struct Way {
        transport::FrameSplitter splitter;
        std::deque<std::pair<transport::Clock::time_point, std::vector<std::uint8_t>>> queue; ///< by time of arrival
        transport::Clock::time_point free{}; ///< when the line has sent all of `queue`
        Traffic traffic;
    };

    void serve();
    void round();
    void wake();
    void take(Towards towards, int from);
    void deliver(Way& way, int to);
    void openEnd();
    void writeRecord() const;

    std::mutex mutex_;
    unsigned baud_;
    bool stop_ = false;
    transport::Fd board_, end_, held_, wake_; ///< `held_` keeps the end alive while no workstation has it open
    Way toBoard_, toWorkstation_;
    Judge judge_;
    std::string path_;
    std::filesystem::path record_;
    std::string name_;
    std::uint16_t coap_ = 0;
    std::thread thread_;
};

/// The payload of a debug frame as it is on the line (which has nothing to unescape), or "".
[[nodiscard]] std::string debugPayload(std::span<const std::uint8_t> frame);

} // namespace rbpf::test
