// SPDX-License-Identifier: GPL-3.0-or-later
// Slipmux: any line bytes give only whole, good frames; a frame written behind any noise, in any pieces, is read back.
#include <algorithm>
#include <cstring>

#include <rbpf/wire.h>

#include "rbpf_wire/slipmux.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

void checkFrame(const wire::SlipmuxDecoder& decoder, const std::vector<uint8_t>& buffer) {
    const auto& frame = decoder.frame();
    FUZZ_REQUIRE(frame.payload.size + 1 <= buffer.size());
    if (frame.payload.size > 0) {
        FUZZ_REQUIRE(frame.payload.data >= buffer.data());
        FUZZ_REQUIRE(frame.payload.data + frame.payload.size <= buffer.data() + buffer.size());
    }
    FUZZ_REQUIRE(frame.type == RBPF_FRAME_DIAGNOSTIC || frame.type == RBPF_FRAME_COAP ||
                 frame.type == RBPF_FRAME_DEBUG);
}

std::vector<uint8_t> encodeInPieces(uint8_t type, const std::vector<uint8_t>& payload, std::size_t piece) {
    wire::SlipmuxEncoder encoder;
    encoder.start(type, {payload.data(), payload.size()});
    std::vector<uint8_t> line, part(piece);
    while (!encoder.done()) {
        const auto read = encoder.read(part.data(), part.size());
        FUZZ_REQUIRE(read <= piece);
        line.insert(line.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(read));
    }
    return line;
}

void roundTrip(Input& input) {
    static constexpr uint8_t kTypes[] = {RBPF_FRAME_DIAGNOSTIC, RBPF_FRAME_COAP, RBPF_FRAME_DEBUG};
    const uint8_t type = kTypes[input.byte() % 3];
    const std::size_t piece = 1 + input.byte() % 16;
    std::vector<uint8_t> buffer(input.byte() + wire::kFrameOverhead);
    const auto noise = input.bytes(input.byte());
    const auto payload = input.rest();

    const auto line = encodeInPieces(type, payload, piece);
    std::vector<uint8_t> whole(wire::slipmuxBound(payload.size()));
    FUZZ_REQUIRE(wire::slipmuxEncode(type, {payload.data(), payload.size()}, whole.data(), whole.size()) ==
                 line.size());
    FUZZ_REQUIRE(std::equal(line.begin(), line.end(), whole.begin()));

    wire::SlipmuxDecoder decoder(buffer.data(), buffer.size());
    for (const uint8_t byte : noise)
        if (decoder.put(byte))
            checkFrame(decoder, buffer);
    bool found = false;
    for (const uint8_t byte : line) {
        if (!decoder.put(byte))
            continue;
        checkFrame(decoder, buffer);
        const auto& frame = decoder.frame();
        found = frame.type == type && frame.payload.size == payload.size() &&
                (payload.empty() || std::memcmp(frame.payload.data, payload.data(), payload.size()) == 0);
    }
    if (!payload.empty() && payload.size() + wire::kFrameOverhead <= buffer.size())
        FUZZ_REQUIRE(found);
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    rbpf::fuzz::Input input(data, size);
    rbpf::fuzz::roundTrip(input);
    return 0;
}
