// SPDX-License-Identifier: GPL-3.0-or-later
// With the real clangd.
#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <poll.h>

#include "sdk/language/client.hpp"
#include "sdk/project/compile_commands.hpp"

using namespace rbpf;
using namespace rbpf::language;
using namespace std::chrono_literals;

namespace {

const std::string kFile = "/nowhere/script.c";
const std::string kHeader = "/nowhere/tools.h";
const std::string kStart = "#include <rbpf/saul.h>\n/* Twice as much. */\nint twice(int number)\n{\n    return number * 2;\n}\n"
                           "int run(void)\n{\n    phydat_t reading;\n    ";

struct Rig {
    Rig() : client("/nowhere", [](const std::string& file) { return project::compileCommand({"/nowhere", {}, {}, {}}, file); },
                   {[this](const std::string& file, std::vector<Finding> found) { findings[file] = std::move(found); },
                    [this](const support::Error& error, bool isFinal) {
                        losses.push_back(error.message + error.hint);
                        isOff = isFinal;
                    }}) {}

    bool run(const std::function<bool()>& isDone) {
        const auto end = Clock::now() + 30s;
        while (!isDone()) {
            if (Clock::now() > end) {
                return false;
            }
            const auto due = std::min(client.due().value_or(end), end);
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now()).count();
            pollfd ready{client.descriptor(), static_cast<short>(POLLIN | (client.isWriting() ? POLLOUT : 0)), 0};
            ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(wait, 0)));
            client.service();
        }
        return true;
    }

    /// The text up to the mark `|`, which is where the question is asked; the whole text without it is what the file has.
    Place write(std::string text) {
        const std::size_t at = text.find('|');
        text.erase(at, 1);
        const std::string before = text.substr(0, at);
        client.setText(kFile, text);
        const auto line = static_cast<unsigned>(std::count(before.begin(), before.end(), '\n')) + 1;
        return {kFile, line, static_cast<unsigned>(at - (before.rfind('\n') + 1)) + 1};
    }

    template <typename T, typename Ask>
    support::Result<T> answer(Ask ask) {
        std::optional<support::Result<T>> result;
        ask([&](support::Result<T> one) { result = std::move(one); });
        REQUIRE(run([&] { return result.has_value(); }));
        return *result;
    }

    support::Result<Completions> complete(const Place& place) {
        return answer<Completions>([&](auto done) { client.complete(place, done); });
    }

    /// Asks until it is there: clangd takes in a new file's headers after it has read them.
    std::optional<Completion> completion(const Place& place, const std::string& label) {
        for (const auto end = Clock::now() + 30s; Clock::now() < end;) {
            const auto all = complete(place);
            REQUIRE(all);
            const auto found = std::ranges::find(all->items, label, &Completion::label);
            if (found != all->items.end()) {
                return *found;
            }
        }
        return std::nullopt;
    }

    std::map<std::string, std::vector<Finding>> findings;
    std::vector<std::string> losses;
    bool isOff = false;
    Client client;
};

/// Sets an environment variable for a scope.
struct With {
    With(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
    ~With() { ::unsetenv(name_); }
    const char* name_;
};

} // namespace

TEST_CASE("a binding is completed with its parameters and what it does") {
    Rig rig;
    REQUIRE(rig.client.start());
    const auto found = rig.completion(rig.write(kStart + "bpf_sa|\n}\n"), "bpf_saul_reg_read");
    REQUIRE(found);
    CHECK(found->detail == "int (bpf_saul_reg_t *device, phydat_t *reading)");
    CHECK(found->documentation.find("Reads a device") != std::string::npos);
    CHECK(found->edit.text == "bpf_saul_reg_read");
    CHECK(found->edit.range.column == 5);
    CHECK(found->edit.range.endColumn == 11);
    CHECK(rig.completion(rig.write(kStart + "reading.|\n}\n"), "scale"));
}

TEST_CASE("hover, signature and definition know bindings and the script's own functions") {
    Rig rig;
    REQUIRE(rig.client.start());
    const std::string call = "bpf_saul_reg_read(0, &reading);\n    return twice(3);\n}\n";
    const auto hover = rig.answer<Hover>([&](auto done) { rig.client.hover(rig.write(kStart + "bpf_|" + call.substr(4)), done); });
    REQUIRE(hover);
    CHECK(hover->markdown.find("bpf_saul_reg_t *device") != std::string::npos);
    CHECK(hover->markdown.find("Reads a device") != std::string::npos);
    const auto own = rig.answer<Hover>(
        [&](auto done) { rig.client.hover(rig.write(kStart + call.substr(0, call.find("twice")) + "tw|ice(3);\n}\n"), done); });
    REQUIRE(own);
    CHECK(own->markdown.find("Twice as much.") != std::string::npos);
    const auto help = rig.answer<SignatureHelp>(
        [&](auto done) { rig.client.help(rig.write(kStart + "bpf_saul_reg_read(0, |);\n}\n"), done); });
    REQUIRE(help);
    REQUIRE(help->signatures.size() == 1);
    CHECK(help->activeParameter == 1);
    CHECK(help->signatures[0].label.find("phydat_t *reading") != std::string::npos);
    const auto places = rig.answer<std::vector<support::SourceRange>>(
        [&](auto done) { rig.client.definition(rig.write(kStart + "bpf_|" + call.substr(4)), done); });
    REQUIRE(places);
    REQUIRE(places->size() == 1);
    CHECK(places->front().file.ends_with("headers/rbpf/bindings.def"));
}

