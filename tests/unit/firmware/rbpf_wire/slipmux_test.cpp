// SPDX-License-Identifier: GPL-3.0-or-later
// Framing on a clean, a noisy and a cut line.
#include <catch2/catch.hpp>

#include <rbpf/wire.h>

#include "rbpf_wire/fcs.hpp"
#include "rbpf_wire/slipmux.hpp"
#include "wire_text.hpp"

using namespace rbpf::wire;
using namespace rbpf::wire::test;

namespace {

struct Received {
    std::uint8_t type;
    Buffer payload;
    bool operator==(const Received&) const = default;
};

Buffer encode(std::uint8_t type, const Buffer& payload) {
    Buffer line(slipmuxBound(payload.size()));
    line.resize(slipmuxEncode(type, view(payload), line.data(), line.size()));
    return line;
}

std::vector<Received> decode(SlipmuxDecoder& decoder, const Buffer& line) {
    std::vector<Received> frames;
    for (std::uint8_t byte : line) {
        if (decoder.put(byte)) {
            frames.push_back({decoder.frame().type, copy(decoder.frame().payload)});
        }
    }
    return frames;
}

void append(Buffer& line, const Buffer& more) {
    line.insert(line.end(), more.begin(), more.end());
}

} // namespace

TEST_CASE("the FCS is CRC-16/IBM-SDLC") {
    const std::string check = "123456789"; // the check value of the CRC catalogue
    CHECK(fcs(reinterpret_cast<const std::uint8_t*>(check.data()), check.size()) == 0x906E);
}

TEST_CASE("a CoAP ping is framed byte for byte as the draft's peers frame it") {
    CHECK(encode(RBPF_FRAME_COAP, fromHex("40000001")) == fromHex("C0 A9 40 00 00 01 E9 73 C0"));
}

TEST_CASE("diagnostic text has no FCS and its END and ESC bytes are escaped") {
    CHECK(encode(RBPF_FRAME_DIAGNOSTIC, fromHex("41 C0 42 DB 43")) == fromHex("C0 0A 41 DB DC 42 DB DD 43 C0"));
}

TEST_CASE("what is encoded in pieces of any size is decoded to the same frames") {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        Buffer line;
        std::vector<Received> sent;
        for (int i = 0; i < 5; ++i) {
            static constexpr std::uint8_t kTypes[] = {RBPF_FRAME_DIAGNOSTIC, RBPF_FRAME_COAP, RBPF_FRAME_DEBUG};
            sent.push_back({kTypes[random() % 3], randomBytes(random, random() % 200)});
            SlipmuxEncoder encoder;
            encoder.start(sent.back().type, view(sent.back().payload));
            while (!encoder.done()) {
                Buffer piece(1 + random() % 7);
                piece.resize(encoder.read(piece.data(), piece.size()));
                append(line, piece);
            }
        }
        Buffer storage(200 + kFrameOverhead);
        SlipmuxDecoder decoder(storage.data(), storage.size());
        REQUIRE(decode(decoder, line) == sent);
    }
}

TEST_CASE("an encoder that has nothing to send gives nothing") {
    SlipmuxEncoder encoder;
    std::uint8_t out[4];
    CHECK(encoder.done());
    CHECK(encoder.read(out, sizeof out) == 0);
}

TEST_CASE("a frame that does not fit into the caller's buffer is refused whole") {
    Buffer payload = fromHex("40000001");
    Buffer line(8);
    CHECK(slipmuxEncode(RBPF_FRAME_COAP, view(payload), line.data(), line.size()) == 0);
}

TEST_CASE("bytes before the first END are dropped") {
    Buffer storage(32);
    SlipmuxDecoder decoder(storage.data(), storage.size());
    Buffer line = fromHex("A9 40 00 00 01 E9 73");
    append(line, encode(RBPF_FRAME_COAP, fromHex("40000002")));
    CHECK(decode(decoder, line) == std::vector<Received>{{RBPF_FRAME_COAP, fromHex("40000002")}});
}

TEST_CASE("a frame cut off in the middle costs only itself") {
    Buffer whole = encode(RBPF_FRAME_COAP, fromHex("48 01 00 01 C0 DB 03 04 05 06 07 08"));
    for (std::size_t cut = 1; cut + 1 < whole.size(); ++cut) {
        Buffer line(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
        append(line, encode(RBPF_FRAME_DEBUG, fromHex("3F")));
        Buffer storage(32);
        SlipmuxDecoder decoder(storage.data(), storage.size());
        REQUIRE(decode(decoder, line) == std::vector<Received>{{RBPF_FRAME_DEBUG, fromHex("3F")}});
    }
}

TEST_CASE("no single flipped bit of a CoAP frame goes unnoticed") {
    Buffer whole = encode(RBPF_FRAME_COAP, fromHex("44 01 12 34 01 02 03 04 B4 72 62 70 66"));
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        Buffer line = whole;
        line[bit / 8] = static_cast<std::uint8_t>(line[bit / 8] ^ (1u << (bit % 8)));
        Buffer storage(64);
        SlipmuxDecoder decoder(storage.data(), storage.size());
        for (const Received& frame : decode(decoder, line)) {
            REQUIRE(frame.type != RBPF_FRAME_COAP);
        }
    }
}

TEST_CASE("after any noise the next frame but one is received") {
    std::mt19937 random(2);
    for (int round = 0; round < 300; ++round) {
        Buffer storage(64);
        SlipmuxDecoder decoder(storage.data(), storage.size());
        decode(decoder, randomBytes(random, random() % 300));
        Received last{RBPF_FRAME_COAP, randomBytes(random, 40)};
        std::vector<Received> frames = decode(decoder, encode(last.type, last.payload));
        REQUIRE(!frames.empty());
        REQUIRE(frames.back() == last);
    }
}

TEST_CASE("a frame longer than the buffer is dropped whole and counted") {
    Buffer storage(16);
    SlipmuxDecoder decoder(storage.data(), storage.size());
    CHECK(decode(decoder, encode(RBPF_FRAME_COAP, Buffer(14, 1))).empty());
    CHECK(decoder.errors().oversize == 1);
    CHECK(decode(decoder, encode(RBPF_FRAME_COAP, Buffer(13, 1))).size() == 1);
    CHECK(decoder.errors().oversize == 1);
}

TEST_CASE("an abort or an impossible escape drops the frame it stands in") {
    for (const char* line : {"C0 0A 41 DB C0", "C0 0A 41 DB 41 42 C0"}) {
        Buffer storage(16);
        SlipmuxDecoder decoder(storage.data(), storage.size());
        CHECK(decode(decoder, fromHex(line)).empty());
        CHECK(decoder.errors().damaged == 1);
        CHECK(decode(decoder, fromHex("C0 0A 43 C0")) == std::vector<Received>{{RBPF_FRAME_DIAGNOSTIC, fromHex("43")}});
    }
}

TEST_CASE("frames of unknown types are ignored and empty ones are not frames") {
    Buffer storage(16);
    SlipmuxDecoder decoder(storage.data(), storage.size());
    CHECK(decode(decoder, fromHex("C0 45 01 02 C0 C0 C0")).empty());
    CHECK(decoder.errors().unknown == 1);
    CHECK(decoder.errors().damaged == 0);
}

TEST_CASE("a frame too short for its FCS is damaged") {
    Buffer storage(16);
    SlipmuxDecoder decoder(storage.data(), storage.size());
    CHECK(decode(decoder, fromHex("C0 A9 C0 A9 01 C0")).empty());
    CHECK(decoder.errors().damaged == 2);
}
