// SPDX-License-Identifier: GPL-3.0-or-later
// What the walk before LLVM refuses, one damage each, and that it accepts what our own compiler writes.
#include <catch2/catch.hpp>

#include <random>

#include "debugger/dwarf/elf_sections.hpp"
#include "debugger/dwarf/info_walk.hpp"
#include "tests/unit/debugger/dwarf/program.hpp"

namespace rbpf::dwarf::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// 1: compile unit with children, a name in place; 2: base type, a size; 3: pointer, a reference of four bytes.
const Bytes kAbbreviations = {1,    0x11, 1, 0x03, 0x08, 0, 0,    2,    0x24, 0, 0x0b,
                              0x0b, 0,    0, 3,    0x0f, 0, 0x49, 0x13, 0,    0, 0};

Bytes unit(const Bytes& entries) {
    Bytes result = {static_cast<std::uint8_t>(entries.size() + 8), 0, 0, 0, 5, 0, 1, 8, 0, 0, 0, 0};
    result.insert(result.end(), entries.begin(), entries.end());
    return result;
}

/// The root at 12, the base type at 15, the pointer at 17.
const Bytes kSound = unit({1, 'a', 0, 2, 4, 3, 15, 0, 0, 0, 0});

std::string whyWith(std::size_t at, std::uint8_t value) {
    auto info = kSound;
    info.at(at) = value;
    return whyUnsound(info, kAbbreviations);
}

} // namespace

TEST_CASE("debug information is sound when every entry, reference and unit ends where it should") {
    CHECK(whyUnsound(kSound, kAbbreviations).empty());
    CHECK(whyUnsound({}, {}).empty());
    auto twice = kSound;
    twice.insert(twice.end(), kSound.begin(), kSound.end());
    CHECK(whyUnsound(twice, kAbbreviations).empty());
    const Program program("\nint entry(int *v) { return *v; }\n");
    const auto sections = readSections(program.elf);
    REQUIRE(sections.has_value());
    CHECK(whyUnsound(sections->at(".debug_info"), sections->at(".debug_abbrev")).empty());
}

TEST_CASE("units that are not compile units of DWARF 5, or longer than their section, are refused") {
    CHECK_THAT(whyWith(0, 200), Catch::Contains("runs past the end of its section"));
    CHECK_THAT(whyWith(0, 3), Catch::Contains("runs past the end of its section"));
    CHECK_THAT(whyWith(4, 4), Catch::Contains("DWARF 5"));
    CHECK_THAT(whyWith(6, 2), Catch::Contains("DWARF 5"));
    CHECK_THAT(whyWith(7, 4), Catch::Contains("DWARF 5"));
    CHECK_THAT(whyWith(8, 1), Catch::Contains("abbreviations"));
    CHECK_THAT(whyWith(8, 99), Catch::Contains("abbreviations"));
}

TEST_CASE("entries that leave their unit, are not declared or lack their end are refused") {
    CHECK_THAT(whyWith(12, 0), Catch::Contains("no entry"));
    CHECK_THAT(whyWith(12, 2), Catch::Contains("not declared"));
    CHECK_THAT(whyWith(15, 1), Catch::Contains("not declared"));
    CHECK_THAT(whyWith(15, 9), Catch::Contains("not declared"));
    CHECK_THAT(whyWith(15, 0), Catch::Contains("behind its last entry"));
    CHECK_THAT(whyUnsound(unit({1, 'a', 0, 2, 4}), kAbbreviations), Catch::Contains("does not end"));
    CHECK_THAT(whyUnsound(unit({1, 'a', 0, 3, 15, 0}), kAbbreviations), Catch::Contains("past the end of its unit"));
    CHECK_THAT(whyUnsound(unit({1, 'a', 'b'}), kAbbreviations), Catch::Contains("past the end of its unit"));
}

TEST_CASE("a reference to the middle of an entry or to nowhere is refused") {
    CHECK_THAT(whyWith(18, 16), Catch::Contains("leads to no entry"));
    CHECK_THAT(whyWith(19, 1), Catch::Contains("leads to no entry"));
}

TEST_CASE("abbreviations that do not end, are not in order, or lead into other files are refused") {
    const auto whyOf = [](std::size_t at, std::uint8_t value) {
        auto abbreviations = kAbbreviations;
        abbreviations.at(at) = value;
        return whyUnsound(kSound, abbreviations);
    };
    CHECK_THAT(whyOf(kAbbreviations.size() - 1, 7), Catch::Contains("abbreviations"));
    CHECK_THAT(whyOf(7, 4), Catch::Contains("abbreviations"));
    CHECK_THAT(whyOf(2, 2), Catch::Contains("abbreviations"));
    CHECK_THAT(whyOf(3, 0x76), Catch::Contains("abbreviations")); // DW_AT_dwo_name
    CHECK_THAT(whyOf(4, 0x16), Catch::Contains("form"));          // DW_FORM_indirect
}

TEST_CASE("a file whose debug information is unsound opens empty and says why") {
    auto elf = Program("\nint entry(int *v) { return *v; }\n").elf;
    const auto info = readSections(elf)->at(".debug_info");
    elf[static_cast<std::size_t>(info.data() - elf.data())] ^= 0x40; // the unit's length
    const auto opened = DebugInfo::open(elf);
    REQUIRE(opened.has_value());
    CHECK(opened->empty());
    REQUIRE(opened->problems().size() == 1);
    CHECK_THAT(opened->problems().front(), Catch::Contains("damaged: a unit"));
}

} // namespace rbpf::dwarf::test
