// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/source_limits.hpp"

using namespace rbpf::analyse;

namespace {
std::vector<std::pair<unsigned, std::uint64_t>> found(const char* text) {
    std::vector<std::pair<unsigned, std::uint64_t>> list;
    for (const TurnLimit& limit : limitsInSource(text, "a.c")) {
        CHECK(limit.file == "a.c");
        list.emplace_back(limit.line, limit.turns);
    }
    return list;
}
using List = std::vector<std::pair<unsigned, std::uint64_t>>;
} // namespace

TEST_CASE("a limit stands on the loop's line or on one of its own before it") {
    CHECK(found("RBPF_LOOP_BOUND(64) while (x) {\n") == List{{1, 64}});
    CHECK(found("int a;\n\n  RBPF_LOOP_BOUND( 0x10u );\n\n  // why\n  for (;;) {\n  }\n") == List{{6, 16}});
    CHECK(found("do {\n} RBPF_LOOP_BOUND(3) while (x);\n") == List{{2, 3}});
}

TEST_CASE("what is no limit is none") {
    CHECK(found("// RBPF_LOOP_BOUND(64)\nwhile (x) {\n").empty());
    CHECK(found("#define RBPF_LOOP_BOUND(turns)\nwhile (x) {\n").empty());
    CHECK(found("RBPF_LOOP_BOUND(N)\nwhile (x) {\n").empty());
    CHECK(found("RBPF_LOOP_BOUND(99999999999999999999)\nfor (;;)").empty());
    CHECK(found("RBPF_LOOP_BOUND(\nRBPF_LOOP_BOUND").empty());
    CHECK(found("").empty());
}
