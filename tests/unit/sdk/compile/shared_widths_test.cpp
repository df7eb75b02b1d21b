// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;

namespace {

const std::string kRun = "int run(context_t *context) { return context->last; }\n";

/// "line: message" of the warnings about a context.
std::vector<std::string> told(const std::string& text) {
    const auto output = test::compileText("#include <rbpf/rbpf.h>\n" + text);
    INFO(test::errorsOf(output.diagnostics));
    CHECK(output.ok());
    std::vector<std::string> lines;
    for (const support::Diagnostic& one : output.diagnostics) {
        if (one.message.find("of the context") != std::string::npos) {
            CHECK_FALSE(one.hint.empty());
            CHECK(one.range.file == "/script/a.c");
            lines.push_back(std::to_string(one.range.line) + ": " + one.message.substr(0, one.message.find(" of")));
        }
    }
    return lines;
}

} // namespace

TEST_CASE("members of a context that are narrower in the firmware are told at their line") {
    CHECK(told("typedef struct {\n    char *text;\n    size_t length;\n    long more[2];\n    struct { unsigned long inner; } part;\n    int last;\n} context_t;\n" + kRun) ==
          std::vector<std::string>{"3: `text`", "4: `length`", "5: `more`", "6: `inner`"});
}

TEST_CASE("members that are as wide on both sides are fine, and so are the SDK's own contexts") {
    CHECK(told("typedef struct {\n    RBPF_ADDRESS_OF(uint8_t) data;\n    uint64_t wide;\n    long long wider;\n    uint32_t narrow;\n    int last;\n} context_t;\n" + kRun).empty());
    CHECK(told("int run(bpf_coap_ctx_t *context) { return context->buf_len != 0; }\n").empty());
    CHECK(told("int run(long *numbers) { return numbers[0] != 0; }\n").empty());
    CHECK(told("int run(void) { return 0; }\n").empty());
}
