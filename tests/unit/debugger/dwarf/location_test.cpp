// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/dwarf/elf_sections.hpp"
#include "debugger/dwarf/location.hpp"
#include "debugger/dwarf/model.hpp"
#include "tests/unit/debugger/dwarf/program.hpp"

namespace rbpf::dwarf::test {

namespace {

Value readPlace(const Type* type, const std::vector<std::uint8_t>& bytes, const State& state, std::uint32_t frame = 0) {
    LocationContext context;
    context.address = [](std::uint64_t) { return std::nullopt; };
    context.baseType = [](std::uint64_t offset) -> std::optional<LocationContext::BaseType> {
        return offset == 1 ? std::optional(LocationContext::BaseType{4, true}) : std::nullopt;
    };
    const auto operations = decodeLocation(bytes, context);
    if (!operations) {
        return unavailable(type, Availability::OptimisedOut, operations.error().message);
    }
    auto located = locate(*operations, type->size, {true, {}, frame}, state);
    Value value;
    value.type = type;
    value.availability = located.availability;
    value.reason = located.reason;
    value.parts = located.parts;
    value.bytes = located.bytes;
    load(value, state);
    return value;
}

} // namespace

TEST_CASE("stack slots that clang counts from the low end of the frame are found below r10") {
    FakeState state;
    state.registers[10] = state.base + 64;
    state.memory[64 - 16 + 4] = 42; // [r10 - 12]
    const Type* type = builtin(Builtin::Int);
    CHECK(numberOf(readPlace(type, {0x91, 4}, state, 16)) == 42);    // fbreg +4
    CHECK(numberOf(readPlace(type, {0x91, 0x74}, state, 16)) == 42); // fbreg -12: already right
    CHECK(numberOf(readPlace(type, {0x7a, 4}, state, 16)) == 42);    // breg10 +4
    const auto place = readPlace(type, {0x91, 4}, state, 16);
    CHECK(place.address() == state.base + 52);
    CHECK(place.editable());
}

TEST_CASE("files of our own compiler count stack slots from r10, and say so") {
    for (const auto optimise : {compile::Optimise::Debug, compile::Optimise::Size}) {
        const Program program(R"(
static void (*const use)(void *, void *) = (void *)0x20;
int entry(int *v) { char big[96]; int small = *v; use(big, &small); return small + big[95]; }
)",
                              optimise);
        for (const char* name : {"big", "small"}) {
            const auto function = program.info.functionAt(0);
            REQUIRE(function.has_value());
            bool onStack = false;
            for (auto pc = function->range.low; pc < function->range.high; pc += 8) {
                const auto variable = program.info.findVariable(name, pc);
                REQUIRE(variable.has_value());
                for (const auto& location : variable->definition->locations) {
                    const auto& first = location.operations.at(0);
                    const bool frame = first.code == 0x91 || first.code == 0x7a; // fbreg, breg10
                    onStack = onStack || frame;
                    CHECK((!frame || (first.a < 0 && first.a >= -std::int64_t{function->frameBytes})));
                }
            }
            CHECK(onStack);
        }
        FakeState state;
        state.registers[10] = state.base + 128;
        const auto behind = locate(std::vector<Operation>{{0x91, 0, 0, {}}}, 4, {true, {}, 16, false}, state);
        REQUIRE(behind.parts.size() == 1);
        CHECK(behind.parts[0].address == state.base + 128);
        // The linker keeps the frames' sizes where tools for other targets look for them.
        CHECK(readSections(program.elf)->contains(".stack_sizes"));
    }
}

TEST_CASE("values in registers, constants and computed ones") {
    FakeState state;
    state.registers[3] = 0xffffffff00000007;
    CHECK(numberOf(readPlace(builtin(Builtin::Int), {0x53}, state)) == 7);                 // reg3
    CHECK(numberOf(readPlace(builtin(Builtin::Int), {0x11, 0x7f, 0x9f}, state)) == ~0ull); // consts -1
    CHECK(numberOf(readPlace(builtin(Builtin::Long), {0x73, 1, 0x31, 0x24, 0x9f}, state)) ==
          0xfffffffe00000010);                                                                   // (r3 + 1) << 1
    CHECK(numberOf(readPlace(builtin(Builtin::Short), {0x9e, 2, 0x34, 0x12}, state)) == 0x1234); // implicit_value
    CHECK(numberOf(readPlace(builtin(Builtin::Long), {0x73, 0, 0xa8, 1, 0x9f}, state)) == 7);    // convert to int
    const auto wide = readPlace(builtin(Builtin::Long), {0x55}, state);
    CHECK(wide.availability == Availability::Unreadable);
    CHECK(wide.reason == "r5 is not known in this frame");
}

TEST_CASE("an object in pieces shows the pieces there are") {
    FakeState state;
    state.registers[1] = 0x11;
    Type pair;
    pair.kind = TypeKind::Struct;
    pair.size = 8;
    pair.members = {{"a", builtin(Builtin::Int), 0, 0, 0}, {"b", builtin(Builtin::Int), 4, 0, 0}};
    const auto value = readPlace(&pair, {0x51, 0x93, 4, 0x93, 4}, state); // reg1 piece 4, nothing piece 4
    CHECK(value.available());
    CHECK(render(value, state) == "{a = 17, b = <optimised out>}");
    CHECK_FALSE(value.editable());
    auto part = memberOf(value, pair.members[0], state);
    REQUIRE(part.editable());
    REQUIRE(store(part, std::vector<std::uint8_t>{5, 0, 0, 0}, state).has_value());
    CHECK(state.registers[1] == 5);
    CHECK(memberOf(value, pair.members[1], state).availability == Availability::OptimisedOut);
}

TEST_CASE("the value at a function's start is asked of the caller's history") {
    struct WithEntry : FakeState {
        std::optional<std::uint64_t> entryRegister(unsigned number) const override { return number == 2 ? 9 : 0; }
    };
    const FakeState plainState;
    const WithEntry history;
    const std::vector<std::uint8_t> bytes = {0xa3, 1, 0x52, 0x9f};
    CHECK(numberOf(readPlace(builtin(Builtin::Int), bytes, history)) == 9);
    const auto without = readPlace(builtin(Builtin::Int), bytes, plainState);
    CHECK(without.availability == Availability::OptimisedOut);
    CHECK_THAT(without.reason, Catch::Contains("r2"));
}

TEST_CASE("location expressions that make no sense are refused, whatever they hold") {
    FakeState state;
    state.registers[10] = state.base;
    const std::vector<std::vector<std::uint8_t>> bad = {
        {0x22},                         // plus on an empty stack
        {0x30, 0x30, 0x1b, 0x9f},       // 0 / 0
        {0x30, 0x30, 0x1d, 0x9f},       // 0 % 0
        {0x91},                         // no operand
        {0x9e, 0xff, 0xff, 0xff, 0x7f}, // a block longer than the expression
        {0x15, 9},                      // pick from nothing
        {0xa3, 1, 0x22},                // entry value of something odd
        {0xa8, 2},                      // unknown type
        {0xe0},                         // unknown operation
        {0x28, 0, 0},                   // a jump
        {0x30, 0x06},                   // null dereferenced
    };
    for (const auto& bytes : bad) {
        const auto value = readPlace(builtin(Builtin::Int), bytes, state);
        CHECK_FALSE(value.available());
        CHECK_FALSE(value.reason.empty());
    }
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; ++second) {
            static_cast<void>(
                readPlace(builtin(Builtin::Long),
                          {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second), 0x30, 0x9f}, state));
        }
    }
}

} // namespace rbpf::dwarf::test
