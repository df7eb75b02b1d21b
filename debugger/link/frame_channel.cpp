// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/frame_channel.hpp"

#include <rbpf/wire.h>

namespace rbpf::link {

namespace {

constexpr std::size_t kReadBytes = 4096;

} // namespace

FrameChannel::FrameChannel(std::unique_ptr<transport::Transport> line)
    : line_(std::move(line)), frameBuffer_(RBPF_COAP_MESSAGE_BYTES + wire::kFrameOverhead),
      decoder_(frameBuffer_.data(), frameBuffer_.size()) {}

support::Result<void> FrameChannel::send(std::uint8_t type, std::span<const std::uint8_t> payload,
                                         transport::Clock::time_point deadline) {
    std::vector<std::uint8_t> line(wire::slipmuxBound(payload.size()));
    line.resize(wire::slipmuxEncode(type, {payload.data(), payload.size()}, line.data(), line.size()));
    return line_->write(line, deadline);
}

support::Result<std::optional<FrameChannel::Frame>> FrameChannel::receive(transport::Clock::time_point deadline) {
    for (;;) {
        while (next_ < received_.size()) {
            if (decoder_.put(received_[next_++])) {
                const wire::Frame& frame = decoder_.frame();
                return Frame{frame.type, {frame.payload.data, frame.payload.data + frame.payload.size}};
            }
        }
        received_.resize(kReadBytes);
        next_ = 0;
        const auto got = line_->read(received_, deadline);
        received_.resize(got.value_or(0));
        if (!got) {
            return tl::unexpected(got.error());
        }
        if (*got == 0 || transport::Clock::now() > deadline) {
            return std::nullopt; // bytes that have come late stay in received_ for the next call
        }
    }
}

} // namespace rbpf::link
