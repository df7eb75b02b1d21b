// SPDX-License-Identifier: GPL-3.0-or-later
// Debug files come from disk: whatever is in them, opening and asking ends, with an Error or with less to tell.
#include <catch2/catch.hpp>

#include <random>

#include "debugger/dwarf/elf_sections.hpp"
#include "tests/unit/debugger/dwarf/program.hpp"

namespace rbpf::dwarf::test {

namespace {

const std::string kSource = R"(
typedef struct { short val[3]; unsigned unit : 4; } reading_t;
struct list { struct list *next; reading_t reading; union { int a; char b[4]; }; };
enum mode { Off, On };
static enum mode mode = On;
struct list list;
static inline int twice(int x) { return x * 2 + mode; }
int entry(struct list *context) {
    int sum = 0;
    for (int i = 0; i < 3; i++) { sum += twice(context->reading.val[i]); }
    list.a = sum;
    return sum;
}
)";

/// Changes 1 to 8 bytes of [first, first + size), most by one bit.
void damage(std::vector<std::uint8_t>& bytes, std::mt19937& random, std::size_t first, std::size_t size) {
    for (unsigned count = 1 + random() % 8; count > 0; --count) {
        auto& byte = bytes[first + random() % size];
        byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : byte ^ 1U << random() % 8);
    }
}

/// Asks every question once.
void askAll(const std::vector<std::uint8_t>& elf) {
    const auto info = DebugInfo::open(elf);
    if (!info) {
        CHECK_FALSE(info.error().message.empty());
        return;
    }
    FakeState state;
    state.registers.fill(state.base + 128);
    for (const auto& file : info->files()) {
        const auto lines = info->linesWithCode(file);
        if (!lines.empty()) {
            static_cast<void>(info->placesOfLine(file, lines.front()));
        }
    }
    for (const auto& function : info->functions()) {
        static_cast<void>(info->placesOf(function.name));
    }
    for (std::uint32_t pc = 0; pc < 400; pc += 24) {
        const auto frames = info->framesAt(pc);
        for (std::size_t frame = 0; frame < frames.size(); ++frame) {
            static_cast<void>(info->stepRanges(pc, frame));
            for (const auto& variable : info->variablesAt(pc, frame)) {
                const auto value = info->read(variable, pc, state);
                static_cast<void>(typeName(value.type));
                static_cast<void>(render(value, state));
                static_cast<void>(children(value, variable.name, state, 0, 4));
            }
        }
    }
    for (const auto& variable : info->globals()) {
        static_cast<void>(render(info->read(variable, 0, state), state));
    }
    static_cast<void>(evaluate("list.next->reading.val[1] + twice", {*info, 0, 0, state}));
}

} // namespace

TEST_CASE("a file that is not a BPF ELF is an error that says so") {
    CHECK_FALSE(DebugInfo::open({}).has_value());
    const std::vector<std::uint8_t> text(100, 'x');
    CHECK_FALSE(DebugInfo::open(text).has_value());
    auto elf = Program(kSource).elf;
    elf[18] = 62; // x86-64
    const auto foreign = DebugInfo::open(elf);
    REQUIRE_FALSE(foreign.has_value());
    CHECK_THAT(foreign.error().message, Catch::Contains("not a BPF program"));
}

TEST_CASE("a stripped file opens empty") {
    const Program program(kSource);
    auto elf = program.elf;
    // Renaming the sections is what stripping comes to.
    for (std::size_t i = 0; i + 7 < elf.size(); ++i) {
        if (std::equal(elf.begin() + static_cast<std::ptrdiff_t>(i), elf.begin() + static_cast<std::ptrdiff_t>(i) + 7,
                       ".debug_")) {
            elf[i + 1] = 'x';
        }
    }
    const auto info = DebugInfo::open(elf);
    REQUIRE(info.has_value());
    CHECK(info->empty());
}

TEST_CASE("truncated files end in an error or with less to tell") {
    const auto elf = Program(kSource).elf;
    for (std::size_t size = 0; size < elf.size(); size += 61) {
        askAll({elf.begin(), elf.begin() + static_cast<std::ptrdiff_t>(size)});
    }
}

TEST_CASE("flipped bits and bytes anywhere never crash it") {
    const auto elf = Program(kSource, compile::Optimise::Size).elf;
    std::mt19937 random(20261120); // fixed: a failure can be repeated
    for (unsigned round = 0; round < 10000; ++round) {
        auto damaged = elf;
        damage(damaged, random, 0, damaged.size());
        INFO("round " << round);
        askAll(damaged);
    }
}

TEST_CASE("damage in any one section of the debug information never crashes it") {
    // Small sections decide most; flips anywhere seldom meet them.
    const auto elf = Program(kSource, compile::Optimise::Size).elf;
    const auto sections = readSections(elf);
    REQUIRE(sections.has_value());
    std::mt19937 random(20261121);
    for (const auto& [name, bytes] : *sections) {
        if (!name.starts_with(".debug_") && name != ".stack_sizes") {
            continue;
        }
        for (unsigned round = 0; round < 1000; ++round) {
            auto damaged = elf;
            damage(damaged, random, static_cast<std::size_t>(bytes.data() - elf.data()), bytes.size());
            INFO(name << ", round " << round);
            askAll(damaged);
        }
    }
}

} // namespace rbpf::dwarf::test
