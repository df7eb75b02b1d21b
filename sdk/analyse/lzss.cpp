// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "sdk/analyse/packed.hpp"

namespace rbpf::analyse {

namespace {

class BitWriter {
public:
    void put(std::uint32_t value, unsigned bits) {
        for (unsigned bit = bits; bit-- > 0;) {
            if (used_ % 8 == 0) {
                bytes_.push_back(0);
            }
            bytes_.back() |= static_cast<std::uint8_t>(((value >> bit) & 1u) << (7 - used_ % 8));
            ++used_;
        }
    }
    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
    std::size_t used_ = 0;
};

class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::optional<std::uint32_t> get(unsigned bits) {
        if (bits > bytes_.size() * 8 - at_) {
            return std::nullopt;
        }
        std::uint32_t value = 0;
        for (; bits > 0; --bits, ++at_) {
            value = value << 1 | ((bytes_[at_ / 8] >> (7 - at_ % 8)) & 1u);
        }
        return value;
    }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

struct Match {
    std::size_t distance = 0;
    std::size_t length = 0;
};

Match longestMatch(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t window, std::size_t longest) {
    Match best;
    const std::size_t most = std::min(longest, bytes.size() - at);
    for (std::size_t distance = 1; distance <= std::min(window, at) && best.length < most; ++distance) {
        std::size_t length = 0;
        while (length < most && bytes[at + length] == bytes[at + length - distance]) {
            ++length;
        }
        if (length > best.length) {
            best = {distance, length};
        }
    }
    return best;
}

} // namespace

Bytes lzssPack(std::span<const std::uint8_t> bytes, LzssShape shape) {
    const std::size_t window = std::size_t{1} << shape.windowBits;
    const std::size_t longest = std::size_t{1} << shape.lookaheadBits;
    const std::size_t matchBits = 1 + shape.windowBits + shape.lookaheadBits;
    constexpr std::size_t kLiteralBits = 9;
    // From the end: the fewest bits from each place on, and the step that leads there.
    std::vector<std::size_t> bits(bytes.size() + 1);
    std::vector<Match> steps(bytes.size());
    for (std::size_t at = bytes.size(); at-- > 0;) {
        bits[at] = kLiteralBits + bits[at + 1];
        const Match match = longestMatch(bytes, at, window, longest);
        for (std::size_t length = match.length; length > 0; --length) {
            if (matchBits + bits[at + length] < bits[at]) {
                bits[at] = matchBits + bits[at + length];
                steps[at] = {match.distance, length};
            }
        }
    }
    BitWriter out;
    for (std::size_t at = 0; at < bytes.size();) {
        const Match& step = steps[at];
        if (step.length == 0) {
            out.put(1, 1);
            out.put(bytes[at++], 8);
        } else {
            out.put(0, 1);
            out.put(static_cast<std::uint32_t>(step.distance - 1), shape.windowBits);
            out.put(static_cast<std::uint32_t>(step.length - 1), shape.lookaheadBits);
            at += step.length;
        }
    }
    return out.take();
}

std::optional<Bytes> lzssUnpack(std::span<const std::uint8_t> packed, std::size_t size, LzssShape shape) {
    BitReader in(packed);
    Bytes bytes;
    while (bytes.size() < size) {
        const auto isLiteral = in.get(1);
        if (isLiteral == 1u) {
            const auto byte = in.get(8);
            if (!byte) {
                return std::nullopt;
            }
            bytes.push_back(static_cast<std::uint8_t>(*byte));
            continue;
        }
        const auto distance = in.get(shape.windowBits);
        const auto length = in.get(shape.lookaheadBits);
        if (!isLiteral || !distance || !length || *distance >= bytes.size() || *length >= size - bytes.size()) {
            return std::nullopt;
        }
        for (std::uint32_t i = 0; i <= *length; ++i) {
            bytes.push_back(bytes[bytes.size() - 1 - *distance]);
        }
    }
    return bytes;
}

} // namespace rbpf::analyse
