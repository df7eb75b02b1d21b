// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <catch2/catch.hpp>

#include "sdk/analyse/diff.hpp"

using namespace rbpf::analyse;
namespace image = rbpf::image;
using Kind = FunctionChange::Kind;

namespace {

FunctionSize function(const std::string& name, std::uint32_t instructions, std::uint32_t frame, std::vector<LineSize> lines) {
    return {name, "a.c", 1, 0, instructions * 8, instructions, frame, 0, std::move(lines)};
}

SizeReport reportOf(std::vector<FunctionSize> functions) {
    SizeReport report;
    for (const FunctionSize& one : functions) {
        report.text += one.bytes;
        report.instructions += one.instructions;
    }
    report.functions = std::move(functions);
    return report;
}

image::Image withRodata(const std::string& rodata) {
    image::Image image;
    image.bytes.assign(rodata.begin(), rodata.end());
    image.rodataBytes = static_cast<std::uint32_t>(rodata.size());
    return image;
}

bool tells(const SizeDiff& diff, const std::string& words) {
    return std::ranges::any_of(diff.reasons, [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

} // namespace

TEST_CASE("functions are new, gone, inlined or changed, and equal ones are not told") {
    const image::Image none;
    const auto before = reportOf({function("same", 3, 0, {}), function("small", 2, 0, {{"a.c", 9, 16, 2}}),
                                  function("old", 4, 0, {}), function("main", 5, 8, {{"a.c", 2, 8, 1}})});
    const auto now = reportOf({function("same", 3, 0, {}), function("main", 9, 24, {{"a.c", 2, 8, 1}, {"a.c", 9, 16, 2}}),
                               function("fresh", 6, 0, {})});
    const auto result = diff({before, none, {}}, {now, none, {}});
    const auto named = [&](const std::string& name) {
        return *std::ranges::find(result.functions, name, &FunctionChange::name);
    };
    CHECK(result.functions.size() == 4);
    CHECK(named("fresh").kind == Kind::New);
    CHECK(named("old").kind == Kind::Gone);
    CHECK(named("old").inlinedInto.empty());
    CHECK(named("small").inlinedInto == std::vector<std::string>{"main"});
    CHECK(named("main").bytes.by() == 32);
    CHECK(tells(result, "small (16 B) is inlined into main now"));
    CHECK(tells(result, "main's stack frame grew by 16 B (8 to 24)"));
    CHECK(tells(result, "main grew by 32 B; instructions at a.c:9 +2"));
}

TEST_CASE("a line that only moved is no difference") {
    const image::Image none;
    const auto before = reportOf({function("main", 4, 0, {{"a.c", 2, 32, 4}})});
    const auto now = reportOf({function("main", 5, 0, {{"a.c", 7, 32, 4}, {"a.c", 8, 8, 1}})});
    const auto result = diff({before, none, [](const std::string&, unsigned) { return std::string("  x = 1;"); }},
                             {now, none, [](const std::string&, unsigned line) { return std::string(line == 7 ? "x = 1;" : "y;"); }});
    REQUIRE(result.functions.size() == 1);
    REQUIRE(result.functions[0].lines.size() == 1);
    CHECK(result.functions[0].lines[0].line == 8);
    CHECK(result.functions[0].lines[0].text == "y;");
}

TEST_CASE("strings that came and went are told") {
    const auto before = reportOf({});
    const auto result = diff({before, withRodata(std::string("gone\0kept\0", 10)), {}},
                             {before, withRodata(std::string("kept\0new one\0", 13)), {}});
    CHECK(result.addedStrings == std::vector<std::string>{"new one"});
    CHECK(result.removedStrings == std::vector<std::string>{"gone"});
    CHECK(diffText(diff({before, {}, {}}, {before, {}, {}})) == "nothing changed in size\n");
}

TEST_CASE("markdown cannot be broken out of by a name") {
    const image::Image none;
    const auto before = reportOf({});
    const auto now = reportOf({function("a|b](http://x)<img>@all\n# c", 2, 0, {})});
    const std::string text = diffMarkdown(diff({before, none, {}}, {now, none, {}}), "t");
    CHECK(text.find("a\\|b\\]\\(http") != std::string::npos);
    CHECK(text.find("<img>") == std::string::npos);
    CHECK(text.find("@all") == std::string::npos);
    CHECK(text.find("\n# c") == std::string::npos);
}
