// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/unit/debugger/dwarf/program.hpp"

namespace rbpf::dwarf::test {

namespace {

const std::string kSource = R"(
typedef struct { short x; unsigned char y; } point_t;
struct shape { point_t corner[2]; unsigned kind : 3; struct shape *next; };
enum colour { Red, Green = 7 };
struct shape shape = {{{-1, 2}, {3, 4}}, 5, 0};
unsigned char byte = 200;
signed char small = -3;
short numbers[4] = {10, 20, 30, 40};
enum colour colour = Green;
unsigned long big = 0x8000000000000000ul;
int negative = -8;
int entry(unsigned char *context) {
    shape.next = &shape;
    return shape.kind + byte + small + numbers[context[0]] + colour + (int)big + negative;
}
)";

struct Fixture {
    Program program{kSource};
    Run run{program};
    Fixture() { REQUIRE(run.to(program.address("return shape.kind"))); }
    std::string operator()(const std::string& expression) { return run.show(expression); }
};

} // namespace

TEST_CASE("arithmetic follows C's conversions at every width") {
    Fixture show;
    CHECK(show("1 + 2 * 3 - 4 / 2") == "5");
    CHECK(show("(1 + 2) * 3 % 5") == "4");
    CHECK(show("byte + byte") == "400"); // promoted to int
    CHECK(show("(unsigned char)(byte + byte)") == "144");
    CHECK(show("small * 2") == "-6");
    CHECK(show("small < 1u") == "0"); // -3 becomes unsigned
    CHECK(show("small < 1") == "1");
    CHECK(show("-1 == 0xffffffff") == "1");
    CHECK(show("-1 == 0xffffffffffffffff") == "1");
    CHECK(show("2147483647 + 1") == "-2147483648"); // wraps as the VM does
    CHECK(show("2147483648") == "2147483648");
    CHECK(show("4294967295u + 1") == "0");
    CHECK(show("big >> 63") == "1");
    CHECK(show("(long)big >> 63") == "-1");
    CHECK(show("negative >> 1") == "-4");
    CHECK(show("(unsigned)negative >> 28") == "15");
    CHECK(show("negative / 3") == "-2");
    CHECK(show("negative % 3") == "-2");
    CHECK(show("~0u") == "4294967295");
    CHECK(show("!byte || 0") == "0");
    CHECK(show("-(-3)") == "3");
    CHECK(show("'a' + 1") == "98");
    CHECK(show("0x10 + 010 + 0b11 + 1ULL") == "28");
    CHECK(show("1 << 4 | 1 ^ 3 & 2") == "19");
    CHECK(show("(_Bool)256") == "true");
    CHECK(show("1 ? -1 : 0u") == "4294967295"); // the branch not taken decides the type
    CHECK(show("1 ? 2 : 1 / 0") == "2");
    CHECK(show("0 && 1 / 0") == "0");
    CHECK(show("1 || 1 / 0") == "1");
}

TEST_CASE("members, elements, pointers and casts reach into memory") {
    Fixture show;
    CHECK(show("shape.corner[1].x") == "3");
    CHECK(show("shape.next->next->corner->y") == "2");
    CHECK(show("shape.kind") == "5");
    CHECK(show("(*shape.next).kind + 1") == "6");
    CHECK(show("numbers[2]") == "30");
    CHECK(show("2[numbers]") == "30");
    CHECK(show("*(numbers + 1)") == "20");
    CHECK(show("&numbers[3] - numbers") == "3");
    CHECK(show("*((unsigned char *)&negative)") == "248");
    CHECK(show("*(short (*))numbers") == "column 9: expected \")\" behind the type");
    CHECK(show("((struct shape *)&shape)->corner[0].x") == "-1");
    CHECK(show("(char)65") == "65 'A'");
    CHECK(show("colour") == "Green");
    CHECK(show("colour == Green && Red == 0") == "1");
    CHECK(show("(enum colour)7") == "Green");
    CHECK(show("&shape.corner[0] == &shape") == "1");
    CHECK(show("numbers") == "{10, 20, 30, 40}");
    CHECK(show("entry == 0") == "1"); // the only function: at the start of the text
}

TEST_CASE("sizeof takes types and expressions without evaluating them") {
    Fixture show;
    CHECK(show("sizeof(int)") == "4");
    CHECK(show("sizeof(struct shape)") == "24");
    CHECK(show("sizeof numbers / sizeof numbers[0]") == "4");
    CHECK(show("sizeof(char *)") == "8");
    CHECK(show("sizeof(int[3])") == "12");
    CHECK(show("sizeof *shape.next->next") == "24");
    CHECK(show("sizeof(byte = 7)") == "1");
    CHECK(show("byte") == "200");
    CHECK(show("sizeof(1 / 0)") == "4");
    CHECK_THAT(show("sizeof(shape.kind)"), Catch::Contains("bit-field"));
}

TEST_CASE("registers are 64-bit numbers that can be set") {
    Fixture show;
    CHECK(show("$pc") == std::to_string(show.run.pc()));
    CHECK(show("$r10 >> 28") == "1");
    CHECK(show("$r9 = 5") == "5");
    CHECK(show("$r9 += 37") == "42");
    CHECK(show.run.readRegister(9) == 42);
    CHECK(show("$r11") == "column 1: there is no register $r11: they are $r0 … $r10 and $pc");
}

