// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/fake_line.hpp"

#include <thread>

#include <rbpf/wire.h>

namespace rbpf::test {

using transport::Clock;

FakeLine::FakeLine(FakeBoard& board, Mischief mischief)
    : board_(board), mischief_(std::move(mischief)), storage_(4096), decoder_(storage_.data(), storage_.size()) {}

Buffer FakeLine::framed(std::uint8_t type, const Buffer& payload) {
    Buffer line(wire::slipmuxBound(payload.size()));
    line.resize(wire::slipmuxEncode(type, {payload.data(), payload.size()}, line.data(), line.size()));
    return line;
}

void FakeLine::inject(const Buffer& bytes) {
    arrivals_.push_back({Clock::now() + mischief_.late, bytes});
}

support::Result<void> FakeLine::write(std::span<const std::uint8_t> bytes, Clock::time_point) {
    for (const std::uint8_t byte : bytes) {
        if (!decoder_.put(byte) || decoder_.frame().type != RBPF_FRAME_COAP) {
            continue;
        }
        const unsigned number = requests_++;
        if (!mischief_.loseRequest || !mischief_.loseRequest(number)) {
            const wire::Bytes payload = decoder_.frame().payload;
            answer(Buffer(payload.data, payload.data + payload.size));
        }
    }
    return {};
}

void FakeLine::answer(const Buffer& message) {
    for (const Buffer& reply : board_.handle(message)) {
        const unsigned number = replies_++;
        if (mischief_.before) {
            inject(mischief_.before(number));
        }
        if (mischief_.loseReply && mischief_.loseReply(number)) {
            continue;
        }
        Buffer line = framed(RBPF_FRAME_COAP, reply);
        if (mischief_.cutReply && mischief_.cutReply(number)) {
            line.resize(line.size() / 2);
        }
        inject(line);
        if (mischief_.repeatReply && mischief_.repeatReply(number)) {
            inject(line);
        }
    }
}

support::Result<std::size_t> FakeLine::read(std::span<std::uint8_t> buffer, Clock::time_point deadline) {
    while (!arrivals_.empty() && arrivals_.front().bytes.empty()) {
        arrivals_.pop_front();
    }
    if (arrivals_.empty() && mischief_.hangUpAfterReplies && replies_ >= *mischief_.hangUpAfterReplies) {
        return support::fail(support::ErrorKind::Link, "fake: the board hung up");
    }
    const Clock::time_point until = arrivals_.empty() ? deadline : std::min(deadline, arrivals_.front().at);
    std::this_thread::sleep_until(until); // the fake is late; nothing else can happen on this line meanwhile
    if (arrivals_.empty() || Clock::now() < arrivals_.front().at) {
        return 0;
    }
    Buffer& bytes = arrivals_.front().bytes;
    const std::size_t size = std::min({buffer.size(), bytes.size(), mischief_.pieceBytes});
    std::copy_n(bytes.begin(), size, buffer.begin());
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    return size;
}

} // namespace rbpf::test
