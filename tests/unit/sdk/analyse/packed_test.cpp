// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "sdk/analyse/packed.hpp"
#include "sdk/analyse/varint.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::analyse;
using namespace rbpf::testing;
namespace image = rbpf::image;

namespace {

/// Bytes as random as `letters` allows, so that some repeat.
Bytes randomBytes(std::mt19937& random, std::size_t size, unsigned letters) {
    Bytes bytes(size);
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random() % letters); });
    return bytes;
}

} // namespace

TEST_CASE("LZSS gives back what it was given, whatever the shape and the bytes") {
    std::mt19937 random(1);
    for (unsigned round = 0; round < 400; ++round) {
        const auto windowBits = static_cast<unsigned>(4 + random() % 8);
        const LzssShape shape{windowBits, static_cast<unsigned>(3 + random() % 5)};
        const Bytes bytes = randomBytes(random, random() % 300, 1 + round % 256);
        CHECK(lzssUnpack(lzssPack(bytes, shape), bytes.size(), shape) == bytes);
    }
}

TEST_CASE("LZSS makes repeats short and nothing more than an eighth longer") {
    const Bytes same(256, 7);
    CHECK(lzssPack(same, {8, 6}).size() == (9 + 4 * 15 + 7) / 8); // a byte, then 255 in four steps back
    std::mt19937 random(2);
    const Bytes mixed = randomBytes(random, 800, 256);
    CHECK(lzssPack(mixed, {8, 4}).size() <= 900);
}

TEST_CASE("LZSS that is cut short or goes back too far is refused") {
    const Bytes bytes(64, 1);
    Bytes packed = lzssPack(bytes, {});
    packed.pop_back();
    CHECK_FALSE(lzssUnpack(packed, bytes.size(), {}));
    CHECK_FALSE(lzssUnpack(Bytes{0x00, 0x00, 0x00}, 4, {})); // a step back at the beginning
    CHECK_FALSE(lzssUnpack({}, 1, {}));
    std::mt19937 random(3);
    for (unsigned round = 0; round < 400; ++round) {
        const auto back = lzssUnpack(randomBytes(random, random() % 60, 256), 100, {8, 4});
        CHECK((!back || back->size() == 100));
    }
}

TEST_CASE("varints hold every 32-bit number, signed ones too") {
    for (const std::int32_t value : {0, 1, -1, 63, 64, -64, -65, 0x7fffffff, INT32_MIN}) {
        Bytes out;
        putSigned(out, value);
        VarintReader in(out);
        CHECK(in.signedNumber() == value);
        CHECK(in.left() == 0);
    }
    CHECK_FALSE(VarintReader(Bytes{0x80, 0x80}).number());
    CHECK_FALSE(VarintReader(Bytes{0xff, 0xff, 0xff, 0xff, 0x7f}).number()); // 35 bits
}

TEST_CASE("fields as varints give back any bytes, code or not") {
    std::mt19937 random(4);
    for (unsigned round = 0; round < 400; ++round) {
        const std::size_t before = random() % 50;
        const std::size_t text = random() % 20 * 8;
        const Bytes bytes = randomBytes(random, before + text + random() % 30, round % 2 == 0 ? 256 : 3);
        const std::size_t fits = std::min(text, (bytes.size() - std::min(before, bytes.size())) / 8 * 8);
        const Bytes packed = varintPack(bytes, before, fits);
        CHECK(varintUnpack(packed, bytes.size()) == bytes);
        CHECK_FALSE((!bytes.empty() && varintUnpack(packed, bytes.size() - 1)));
    }
}

TEST_CASE("fields that an opcode does not use take no bytes") {
    const Bytes text = join({insn(0xb7, 1, 0, 0, 5), insn(0x0f, 0, 1), insn(0x95)});
    // mode, offset, count; 3 opcodes; registers of two; no offset; the constant of one
    CHECK(varintPack(text, 0, text.size()).size() == 3 + 3 + 2 + 0 + 1);
    const Bytes odd = join({insn(0x95, 0, 0, 0, 1)}); // exit with a constant is kept all the same
    CHECK(varintUnpack(varintPack(odd, 0, 8), 8) == odd);
}

TEST_CASE("packed fields that are no such thing are refused, and never make more than the limit") {
    std::mt19937 random(5);
    for (unsigned round = 0; round < 2000; ++round) {
        const auto back = varintUnpack(randomBytes(random, random() % 40, 256), 200);
        CHECK((!back || back->size() <= 200));
    }
    CHECK_FALSE(varintUnpack({}, 100));
    CHECK_FALSE(varintUnpack(Bytes{1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f}, 1000)); // 2^32 - 1 instructions
}

TEST_CASE("an image's packed sizes are told with their shapes") {
    TestImage made;
    made.text = join({insn(0xb7, 0, 0, 0, 1), insn(0xb7, 0, 0, 0, 1), insn(0xb7, 0, 0, 0, 1), insn(0x95)});
    made.entries = {{"main", "", 0, 0}};
    const auto sizes = packedSizes(image::read(made.build()).value());
    CHECK(sizes.plain > sizes.lzss);
    CHECK(sizes.plain > sizes.varint);
    CHECK(sizes.varintLzss > 0);
    CHECK(packedText(sizes).find("plain") != std::string::npos);
}
