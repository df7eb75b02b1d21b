// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "rbpf_vm/rbpf_vm.h"
#include "sdk/image/build_id.hpp"
#include "sdk/image/image.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using rbpf::image::Format;
using rbpf::image::Image;

namespace {

TestImage everything() {
    TestImage made;
    made.rodata = ascii("abc");
    made.data = {1, 2, 3, 4, 5};
    made.bssBytes = 12;
    made.budget = 1000;
    made.entries = {{"main", "coap/x", 0, 16}, {"tick", "timer/10", 1, 0}};
    made.bindings = {1, 0x32};
    return made;
}

/// The firmware's own loader on the same bytes, aligned as flash is.
rbpf_status_t firmwareSays(const Bytes& bytes, rbpf_image_t& opened, std::unique_ptr<std::uint64_t[]>& memory) {
    memory = std::make_unique<std::uint64_t[]>(bytes.size() / 8 + 1);
    std::ranges::copy(bytes, reinterpret_cast<std::uint8_t*>(memory.get()));
    return rbpf_image_open(&opened, memory.get(), static_cast<std::uint32_t>(bytes.size()));
}

void checkPartsAreTheFile(const Image& image) {
    std::uint32_t at = 0;
    for (const auto& part : image.parts) {
        CHECK(part.offset == at);
        at += part.size;
    }
    CHECK(at == image.bytes.size());
}

} // namespace

TEST_CASE("every field of an image is read") {
    const auto image = rbpf::image::read(everything().build());
    REQUIRE(image);
    CHECK(image->format == Format::V1);
    CHECK(image->name == "test");
    CHECK(image->version == "1.2.3");
    CHECK(image->buildId[15] == 0xaf);
    CHECK(image->stackBytes == 512);
    CHECK(image->budget == 1000);
    CHECK(image->bssBytes == 12);
    REQUIRE(image->entries.size() == 2);
    CHECK(image->entries[0].trigger == "coap/x");
    CHECK(image->entries[0].frameBytes == 16);
    CHECK(image->entries[1].insnIndex == 1);
    CHECK(image->bindings == std::vector<std::uint16_t>{1, 0x32});
    CHECK(image->text().size() == 16);
    CHECK(image->rodata()[2] == 'c');
    CHECK(image->data()[4] == 5);
    checkPartsAreTheFile(*image);
}

TEST_CASE("the firmware's loader finds the same parts") {
    for (const Bytes& bytes : {everything().build(), TestImage{}.build(),
                               femtoImage({1, 2, 3}, ascii("ro"), join({insn(0xb7), insn(0x95)}))}) {
        const auto image = rbpf::image::read(bytes);
        REQUIRE(image);
        rbpf_image_t opened{};
        std::unique_ptr<std::uint64_t[]> memory;
        REQUIRE(firmwareSays(bytes, opened, memory) == RBPF_STATUS_OK);
        CHECK(opened.text - opened.bytes == image->textOffset);
        CHECK(opened.textBytes == image->textBytes);
        CHECK(opened.rodataBytes == image->rodataBytes);
        CHECK(opened.dataBytes == image->dataBytes);
        CHECK(opened.bssBytes == image->bssBytes);
        CHECK(opened.stackBytes == image->stackBytes);
        CHECK(opened.entryCount == image->entries.size());
        if (image->dataBytes != 0) {
            CHECK(opened.data - opened.bytes == image->dataOffset);
        }
        CHECK(rbpf_image_name(&opened) == image->name);
        CHECK(rbpf_image_entry(&opened, 0).insnIndex == image->entries[0].insnIndex);
        CHECK(rbpf_image_entry(&opened, 0).name == image->entries[0].name);
    }
}

TEST_CASE("a Femto-Container image is read with its names") {
    const auto image =
        rbpf::image::read(femtoImage({1, 2, 3}, ascii("ro"), join({insn(0x85, 0, 0, 0, 0x20), insn(0x95)})));
    REQUIRE(image);
    CHECK(image->format == Format::Femto);
    CHECK(image->entries[0].name == "run");
    CHECK(image->bindings == std::vector<std::uint16_t>{0x20});
    CHECK(image->textOffset % 8 == 4);
    checkPartsAreTheFile(*image);
    CHECK(rbpf::image::read(femtoImage({}, {}, insn(0x95), false))->entries.size() == 1);
}

TEST_CASE("an image cut off anywhere is told by its length, and the firmware refuses it too") {
    for (const Bytes& whole : {everything().build(), femtoImage({1}, {2}, insn(0x95))}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const auto image = rbpf::image::read(cut);
            CHECK_FALSE(image);
            rbpf_image_t opened{};
            std::unique_ptr<std::uint64_t[]> memory;
            CHECK(firmwareSays(cut, opened, memory) != RBPF_STATUS_OK);
        }
        const Bytes cut(whole.begin(), whole.end() - 1);
        CHECK(rbpf::image::read(cut).error().message.find("found the end of the file") != std::string::npos);
    }
}

TEST_CASE("a flipped bit anywhere is noticed") {
    const Bytes whole = everything().build();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        Bytes bytes = whole;
        bytes[at] ^= 0x10;
        CHECK_FALSE(rbpf::image::read(bytes));
    }
}

