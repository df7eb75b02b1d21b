// SPDX-License-Identifier: GPL-3.0-or-later
// What the analyser says of scripts that were really compiled: why code is in, what is not, what could be cheaper.
#include <algorithm>
#include <catch2/catch.hpp>

#include "debugger/dwarf/lines.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/analyse/mix.hpp"
#include "sdk/analyse/reached.hpp"
#include "sdk/project/build.hpp"
#include "sdk/project/templates.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf;
using rbpf::testing::Folder;

namespace {

std::vector<image::SourcePlace> placesOf(const std::vector<std::uint8_t>& debugElf) {
    std::vector<image::SourcePlace> places;
    const auto lines = dwarf::readLines(debugElf);
    for (const dwarf::SourceLine& line : lines.value()) {
        places.push_back({line.file, line.line});
    }
    return places;
}

struct Analysed {
    project::BuildResult built;
    std::vector<analyse::PlacedCode> code;

    explicit Analysed(const std::filesystem::path& folder) {
        project::BuildOptions options;
        options.places = placesOf;
        auto result = project::build(folder, options);
        REQUIRE(result);
        for (const auto& diagnostic : result->diagnostics) {
            UNSCOPED_INFO(diagnostic.range.line << ": " << diagnostic.message);
        }
        REQUIRE(result->ok);
        built = std::move(*result);
        code = analyse::placedCode(built.image, built.places);
    }
    [[nodiscard]] const std::vector<support::Diagnostic>& hints() const { return built.size.hints; }
    [[nodiscard]] bool isHinted(unsigned line, const std::string& words) const {
        return std::ranges::any_of(hints(), [&](const support::Diagnostic& one) {
            return one.range.line == line && one.message.find(words) != std::string::npos && !one.hint.empty();
        });
    }
};

struct Script : Folder {
    explicit Script(const std::string& source, const std::string& config = R"({"name":"one"})") {
        write("rbpf.json", config);
        write("src/main.c", "#include <rbpf/rbpf.h>\n#include <string.h>\n" + source);
    }
};

} // namespace

TEST_CASE("a library function says who calls it, from which line") {
    const Script script("int one(const char *text)\n{\n    int n = strlen(text);\n    return n + strlen(text + 1);\n}\n");
    const Analysed analysed(script.path());
    const auto uses = analyse::libraryUses(analysed.built.image, analysed.built.size, analysed.code);
    REQUIRE(uses.size() == 1);
    CHECK(uses[0].name == "strlen");
    CHECK(uses[0].bytes == 64);
    REQUIRE(uses[0].callers.size() == 2);
    CHECK(uses[0].callers[0].function == "one");
    CHECK(uses[0].callers[0].place.file == "src/main.c");
    CHECK(uses[0].callers[0].place.line == 5);
    CHECK(uses[0].callers[1].place.line == 6);
}

TEST_CASE("what no entry reaches and what went into its callers is told apart, also after a build that had nothing to do") {
    const Script script("int lonely(int a)\n{\n    return a * 3;\n}\nstatic int helper(int a)\n{\n    return a + 1;\n}\n"
                        "SEC(\"event/x\")\nint one(int *numbers)\n{\n    return helper(*numbers);\n}\n");
    for (int time = 0; time < 2; ++time) {
        const Analysed analysed(script.path());
        CHECK(analysed.built.upToDate == (time == 1));
        const auto unseen = analyse::unseenFunctions(analysed.built.size, analysed.built.defined, analysed.code);
        for (const auto& one : unseen) {
            UNSCOPED_INFO(one.function.name << ' ' << one.function.file << ':' << one.function.line);
        }
        REQUIRE(unseen.size() == 2);
        CHECK(unseen[0].function.name == "lonely");
        CHECK(unseen[0].function.line == 3);
        CHECK_FALSE(unseen[0].isInlined);
        CHECK(unseen[1].function.name == "helper");
        CHECK(unseen[1].isInlined);
    }
}

TEST_CASE("classes of instructions add up, and bindings know who calls them") {
    const Folder folder;
    REQUIRE(project::create("thermostat", folder.path() / "t"));
    const Analysed analysed(folder.path() / "t");
    const analyse::Mix mix = analyse::mixOf(analysed.built.image, analysed.code);
    std::uint32_t sum = 0;
    for (const analyse::ClassCount& one : mix.classes) {
        sum += one.instructions;
    }
    CHECK(sum == analysed.built.size.instructions);
    CHECK(mix.memory.rodataAddresses > 0);
    CHECK(mix.memory.stackAccesses > 0);
    const auto read = std::ranges::find(mix.bindings, "bpf_saul_reg_read", &analyse::BindingUse::name);
    REQUIRE(read != mix.bindings.end());
    CHECK(read->calls.at(0).line > 0);
}

