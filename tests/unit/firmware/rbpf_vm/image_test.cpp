// SPDX-License-Identifier: GPL-3.0-or-later
// The loader: what it finds in v1 images, and how it refuses damaged ones.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace rbpf::test;

namespace {

ImageSpec sample() {
    ImageSpec spec{{movImm(0, 1), exitInsn()}};
    spec.rodata = {1, 2, 3, 4, 5};
    spec.data = {6, 7, 8};
    spec.bssBytes = 40;
    spec.budget = 1000;
    spec.stackBytes = 256;
    spec.entries = {{"first", "coap/sensor", 0, 16}, {"second", "", 1, 0}};
    spec.bindings = {1, 0x30};
    spec.name = "sample";
    spec.version = "0.1.0";
    return spec;
}

/// The loader's answer to an image with `count` bytes at `offset` replaced and the checksum put right.
int changed(size_t offset, uint64_t value, unsigned count) {
    Bytes bytes = build(sample());
    put(bytes, offset, value, count);
    seal(bytes);
    return Machine(bytes).opened;
}

} // namespace

TEST_CASE("the checksum is CRC-32 as zlib computes it") {
    CHECK(crc32({'1', '2', '3', '4', '5', '6', '7', '8', '9'}) == 0xcbf43926);
}

TEST_CASE("an opened image tells its parts") {
    Machine machine(sample());
    REQUIRE(machine.opened == RBPF_STATUS_OK);
    REQUIRE(machine.verified == RBPF_STATUS_OK);
    const rbpf_image_t& image = machine.image;
    CHECK(image.textBytes == 16);
    CHECK(image.rodataBytes == 5);
    CHECK(image.dataBytes == 3);
    CHECK(image.bssBytes == 40);
    CHECK(image.budget == 1000);
    CHECK(image.stackBytes == 256);
    CHECK(image.entryCount == 2);
    CHECK(image.isFemto == 0);
    CHECK(image.text[0] == 0xb7);
    CHECK(image.rodata[4] == 5);
    CHECK(image.data[0] == 6);
    CHECK(std::string(rbpf_image_name(&image)) == "sample");
    CHECK(std::string(rbpf_image_version(&image)) == "0.1.0");
    const rbpf_entry_t first = rbpf_image_entry(&image, 0), second = rbpf_image_entry(&image, 1);
    CHECK(std::string(first.name) == "first");
    CHECK(std::string(first.trigger) == "coap/sensor");
    CHECK(first.insnIndex == 0);
    CHECK(first.frameBytes == 16);
    CHECK(std::string(second.name) == "second");
    CHECK(std::string(second.trigger).empty());
    CHECK(second.insnIndex == 1);
}

TEST_CASE("an image cut off anywhere is refused") {
    const Bytes whole = build(sample());
    for (size_t size = 0; size < whole.size(); size++) {
        CAPTURE(size);
        Bytes cut(whole.begin(), whole.begin() + static_cast<long>(size));
        CHECK(Machine(cut).opened == RBPF_STATUS_TRUNCATED);
    }
}

TEST_CASE("no bit of an image can flip unnoticed") {
    const Bytes whole = build(sample());
    for (size_t bit = 0; bit < whole.size() * 8; bit++) {
        CAPTURE(bit);
        Bytes flipped = whole;
        flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
        CHECK(Machine(flipped).opened < 0);
    }
}

TEST_CASE("bytes behind the image are refused, be they padding to a multiple of 8") {
    ImageSpec spec{{exitInsn()}};
    spec.rodata = {1, 2, 3};
    for (const ImageSpec& one : {sample(), spec}) {
        const Bytes whole = build(one);
        CHECK(Machine(whole).opened == RBPF_STATUS_OK);
        for (const size_t more : {1u, 5u, 8u}) {
            CAPTURE(more);
            Bytes bytes = whole;
            bytes.resize(bytes.size() + more);
            seal(bytes);
            CHECK(Machine(bytes).opened == RBPF_STATUS_MALFORMED);
        }
    }
}

