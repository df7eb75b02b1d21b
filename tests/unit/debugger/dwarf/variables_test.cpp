// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/unit/debugger/dwarf/program.hpp"

namespace rbpf::dwarf::test {

namespace {

const std::string kData = R"(
typedef struct { short val[3]; unsigned char unit; signed char scale; } phydat_t;
enum mode { Off, Slow = 2, Fast = 4 };
struct bits { unsigned ready : 1; int level : 5; unsigned long long stamp : 40; };
struct node { struct node *next; union { int number; char bytes[4]; }; };

const char *title = "sensor";
char buffer[8] = "abc";
static enum mode mode = Slow;
struct bits bits = {1, -3, 123456789012ull};
int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
struct node second = {0, {77}};
struct node first = {&second, {1}};
unsigned char zeroes[64];
static int calls;
_Bool flag = 1;

static __attribute__((noinline)) int work(phydat_t *reading, int factor) {
    volatile int result = reading->val[0] * factor;
    calls++;
    return result + reading->unit - 2;
}

int entry(unsigned char *context) {
    phydat_t reading = {{2150, 0, 0}, 2, -2};
    volatile long wide = -5;
    volatile int outer = 1;
    {
        volatile int outer = 2;
        static int kept = 9;
        kept += outer;
        wide += kept;
    }
    mode = Fast;
    reading.val[1] = context[0];
    int answer = work(&reading, outer + 1);
    zeroes[0] = (unsigned char)(answer + bits.level + matrix[1][2]);
    flag = buffer[0] != 0 && first.next->number == 77;
    return answer + title[0] + (int)wide + context[1];
}
)";

} // namespace

TEST_CASE("at a breakpoint the locals hold what the program put there") {
    const Program program(kData);
    Run run(program);
    REQUIRE(run.to(program.address("int answer = work")));
    CHECK(run.show("reading") == "{val = {2150, 1, 0}, unit = 2, scale = -2}");
    CHECK(run.show("wide") == "6");
    CHECK(run.show("outer") == "1");
    CHECK(run.show("mode") == "Fast");
}

TEST_CASE("in an inner block the inner variable hides the outer one") {
    const Program program(kData);
    Run run(program);
    REQUIRE(run.to(program.address("wide += kept")));
    CHECK(run.show("outer") == "2");
    CHECK(run.show("kept") == "11");
    const auto variables = program.info.variablesAt(run.pc());
    const auto outers = std::ranges::count(variables, "outer", &Variable::name);
    CHECK(outers == 2);
    const auto hidden = std::ranges::find_if(variables, [](const auto& v) { return v.shadowed; });
    REQUIRE(hidden != variables.end());
    CHECK(render(program.info.read(*hidden, run.pc(), run), run) == "1");
    const auto kept = std::ranges::find(variables, "kept", &Variable::name);
    REQUIRE(kept != variables.end());
    CHECK(kept->kind == VariableKind::Static);
}

TEST_CASE("parameters come before locals and read right in a called function") {
    const Program program(kData);
    Run run(program);
    REQUIRE(run.to(program.info.placesOf("work").at(0).address));
    CHECK(run.show("*reading") == "{val = {2150, 1, 0}, unit = 2, scale = -2}");
    CHECK(run.show("reading->val[0] * factor") == "4300");
    REQUIRE(run.to(program.address("calls++")));
    const auto variables = program.info.variablesAt(run.pc());
    REQUIRE(variables.size() == 3);
    CHECK(variables[0].name == "reading");
    CHECK(variables[0].kind == VariableKind::Parameter);
    CHECK(variables[2].name == "result");
    CHECK(run.show("result") == "4300");
}

TEST_CASE("globals and file-static variables have their values and addresses") {
    const Program program(kData);
    Run run(program);
    REQUIRE(run.to(program.address("int answer = work")));
    CHECK(run.show("bits") == "{ready = 1, level = -3, stamp = 123456789012}");
    CHECK(run.show("matrix") == "{{1, 2, 3}, {4, 5, 6}}");
    CHECK(run.show("buffer") == "\"abc\"");
    CHECK(run.show("zeroes") == "{0 <64 times>}");
    CHECK(run.show("flag") == "true");
    CHECK(run.show("first.next->number") == "77");
    CHECK(run.show("&second == first.next") == "1");
    CHECK(run.show("title").ends_with(" \"sensor\""));
    CHECK(run.show("title").starts_with("0x20000"));
    const auto globals = program.info.globals();
    CHECK(std::ranges::is_sorted(globals, {}, &Variable::name));
    CHECK(std::ranges::find(globals, "calls", &Variable::name) != globals.end());
}

