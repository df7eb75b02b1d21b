// SPDX-License-Identifier: GPL-3.0-or-later
// Slipmux frames over a byte stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "debugger/transport/transport.hpp"
#include "rbpf_wire/slipmux.hpp"

namespace rbpf::link {

class FrameChannel {
public:
    struct Frame {
        std::uint8_t type = 0; ///< RBPF_FRAME_*
        std::vector<std::uint8_t> payload;
    };

    explicit FrameChannel(std::unique_ptr<transport::Transport> line);

    /// Sends one frame, or fails (kind Link) at the deadline.
    support::Result<void> send(std::uint8_t type, std::span<const std::uint8_t> payload,
                               transport::Clock::time_point deadline);
    /// The next good frame; nullopt when the deadline has passed. Noise and damaged frames are passed over, but cannot
    /// make it stay longer than its deadline.
    support::Result<std::optional<Frame>> receive(transport::Clock::time_point deadline);

    [[nodiscard]] std::string name() const { return line_->name(); }
    /// For poll(), or -1; hasBytes(): some are here already, that poll() does not see.
    [[nodiscard]] int descriptor() const { return line_->descriptor(); }
    [[nodiscard]] bool hasBytes() const { return next_ < received_.size(); }

private:
    std::unique_ptr<transport::Transport> line_;
    std::vector<std::uint8_t> frameBuffer_;
    wire::SlipmuxDecoder decoder_;
    std::vector<std::uint8_t> received_; ///< bytes read, of which those before next_ are decoded
    std::size_t next_ = 0;
};

} // namespace rbpf::link
