// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/image/bindings.hpp"
#include "sdk/language/binding_help.hpp"

using namespace rbpf::language;

TEST_CASE("a binding reads as in a header, with what it does") {
    const auto help = bindingHelp("bpf_saul_reg_read");
    REQUIRE(help);
    CHECK(help->signature.label == "int bpf_saul_reg_read(bpf_saul_reg_t *device, phydat_t *reading)");
    CHECK(help->signature.documentation == "Reads a device. The number of values read, negative on failure.");
    CHECK(help->detail == "int (bpf_saul_reg_t *device, phydat_t *reading)");
    REQUIRE(help->signature.parameters.size() == 2);
    const auto [from, to] = help->signature.parameters[1];
    CHECK(help->signature.label.substr(from, to - from) == "phydat_t *reading");
    CHECK(bindingHelp("bpf_now_ms")->signature.label == "uint32_t bpf_now_ms(void)");
    CHECK(bindingHelp("bpf_now_ms")->signature.parameters.empty());
    CHECK(bindingHelp("bpf_printf")->signature.label == "int bpf_printf(const char *format, ...)");
    CHECK(bindingHelp("bpf_saul_reg_find_nth")->detail == "bpf_saul_reg_t *(int position)");
    CHECK_FALSE(bindingHelp("main"));
}

TEST_CASE("every binding has a prototype and says what it does") {
    for (const auto& one : rbpf::image::bindings()) {
        INFO(one.name);
        CHECK_FALSE(one.documentation.empty());
        CHECK(one.parameters.find("RBPF_") == std::string_view::npos);
        CHECK(bindingHelp(one.name)->signature.label.ends_with(')'));
    }
}

TEST_CASE("the function around a place is found") {
    const auto callee = [](std::string_view text) { return callAt(text, text.size()).name; };
    CHECK(callee("int x = f(a, ") == "f");
    CHECK(callee("f(g(1), (2), ") == "f");
    CHECK(callee("f(g(1, ") == "g");
    CHECK(callee("f(\"a ) \\\" ( b\", ") == "f");
    CHECK(callee("f (1") == "f");
    CHECK(callee("f(1); x").empty());
    CHECK(callee("\"").empty());
    CHECK(callee("(").empty());
    CHECK(callee("").empty());
    CHECK(callAt("f(1", 99).name == "f");
    CHECK(callAt("f(g(1, 2), \"a, b\", ", 99).argument == 2);
    CHECK(callAt("f(", 2).argument == 0);
}

TEST_CASE("a misspelt binding gets a fix, other mistakes do not") {
    const std::string text = "bpf_saul_reg_raed(1);\nfoo();\nbpf_xyzzy_quux();\n";
    const auto finding = [](unsigned line, unsigned end) {
        return Finding{rbpf::support::Severity::Error, {"/a.c", line, 1, line, end}, "undeclared", {}};
    };
    std::vector<Finding> findings{finding(1, 18), finding(2, 4), finding(3, 15), finding(9, 99)};
    helpWithBindings(findings, text);
    REQUIRE(findings[0].fixes.size() == 1);
    CHECK(findings[0].fixes[0].title == "change 'bpf_saul_reg_raed' to 'bpf_saul_reg_read'");
    CHECK(findings[0].fixes[0].edits[0].text == "bpf_saul_reg_read");
    CHECK(findings[1].fixes.empty());
    CHECK(findings[2].fixes.empty());
    CHECK(findings[3].fixes.empty());
}