TEST_CASE("fields out of range are named with their byte even when the checksum fits") {
    struct Case {
        std::size_t at;
        std::uint8_t value;
        const char* message;
    };
    for (const Case& c :
         {Case{4, 9, "byte 4: expected format version 1, found 9"}, Case{5, 1, "byte 5: expected no flags"},
          Case{6, 9, "byte 6: expected a header"}, Case{12, 9, "byte 12: expected text"},
          Case{32, 3, "byte 32: expected a stack size"}, Case{34, 0, "byte 34: expected at least one"},
          Case{36, 2, "byte 36: expected the offset of the name"},
          Case{60, 200, "byte 60: expected an instruction index below 2, found 200"},
          Case{74, 1, "byte 74: expected a binding id above 1, found 1"}}) {
        Bytes bytes = everything().build();
        bytes[c.at] = c.value;
        TestImage::sign(bytes);
        const auto image = rbpf::image::read(bytes);
        REQUIRE_FALSE(image);
        CHECK_THAT(image.error().message, Catch::StartsWith(c.message));
    }
}

TEST_CASE("what no builder makes is refused by workstation and firmware alike") {
    struct Case {
        const char* message;
        void (*change)(Bytes&);
    };
    TestImage unpadded = everything(); // the rodata's end is not a multiple of 8, and nothing follows it
    unpadded.data.clear();
    unpadded.rodata.resize(13);
    for (const Bytes& whole : {everything().build(), unpadded.build()}) {
        for (const Case& c :
             {Case{"the end of the file, found 1 more", [](Bytes& bytes) { bytes.push_back(0); }},
              Case{"the end of the file, found 3 more", [](Bytes& bytes) { bytes.resize(bytes.size() + 3); }},
              Case{"the end of the file, found 8 more", [](Bytes& bytes) { bytes.resize(bytes.size() + 8); }},
              Case{"byte 24: expected data and bss of at most", [](Bytes& bytes) { bytes[27] = 0x20; }},
              Case{"expected a 0 before the text, found 1", [](Bytes& bytes) { bytes[std::size_t{bytes[6]} - 1] = 1; }},
              Case{"expected a binding id above 1, found 0", [](Bytes& bytes) { bytes[74] = 0; }}}) {
            INFO(c.message);
            Bytes bytes = whole;
            c.change(bytes);
            TestImage::sign(bytes);
            const auto image = rbpf::image::read(bytes);
            REQUIRE_FALSE(image);
            CHECK_THAT(image.error().message, Catch::Contains(c.message));
            rbpf_image_t opened{};
            std::unique_ptr<std::uint64_t[]> memory;
            CHECK(firmwareSays(bytes, opened, memory) == RBPF_STATUS_MALFORMED);
        }
    }
}

TEST_CASE("what is no image at all is told apart") {
    CHECK_THAT(rbpf::image::read({}).error().message, Catch::EndsWith("found an empty file"));
    CHECK_THAT(rbpf::image::read({0x7f, 'E', 'L', 'F'}).error().message, Catch::EndsWith("found an ELF file"));
    CHECK_THAT(rbpf::image::readFile("/nowhere.rbpf").error().message, Catch::Contains("/nowhere.rbpf"));
}

TEST_CASE("sizes that wrap around 32 bits are refused") {
    Bytes bytes = everything().build();
    for (const std::size_t at : {12u, 16u, 20u}) {
        Bytes wrapped = bytes;
        for (std::size_t i = 0; i < 4; ++i) {
            wrapped[at + i] = i == 0 ? 0xf8 : 0xff;
        }
        TestImage::sign(wrapped);
        CHECK_FALSE(rbpf::image::read(wrapped));
    }
    Bytes femto = femtoImage({1}, {2}, insn(0x95));
    for (const std::size_t at : {12u, 16u, 24u}) {
        Bytes wrapped = femto;
        wrapped[at + 3] = 0xff;
        CHECK_FALSE(rbpf::image::read(wrapped));
    }
}

TEST_CASE("a debug ELF's build id is found in its note, and nowhere else") {
    // Header (64), one note (32), one section header (64).
    Bytes elf = join({{0x7f, 'E', 'L', 'F', 2, 1, 1}, Bytes(33, 0)});
    put(elf, 96, 8); // e_shoff
    elf.resize(58);
    put(elf, 64, 2); // e_shentsize
    put(elf, 1, 2);  // e_shnum
    put(elf, 0, 2);
    put(elf, 4, 4);
    put(elf, 16, 4);
    put(elf, 3, 4);
    elf = join({elf, ascii("GNU"), {0}});
    for (int i = 0; i < 16; ++i) {
        elf.push_back(static_cast<std::uint8_t>(i));
    }
    put(elf, 0, 4);
    put(elf, 7, 4); // SHT_NOTE
    elf.resize(elf.size() + 16);
    put(elf, 64, 8);
    put(elf, 32, 8);
    elf.resize(elf.size() + 24);
    const auto id = rbpf::image::debugBuildId(elf);
    REQUIRE(id);
    CHECK((*id)[15] == 15);
    for (std::size_t size = 0; size < elf.size(); ++size) {
        (void)rbpf::image::debugBuildId({elf.data(), size});
    }
    elf[100] = 1; // no longer SHT_NOTE
    CHECK_FALSE(rbpf::image::debugBuildId(elf));
    CHECK_FALSE(rbpf::image::debugBuildId({}));
}
