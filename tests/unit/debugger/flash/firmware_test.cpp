// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <filesystem>

#include "debugger/flash/firmware.hpp"
#include "sdk/support/files.hpp"
#include "tests/unit/debugger/flash/tiny_elf.hpp"

using namespace rbpf::flash;
using rbpf::support::ErrorKind;
using rbpf::support::writeAtomically;
using rbpf::test::TinyElf;

namespace {

struct Folder {
    Folder() {
        char name[] = "/tmp/rbpf-firmware-XXXXXX";
        REQUIRE(mkdtemp(name) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

rbpf::support::Result<Firmware> read(const std::vector<std::uint8_t>& bytes, const std::string& name = "f.elf") {
    const Folder folder;
    REQUIRE(writeAtomically(folder.path / name, bytes));
    return readFirmware(folder.path / name);
}

rbpf::support::Result<Firmware> readText(const std::string& text, const std::string& name = "f.hex") {
    return read({text.begin(), text.end()}, name);
}

std::string refusal(const TinyElf& elf, const char* target) {
    const auto firmware = read(elf.build());
    REQUIRE(firmware);
    const auto checked = checkFor(*firmware, *findChip(target));
    return checked ? "" : checked.error().message;
}

} // namespace

TEST_CASE("an ELF is flashed by load addresses, initial values included, headers and zeroes not") {
    const auto firmware = read(TinyElf{}.build());
    REQUIRE(firmware);
    REQUIRE(firmware->parts.size() == 1);
    CHECK(firmware->parts[0].address == 0);
    CHECK(firmware->parts[0].bytes ==
          std::vector<std::uint8_t>{0x00, 0x40, 0x00, 0x20, 0xc1, 0, 0, 0, 1, 2, 3, 4, 0xaa, 0xbb});
    CHECK(firmware->core == Core::CortexM0);
    CHECK(firmware->size() == 14);

    TinyElf stripped;
    stripped.hasSections = false;
    const auto same = read(stripped.build());
    REQUIRE(same);
    CHECK(same->parts[0].bytes == firmware->parts[0].bytes);
    CHECK_FALSE(same->core);
}

TEST_CASE("an ELF for something else, cut short or not linked says so") {
    TinyElf elf;
    elf.machine = 247;
    CHECK(read(elf.build()).error().message.find("it is for BPF (a script, not firmware") != std::string::npos);
    elf = {};
    elf.type = 1;
    CHECK(read(elf.build()).error().message.find("not linked") != std::string::npos);
    const auto whole = TinyElf{}.build();
    for (std::size_t size = 4; size < whole.size(); ++size) {
        const auto cut = read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        if (!cut) {
            CHECK(cut.error().kind == ErrorKind::Usage);
        } else {
            CHECK(cut->size() == 14);
        }
    }
}

TEST_CASE("firmware for another chip is refused before anything is touched") {
    TinyElf elf;
    CHECK(refusal(elf, "nrf51").empty());
    CHECK(refusal(elf, "nrf52840").empty());

    elf.architecture = 13;
    CHECK(refusal(elf, "nrf51").find("compiled for a Cortex-M4, the chip is a Cortex-M0") != std::string::npos);
    CHECK(refusal(elf, "nrf52840").empty());

    elf = {};
    elf.loadAddress = 0x40000 - 13;
    CHECK(refusal(elf, "nrf51").find("it has bytes at 0x0003fff3–0x00040000") != std::string::npos);
    CHECK(refusal(elf, "nrf52840").empty());

    elf = {};
    elf.code[1] = 0x80; // a stack at 32 KB
    CHECK(refusal(elf, "nrf51").find("its stack begins at 0x20008000, but the RAM is 0x20000000–0x20003fff") !=
          std::string::npos);
    elf = {};
    elf.code[4] = 0xc0;
    CHECK(refusal(elf, "nrf51").find("its first instruction") != std::string::npos);

    elf = {};
    elf.loadAddress = 0x20000000;
    CHECK(refusal(elf, "nrf51").find("is not for an nRF51822") != std::string::npos);
}

TEST_CASE("what is written as Intel HEX is read back the same, across 64 KB and at the end of memory") {
    std::vector<Part> parts{{0x0, {1, 2, 3}}, {0xfff8, {}}, {0x10001014, {0xff, 0, 0x10, 0}}, {0xfffffffe, {7, 8}}};
    for (int i = 0; i < 40; ++i) {
        parts[1].bytes.push_back(static_cast<std::uint8_t>(i));
    }
    const auto firmware = readText(toIntelHex(parts));
    REQUIRE(firmware);
    REQUIRE(firmware->parts.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        CHECK(firmware->parts[i].address == parts[i].address);
        CHECK(firmware->parts[i].bytes == parts[i].bytes);
    }
}

TEST_CASE("HEX records of every type are understood, in either line end") {
    const auto firmware = readText(":020000021000EC\r\n:02001000ABCD76\r\n:0400000300001000E9\r\n\r\n:00000001FF\r\n");
    REQUIRE(firmware);
    CHECK(firmware->parts[0].address == 0x10010);
    CHECK(firmware->parts[0].bytes == std::vector<std::uint8_t>{0xab, 0xcd});
}

TEST_CASE("a damaged HEX file is told with its line") {
    const auto message = [](const std::string& text) {
        const auto firmware = readText(text);
        return firmware ? std::string() : firmware.error().message;
    };
    CHECK(message(":02001000ABCD76\n:02001000ABCD77\n").ends_with("f.hex:2: the checksum is wrong"));
    CHECK(message(":02001000AB\n").ends_with("f.hex:1: the record is cut short or too long"));
    CHECK(message(":\n").ends_with(":1: the record is cut short or too long"));
    CHECK(message(":02001000ABCD76\nx\n").ends_with(":2: a record begins with \":\""));
    CHECK(message(":02001000ABCD76\n").find("the record that ends the file is missing") != std::string::npos);
    CHECK(message(":0100000410EB\n:00000001FF\n").ends_with(":1: a base address has two bytes"));
    CHECK(message(":02001000ABCD76\n:02001100ABCD75\n:00000001FF\n").find("0x00000011 is written twice") !=
          std::string::npos);
    CHECK(message(":00000001FF\n").find("nothing in it to flash") != std::string::npos);
}

TEST_CASE("other files are told what they lack") {
    const auto bin = readText("\x01\x02", "f.bin");
    REQUIRE_FALSE(bin);
    CHECK(bin.error().hint.find("does not say where its bytes belong") != std::string::npos);
    CHECK(readText("").error().message.find("neither an ELF nor an Intel HEX file") != std::string::npos);
    const auto missing = readFirmware("/nowhere/at.elf");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::Usage);
    CHECK(missing.error().message == "cannot read /nowhere/at.elf: there is no such file");
}

TEST_CASE("sectors are filled up to their ends, but never over a neighbour") {
    const Chip& chip = *findChip("nrf51");
    const auto filled = wholeSectors({{0, {1}}, {0x3fe, {2}}, {0x800, {3}}, {0x10001014, {4, 4, 4, 4}}}, chip);
    REQUIRE(filled.size() == 4);
    CHECK(filled[0].bytes.size() == 0x3fe);
    CHECK(filled[0].bytes[1] == 0xff);
    CHECK(filled[1].end() == 0x400);
    CHECK(filled[2].end() == 0xc00);
    CHECK(filled[3].end() == 0x10001100);
    CHECK(filled[3].bytes[4] == 0xff);
}

TEST_CASE("every board's chip is one that is known") {
    for (const FlashBoard& board : boards()) {
        CHECK(findChip(board.target) != nullptr);
    }
    CHECK(findBoard("microbit")->target == "nrf51");
    CHECK(findBoard("nothing") == nullptr);
}