TEST_CASE("the templates have nothing to be warned of") {
    const auto templates = project::templates();
    REQUIRE(templates);
    for (const project::Template& one : *templates) {
        const Folder folder;
        REQUIRE(project::create(one.name, folder.path() / "t"));
        const Analysed analysed(folder.path() / "t");
        for (const support::Diagnostic& hint : analysed.hints()) {
            FAIL_CHECK(one.name << ' ' << hint.range.file << ':' << hint.range.line << ": " << hint.message);
        }
    }
}

TEST_CASE("a division in a loop is pointed at, one outside is not") {
    const Script script("int one(const uint32_t *numbers)\n{\n    uint32_t sum = numbers[0] / numbers[1];\n"
                        "    for (uint32_t i = 0; i < numbers[2]; i++) {\n        sum += numbers[i] / numbers[1];\n    }\n    return sum;\n}\n");
    const Analysed analysed(script.path());
    CHECK(analysed.isHinted(7, "a division in a loop"));
    CHECK_FALSE(analysed.isHinted(5, "division"));
}

TEST_CASE("a text that code builds on the stack is pointed at, numbers are not") {
    const Script script("int one(char *out)\n{\n    char text[] = \"temperature=\";\n    text[0] = out[0];\n    bpf_printf(\"%s\", text);\n"
                        "    volatile uint64_t numbers[2] = {0x0102030405060708, 0x1112131415161718};\n    return numbers[0];\n}\n");
    const Analysed analysed(script.path());
    const auto& hints = analysed.hints();
    REQUIRE(hints.size() == 1);
    CHECK(hints[0].range.line == 5);
    CHECK(hints[0].message.find("a text of 12 letters on the stack") != std::string::npos);
}

TEST_CASE("a budget below the longest run is a warning at the entry") {
    const std::string source = "int one(const int *a)\n{\n    return a[0] * a[1] + a[2];\n}\n";
    CHECK(Analysed(Script(source, R"({"name":"one","budget":3})").path()).isHinted(3, "more than its budget of 3"));
    CHECK(Analysed(Script(source, R"({"name":"one","budget":300})").path()).hints().empty());
}

TEST_CASE("limits of loops count in every build, those of unsaved text and of rbpf.json too") {
    const std::string before = "int one(const uint32_t *a)\n{\n    uint32_t sum = 0;\n";
    const std::string loop = "    for (uint32_t i = 0; i < a[0]; i++) {\n        sum += a[i & 7];\n    }\n    return sum;\n}\n";
    const auto worst = [](const project::BuildResult& built) { return built.size.entries.at(0).worst.kind; };
    const Script plain(before + loop);
    CHECK(worst(Analysed(plain.path()).built) == analyse::WorstCase::Kind::Unbounded);
    CHECK(worst(Analysed(Script(before + "    RBPF_LOOP_BOUND(9)\n" + loop).path()).built) == analyse::WorstCase::Kind::Assumed);
    CHECK(worst(Analysed(Script(before + loop, R"({"name":"one","bounds":{"src/main.c:6":9}})").path()).built) ==
          analyse::WorstCase::Kind::Assumed);

    project::BuildOptions options;
    options.places = placesOf;
    options.write = false;
    options.unsaved[std::filesystem::absolute(plain.path() / "src/main.c")] =
        "#include <rbpf/rbpf.h>\n" + before + "    RBPF_LOOP_BOUND(9)\n" + loop;
    const auto typed = project::build(plain.path(), options);
    REQUIRE(typed);
    REQUIRE(typed->ok);
    CHECK(worst(*typed) == analyse::WorstCase::Kind::Assumed);
}

TEST_CASE("a limit that the code contradicts, and one that is for no loop, are warned of at their lines") {
    const Analysed analysed(Script("int one(const volatile int *a)\n{\n    int sum = 0;\n    RBPF_LOOP_BOUND(3)\n"
                                   "    for (int i = 0; i < 1000; i++) {\n        sum += *a;\n    }\n    RBPF_LOOP_BOUND(4)\n"
                                   "    return sum;\n}\n").path());
    CHECK(analysed.isHinted(7, "is said to take at most 3 turns, but takes 1000"));
    CHECK(analysed.isHinted(11, "the limit of 4 turns is for no loop"));
    CHECK(analysed.hints().size() == 2);
}