TEST_CASE("assignments convert as C does, and are known before they are evaluated") {
    Fixture show;
    CHECK(show("byte = 300") == "44");
    CHECK(show("numbers[1] += numbers[0] = 5") == "25");
    CHECK(show("numbers") == "{5, 25, 30, 40}");
    CHECK(show("shape.kind = 9") == "1");
    CHECK(show("shape.corner[0] = shape.corner[1]") == "{x = 3, y = 4}");
    CHECK(show("negative <<= 1") == "-16");
    CHECK(show("1 = 2") == "column 3: this is a result, not a place that can be written to");
    CHECK(show("numbers = 1") == "column 9: short[4] cannot be assigned to as a whole");
    CHECK_FALSE(Expression::parse("byte == 1", show.program.info)->hasSideEffects());
    CHECK_FALSE(Expression::parse("byte <= 1 && byte >= 0 && byte != 3", show.program.info)->hasSideEffects());
    CHECK(Expression::parse("byte = 1", show.program.info)->hasSideEffects());
    CHECK(Expression::parse("(byte >>= 1) && 0", show.program.info)->hasSideEffects());
}

TEST_CASE("mistakes are sentences with their column") {
    Fixture show;
    CHECK(show("") == "column 1: expected an expression, found nothing");
    CHECK(show("1 +") == "column 4: expected a value, found the end");
    CHECK(show("(1") == "column 3: expected \")\", found the end");
    CHECK(show("1 2") == "column 3: expected the end of the expression, found \"2\"");
    CHECK(show("byt") == "column 1: there is no variable byt in scope here: did you mean byte?");
    CHECK(show("entry(1)") == "column 6: functions cannot be called: the script is halted");
    CHECK(show("byte++") == "column 5: ++ is not offered: write += 1");
    CHECK(show("1 / (byte - 200)") == "column 3: division by zero");
    CHECK(show("1 % 0") == "column 3: division by zero");
    CHECK(show("(-2147483647 - 1) / -1") == "column 19: the quotient does not fit into int");
    CHECK(show("1 << 32") == "column 3: a shift by 32 is outside of 0 … 31 for int");
    CHECK(show("1 >> -1") == "column 3: a shift by -1 is outside of 0 … 31 for int");
    CHECK(show("1.5") == "column 1: 1.5 is a floating-point number, which BPF does not have");
    CHECK(show("shape->kind") == "column 8: this is not a pointer: write . instead of ->");
    CHECK(show("shape.next.kind") == "column 12: this is a pointer: write -> instead of .");
    CHECK(show("shape.kinds") == "column 7: struct shape has no member kinds: did you mean kind?");
    CHECK(show("byte.x") == "column 6: unsigned char has no members");
    CHECK(show("*byte") == "column 1: byte is of type unsigned char, not a pointer: nothing to follow");
    CHECK(show("&5") == "column 1: only a variable or other place in memory has an address");
    CHECK(show("&shape.kind") == "column 1: a bit-field has no address");
    CHECK(show("\"text\"") == "column 1: a string literal has no address in the script's memory");
    CHECK(show("'a") == "column 1: the closing ' is missing");
    CHECK(show("1 @ 2") == "column 3: \"@\" has no meaning in an expression");
    CHECK(show("(struct nothing)1") == "column 2: there is no type \"struct nothing\" in the debug information");
    CHECK(show("1, 2") == "column 2: the comma operator is not offered: evaluate one expression at a time");
    CHECK(show("*(int *)0") == "<memory at 0x0 cannot be read>");
    CHECK(show("*(int *)0 + 1") == "column 1: this value is not readable: memory at 0x0 cannot be read");
    CHECK(show("*(void *)$r10") == "column 1: what void * points at has no known type: cast it first");
    CHECK(show("99999999999999999999") == "column 1: 99999999999999999999 does not fit into 64 bits");
}

TEST_CASE("endless nesting and length are refused, not followed") {
    Fixture show;
    CHECK_THAT(show(std::string(5000, '(')), Catch::Contains("nested too deeply"));
    CHECK_THAT(show(std::string(5000, '-') + "1"), Catch::Contains("not offered"));
    std::string minus;
    std::string sum = "1";
    std::string choice;
    for (unsigned i = 0; i < 2000; ++i) {
        minus += "- ";
        sum += "+1";
        choice += "1?";
    }
    CHECK_THAT(show(minus + "1"), Catch::Contains("nested too deeply"));
    CHECK_THAT(show(sum), Catch::Contains("too large"));
    CHECK_THAT(show(choice), Catch::Contains("nested too deeply"));
    CHECK_THAT(show(std::string(20000, ' ')), Catch::Contains("too long"));
    CHECK_THAT(show("(int" + std::string(300, '*') + ")1"), Catch::Contains("nested too deeply"));
}

TEST_CASE("completion offers what is in scope, and members behind dots and arrows") {
    Fixture show;
    const ExpressionScope scope{show.program.info, show.run.pc(), 0, show.run};
    const auto names = [&](const std::string& text) {
        std::vector<std::string> result;
        for (const auto& candidate : complete(text, text.size(), scope).candidates) {
            result.push_back(candidate.text);
        }
        return result;
    };
    using Names = std::vector<std::string>;
    CHECK(names("1 + by") == Names{"byte"});
    CHECK(names("shape.") == Names{"corner", "kind", "next"});
    CHECK(names("shape.ne") == Names{"next"});
    CHECK(names("1 + shape.next->corner[1].") == Names{"x", "y"});
    CHECK(names("(*shape.next).k") == Names{"kind"});
    CHECK(names("((struct shape *)0)->k") == Names{"kind"});
    CHECK(names("$r1") == Names{"r1", "r10"});
    CHECK(names("Gr") == Names{"Green"});
    CHECK(names("(poi") == Names{"point_t"});
    CHECK(names("byte.").empty());
    CHECK(names("1").empty());
    CHECK(names(").").empty());
    CHECK(complete("1 + by", 6, scope).from == 4);
    const auto all = names("");
    CHECK(std::ranges::find(all, "context") != all.end());
    CHECK(std::ranges::find(all, "entry") != all.end());
}

} // namespace rbpf::dwarf::test