TEST_CASE("references, renaming and symbols reach over files") {
    Rig rig;
    REQUIRE(rig.client.start());
    rig.client.setText(kHeader, "int shared(int number);\n");
    rig.client.setText("/nowhere/other.c", "int shared(int);\nint other(void) { return shared(1); }\n");
    const Place place = rig.write("int shared(int number) { return number; }\nint  run( void ) { return sha|red(2); }\n");
    REQUIRE(rig.run([&] { return rig.findings.size() == 3; })); // all have been read
    const auto uses =
        rig.answer<std::vector<support::SourceRange>>([&](auto done) { rig.client.references(place, done); });
    REQUIRE(uses);
    CHECK(uses->size() == 5);
    const auto edits =
        rig.answer<std::vector<support::FixIt>>([&](auto done) { rig.client.rename(place, "common", done); });
    REQUIRE(edits);
    CHECK(edits->size() == 5);
    CHECK(std::ranges::any_of(*edits, [](const support::FixIt& one) { return one.range.file == kHeader; }));
    const auto refused =
        rig.answer<std::vector<support::FixIt>>([&](auto done) { rig.client.rename(place, "not a name", done); });
    CHECK_FALSE(refused);
    const auto own = rig.answer<std::vector<Symbol>>([&](auto done) { rig.client.symbols(kFile, done); });
    REQUIRE(own);
    REQUIRE(own->size() == 2);
    CHECK(own->at(1).name == "run");
    CHECK(own->at(1).range.line == 2);
    const auto layout = rig.answer<std::vector<support::FixIt>>([&](auto done) { rig.client.format(kFile, done); });
    REQUIRE(layout);
    CHECK_FALSE(layout->empty());
}

TEST_CASE("mistakes bring their fixes, a misspelt binding too") {
    Rig rig;
    REQUIRE(rig.client.start());
    rig.write(kStart + "return bpf_saul_reg_raed(0, &raeding);|\n}\n");
    REQUIRE(rig.run([&] { return rig.findings.contains(kFile); }));
    std::vector<std::string> titles;
    for (const Finding& one : rig.findings[kFile]) {
        for (const Fix& fix : one.fixes) {
            titles.push_back(fix.title);
        }
    }
    CHECK(std::ranges::count(titles, "change 'bpf_saul_reg_raed' to 'bpf_saul_reg_read'") == 1);
}

TEST_CASE("a clangd that is killed is started again and knows the texts") {
    Rig rig;
    REQUIRE(rig.client.start());
    const Place place = rig.write(kStart + "bpf_sa|\n}\n");
    REQUIRE(rig.complete(place));
    ::kill(rig.client.pid(), SIGKILL);
    std::optional<support::Result<Completions>> interrupted;
    rig.client.complete(place, [&](auto one) { interrupted = std::move(one); });
    REQUIRE(rig.run([&] { return !rig.losses.empty(); }));
    REQUIRE(interrupted);
    CHECK_FALSE(*interrupted);
    CHECK(rig.losses[0] == "clangd was ended by signal 9 (Killed) and is started again");
    CHECK(rig.completion(place, "bpf_saul_reg_read"));
}

TEST_CASE("a clangd that hangs is ended, and started again with the texts") {
    Rig rig;
    REQUIRE(rig.client.start());
    const Place place = rig.write(kStart + "bpf_sa|\n}\n");
    REQUIRE(rig.complete(place));
    const pid_t hung = rig.client.pid();
    REQUIRE(::kill(hung, SIGSTOP) == 0);
    const auto late = rig.complete(place);
    REQUIRE_FALSE(late);
    CHECK(late.error().message.find("did not answer") != std::string::npos);
    REQUIRE(rig.run([&] { return !rig.losses.empty(); }));
    CHECK(rig.losses[0] == "clangd no longer answered and is started again");
    CHECK(::kill(hung, 0) != 0);
    CHECK(rig.completion(place, "bpf_saul_reg_read"));
    CHECK(rig.losses.size() == 1);
}

TEST_CASE("one that ends again and again stays off until it is asked for") {
    const With wrong("RBPF_CLANGD", "/bin/true");
    Rig rig;
    REQUIRE(rig.client.start());
    REQUIRE(rig.run([&] { return rig.isOff; }));
    CHECK(rig.losses.size() == 4);
    CHECK_FALSE(rig.client.isRunning());
    CHECK_FALSE(rig.complete({kFile, 1, 1}));
    ::unsetenv("RBPF_CLANGD");
    REQUIRE(rig.client.restart());
    CHECK(rig.complete(rig.write(kStart + "bpf_sa|\n}\n")));
}

TEST_CASE("without clangd a sentence says what to install") {
    const With nothing("RBPF_CLANGD", "/no/clangd");
    Rig rig;
    const auto started = rig.client.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().message.find("/no/clangd") != std::string::npos);
    CHECK_FALSE(started.error().hint.empty());
    rig.client.setText(kFile, "int x;\n");
    rig.client.close(kFile);
}
