// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/language/server_findings.hpp"

using namespace rbpf;
using namespace rbpf::language;
using nlohmann::json;

namespace {

const std::string kFile = "/p/a.c";
const std::string kUri = "file:///p/a.c";

json place(unsigned line, unsigned endLine) {
    return {{"start", {{"line", line}, {"character", 0}}}, {"end", {{"line", endLine}, {"character", 1}}}};
}

struct Rig {
    Rig() { texts.open({{"textDocument", {{"uri", kUri}, {"version", 1}, {"text", "one\ntwo\nthree\n"}}}}); }

    void clangd(const json& diagnostics) {
        findings.setClangds({{"uri", kUri}, {"version", texts.byFile(kFile)->version}, {"diagnostics", diagnostics}});
    }
    void ours(const std::string& project, const std::string& message, unsigned line) {
        const support::Diagnostic one{support::Severity::Error, {kFile, line, 1, line, 2}, message, {}, {{{kFile, line, 1, line, 2}, "x"}}, {}};
        findings.setOurs(project, {one}, {{kFile, texts.byFile(kFile)->edits.size()}});
    }
    [[nodiscard]] json shown() const { return published.at(kUri); }

    Texts texts;
    Abilities abilities{.showsActions = true};
    std::map<std::string, json> published;
    Findings findings{texts, abilities, [this](json parameters) { published[parameters["uri"]] = parameters["diagnostics"]; }};
};

} // namespace

TEST_CASE("what clangd has told as well is told by us when clangd is gone for good") {
    Rig rig;
    rig.clangd({{{"range", place(1, 1)}, {"message", "Mistake"}, {"severity", 1}}});
    rig.ours("/p", "mistake", 2);
    REQUIRE(rig.shown().size() == 1);
    CHECK(rig.shown()[0]["message"] == "Mistake");
    rig.findings.dropClangds();
    REQUIRE(rig.shown().size() == 1);
    CHECK(rig.shown()[0]["message"] == "mistake");
}

TEST_CASE("a finding in lines that were taken away from the start stays inside of the text") {
    Rig rig;
    rig.clangd({{{"range", place(0, 1)}, {"message", "Mistake"}, {"severity", 1}}});
    rig.texts.change({{"textDocument", {{"uri", kUri}, {"version", 2}}}, {"contentChanges", {{{"range", place(0, 2)}, {"text", ""}}}}});
    rig.ours("/p", "another", 1);
    for (const json& one : rig.shown()) {
        CHECK(one["range"]["start"]["line"] == 0);
        CHECK(one["range"]["end"]["line"] == 0);
    }
}

TEST_CASE("a file that is closed is told of as the editor has spelt its name") {
    Rig rig;
    const json odd = {{"textDocument", {{"uri", "file:///p/(b).c"}, {"text", "one\n"}}}};
    rig.texts.open(odd);
    rig.findings.setClangds({{"uri", "file:///p/%28b%29.c"}, {"diagnostics", {{{"range", place(0, 0)}, {"message", "Mistake"}}}}});
    CHECK(rig.published.at("file:///p/(b).c").size() == 1);
    rig.texts.close(odd);
    rig.findings.close("/p/(b).c");
    CHECK(rig.published.at("file:///p/(b).c").empty());
    CHECK(rig.published.size() == 1);
}

TEST_CASE("what two projects find in a file that they share is told and mended once") {
    Rig rig;
    rig.ours("/p", "mistake", 2);
    rig.ours("/q", "mistake", 2);
    CHECK(rig.shown().size() == 1);
    CHECK(rig.findings.actions(*rig.texts.byFile(kFile), place(1, 1)).size() == 1);
    rig.findings.setOurs("/p", {}, {});
    CHECK(rig.shown().size() == 1);
    rig.findings.setOurs("/q", {}, {});
    CHECK(rig.shown().empty());
}