TEST_CASE("optimised code never shows a wrong value of a result the run confirms") {
    const Program program(kData, compile::Optimise::Size);
    Run run(program);
    unsigned seen = 0;
    do {
        const auto frames = program.info.framesAt(run.pc());
        for (std::size_t frame = 0; frame < frames.size(); ++frame) {
            for (const auto& variable : program.info.variablesAt(run.pc(), frame)) {
                const auto value = program.info.read(variable, run.pc(), run);
                if (!value.available()) {
                    CHECK_FALSE(value.reason.empty());
                } else if (variable.name == "answer") {
                    CHECK(render(value, run) == "4300");
                    ++seen;
                } else if (variable.name == "factor") {
                    CHECK(render(value, run) == "2");
                    ++seen;
                }
            }
        }
    } while (run.step());
    CHECK(seen > 0);
}

TEST_CASE("a variable outside of its location list is optimised out, with the reason") {
    const Program program(kData, compile::Optimise::Size);
    Run run(program);
    bool found = false;
    do {
        for (const auto& variable : program.info.variablesAt(run.pc())) {
            const auto value = program.info.read(variable, run.pc(), run);
            if (value.availability == Availability::OptimisedOut) {
                found = true;
                CHECK(render(value, run) == "<optimised out>");
                const auto used = run.show(variable.name + " + 1");
                CHECK_THAT(used, Catch::Contains("optimised out"));
            }
        }
    } while (run.step());
    CHECK(found);
}

TEST_CASE("setting a variable changes what the program computes") {
    const Program program(kData);
    Run run(program);
    REQUIRE(run.to(program.address("int answer = work")));
    CHECK(run.show("reading.val[0] = 10") == "10");
    CHECK(run.show("outer += 2") == "3");
    CHECK(run.show("bits.level = -16") == "-16");
    CHECK(run.show("bits") == "{ready = 1, level = -16, stamp = 123456789012}");
    REQUIRE(run.to(program.address("calls++")));
    CHECK(run.show("result") == "40");
    CHECK_THAT(run.show("title[0] = 'x'"), Catch::Contains("cannot be written"));
}

TEST_CASE("children unfold structs, arrays and pointers, and their expressions evaluate to them") {
    const Program program(kData);
    Run run(program);
    REQUIRE(run.to(program.address("int answer = work")));
    const ExpressionScope scope{program.info, run.pc(), 0, run};
    for (const std::string name : {"reading", "matrix", "first", "bits", "title", "first.next", "matrix[1]"}) {
        const auto value = evaluate(name, scope);
        REQUIRE(value.has_value());
        const auto rows = children(*value, name, run, 0, 100);
        CHECK(rows.size() == childCount(*value));
        CHECK_FALSE(rows.empty());
        for (const auto& row : rows) {
            if (!row.name.empty()) {
                CHECK(run.show(row.expression) == render(row.value, run));
            }
            for (const auto& inner : children(row.value, row.expression, run, 0, 100)) {
                if (!inner.name.empty()) {
                    CHECK(run.show(inner.expression) == render(inner.value, run));
                }
            }
        }
    }
    const auto matrix = children(*evaluate("matrix", scope), "matrix", run, 1, 1);
    REQUIRE(matrix.size() == 1);
    CHECK(matrix[0].name == "[1]");
    CHECK(matrix[0].value.editable());
}

TEST_CASE("types are named as C writes them") {
    const Program program(kData);
    const auto name = [&](const char* variable) {
        return typeName(program.info.findVariable(variable, program.address("int answer"), 0)->type);
    };
    CHECK(name("title") == "const char *");
    CHECK(name("matrix") == "int[2][3]");
    CHECK(name("reading") == "phydat_t");
    CHECK(name("first") == "struct node");
    CHECK(name("mode") == "enum mode");
    CHECK(program.info.findType("phydat_t")->size == 8);
    CHECK(program.info.findType("struct node")->size == 16);
    CHECK(program.info.findType("long unsigned int")->size == 8);
    CHECK(program.info.findType("unsigned unsigned") == nullptr);
    CHECK(program.info.findEnumerator("Fast")->value == 4);
}

} // namespace rbpf::dwarf::test