TEST_CASE("foreign bytes and unknown versions are told apart") {
    CHECK(changed(0, 0x464c457f, 4) == RBPF_STATUS_NOT_AN_IMAGE);
    CHECK(changed(4, 2, 1) == RBPF_STATUS_IMAGE_VERSION);
    CHECK(changed(4, 0, 1) == RBPF_STATUS_IMAGE_VERSION);
    Bytes bytes = build(sample());
    put(bytes, 8, 0, 4);
    CHECK(Machine(bytes).opened == RBPF_STATUS_CHECKSUM);
}

TEST_CASE("header fields out of range are refused") {
    CHECK(changed(5, 1, 1) == RBPF_STATUS_MALFORMED); // flags
    CHECK(changed(12, 0, 4) < 0);                     // text
    CHECK(changed(12, 12, 4) < 0);
    CHECK(changed(12, 0xfffffff8, 4) == RBPF_STATUS_TRUNCATED);
    CHECK(changed(16, 0xffffffff, 4) == RBPF_STATUS_TRUNCATED); // rodata
    CHECK(changed(20, 0xfffffff0, 4) == RBPF_STATUS_TRUNCATED); // data
    CHECK(changed(24, 0xffffffff, 4) == RBPF_STATUS_MALFORMED); // bss
    CHECK(changed(24, 0x10000000 - 2, 4) == RBPF_STATUS_MALFORMED);
    CHECK(changed(32, 4, 2) == RBPF_STATUS_MALFORMED); // stack
    CHECK(changed(34, 0, 1) == RBPF_STATUS_MALFORMED); // entries
    CHECK(changed(34, 255, 1) == RBPF_STATUS_MALFORMED);
    CHECK(changed(35, 255, 1) == RBPF_STATUS_MALFORMED); // bindings
    CHECK(changed(6, 0, 2) < 0);                         // headerBytes
    CHECK(changed(6, 60, 2) < 0);
    CHECK(changed(6, 0xfff8, 2) == RBPF_STATUS_TRUNCATED);
}

TEST_CASE("the text holds whole instructions and at least one") {
    for (uint32_t text : {0u, 4u, 12u}) {
        ImageSpec spec{{exitInsn(), exitInsn()}};
        Bytes bytes = build(spec);
        put(bytes, 12, text, 4);
        put(bytes, 16, 16 - text, 4); // the rest is rodata
        seal(bytes);
        CHECK(Machine(bytes).opened == RBPF_STATUS_MALFORMED);
    }
}

TEST_CASE("strings lie between the tables and the text and end there") {
    const Bytes whole = build(sample());
    const uint16_t headerBytes = static_cast<uint16_t>(whole[6] | whole[7] << 8);
    const uint16_t strings = 56 + 2 * 8 + 2 * 2;
    for (size_t field : {36, 38, 56, 58, 64, 66}) {
        CAPTURE(field);
        CHECK(changed(field, strings - 1, 2) == RBPF_STATUS_MALFORMED);
        CHECK(changed(field, strings, 2) == RBPF_STATUS_OK);
        CHECK(changed(field, headerBytes - 1, 2) == RBPF_STATUS_OK);
        CHECK(changed(field, headerBytes, 2) == RBPF_STATUS_MALFORMED);
        CHECK(changed(field, 0xffff, 2) == RBPF_STATUS_MALFORMED);
    }
    CHECK(changed(headerBytes - 1u, 'x', 1) == RBPF_STATUS_MALFORMED);
}

TEST_CASE("an image that is not aligned to 4 is refused") {
    const Bytes whole = build(sample());
    alignas(8) uint8_t memory[1024];
    for (int shift = 0; shift < 8; shift++) {
        std::copy(whole.begin(), whole.end(), memory + shift);
        rbpf_image_t image;
        const int status = rbpf_image_open(&image, memory + shift, static_cast<uint32_t>(whole.size()));
        CHECK(status == (shift % 4 ? RBPF_STATUS_ALIGNMENT : RBPF_STATUS_OK));
    }
}

TEST_CASE("an image larger than a region can be is refused before a byte is read") {
    alignas(8) const uint8_t byte[8] = {};
    rbpf_image_t image;
    CHECK(rbpf_image_open(&image, byte, 0x10000001) == RBPF_STATUS_TOO_LARGE);
}
