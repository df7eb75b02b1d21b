// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_shell.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "ide/cli/debug_complete.hpp"
#include "tests/unit/ide/cli/debug_scripted_session.hpp"

using namespace rbpf;
using namespace rbpf::cli::debug;
using Calls = std::vector<std::string>;

namespace {

class ScriptedTrigger : public Trigger {
public:
    std::vector<std::string> fired;
    std::optional<std::string> reply;
    support::Result<void> fire(const std::string& arguments) override {
        fired.push_back(arguments);
        return {};
    }
    std::optional<std::string> answer(std::chrono::milliseconds) override { return std::exchange(reply, {}); }
    bool pending() const override { return reply.has_value(); }
    std::string hint() const override { return "GET /sensor fires it."; }
};

/// A shell on a scripted session, with a source file of nine lines.
struct Rig {
    Rig() {
        folder = std::filesystem::temp_directory_path() / ("rbpf-shell-test-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder / "src");
        std::ofstream source(folder / "src/main.c");
        for (int line = 1; line <= 9; ++line) {
            source << "line " << line << ";\n";
        }
        source.close();
        session.now.cause = RBPF_CAUSE_IDLE;
        shell.emplace(session, Setup{[this](std::string_view text) { said += text; }, folder, &trigger, "demo", false});
    }
    ~Rig() { std::filesystem::remove_all(folder); }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    /// Runs a line and everything that follows from it; what was said.
    std::string does(std::string_view line) {
        said.clear();
        const auto done = shell->execute(line);
        if (!done) {
            return "error: " + done.error().message;
        }
        while (!session.events.empty()) {
            REQUIRE(shell->pump(std::chrono::milliseconds(0)));
        }
        return said;
    }
    /// The script is in a run, stopped at a line.
    void stopped(unsigned line, rbpf_cause_t cause = RBPF_CAUSE_BREAKPOINT) {
        session.willStop(ScriptedSession::stopAt(line, cause));
        REQUIRE(shell->pump(std::chrono::milliseconds(0)));
        session.calls.clear();
        said.clear();
    }

    std::filesystem::path folder;
    ScriptedSession session;
    ScriptedTrigger trigger;
    std::string said;
    std::optional<Shell> shell;
};

session::Variable variable(const char* name, std::uint64_t number) {
    return {name, dwarf::resultValue(dwarf::builtin(dwarf::Builtin::Int), number), {}, {}};
}

bool has(const std::string& text, const char* part) {
    INFO(text);
    INFO(part);
    const bool found = text.find(part) != std::string::npos;
    CHECK(found);
    return found;
}

} // namespace

TEST_CASE("A stop shows its reason, the line with its neighbours and a marker, and the variables") {
    Rig rig;
    rig.session.variableList = {variable("sum", 3), variable("i", 1)};
    rig.session.willStop(ScriptedSession::stopAt(4));
    const std::string text = rig.does("continue");
    has(text, "stopped at line 4\nrun at ");
    has(text, "src/main.c:4\n      2 | line 2;\n      3 | line 3;\n->    4 | line 4;\n      5 | line 5;\n      6 | "
              "line 6;\n");
    has(text, "   sum = 3\n   i = 1\n");

    rig.session.variableList[1] = variable("i", 2);
    rig.session.willStop(ScriptedSession::stopAt(5));
    const std::string next = rig.does("next");
    CHECK(next.find("sum") == std::string::npos);
    has(next, "   i = 2\n");
}

TEST_CASE("Without debug information a stop shows the instruction") {
    Rig rig;
    auto stop = ScriptedSession::stopAt(4);
    stop.location = {0x20, "", "", 0, 0};
    rig.session.code = {{0x20, {0x95, 0, 0, 0, 0, 0, 0, 0}, "exit", {0x20, "", "", 0, 0}}};
    rig.session.willStop(stop);
    const std::string text = rig.does("continue");
    has(text, "instruction 0x20\n->   0x20  9500000000000000                  exit\n");
}

TEST_CASE("Run lets the script go before it fires the trigger") {
    Rig rig;
    CHECK(rig.does("run coap/sensor").empty());
    CHECK(rig.session.calls == Calls{"resume"});
    CHECK(rig.trigger.fired == std::vector<std::string>{"coap/sensor"});
    CHECK(rig.shell->waiting());
    rig.trigger.reply = "GET /sensor answers 21.50.";
    REQUIRE(rig.shell->pump(std::chrono::milliseconds(0)));
    CHECK(rig.said == "GET /sensor answers 21.50.\n");
}

TEST_CASE("Run is refused in the middle of a run") {
    Rig rig;
    rig.stopped(4);
    CHECK(rig.does("run") == "error: a run is in progress already");
    CHECK(rig.trigger.fired.empty());
}

TEST_CASE("Every way to step reaches the session as such") {
    const std::pair<const char*, const char*> ways[] = {{"step", "step line"},          {"next", "next line"},
                                                        {"stepi", "step instruction"},  {"nexti", "next instruction"},
                                                        {"finish", "finish"},           {"until *0x30", "run to 48"},
                                                        {"back", "back line"},          {"back-next", "back over line"},
                                                        {"bsi", "back instruction"},    {"back-finish", "back out"},
                                                        {"bc", "back resume"},          {"continue", "resume"},
                                                        {"goto 2 117", "travel 2 117"}, {"goto live", "travel live"}};
    for (const auto& [line, call] : ways) {
        INFO(line);
        Rig rig;
        rig.stopped(4);
        rig.session.willStop(ScriptedSession::stopAt(5));
        rig.does(line);
        CHECK(rig.session.calls == Calls{call});
    }
}

TEST_CASE("A count repeats a step and shows only the last stop") {
    Rig rig;
    rig.stopped(3);
    for (const unsigned line : {4u, 5u, 6u}) {
        rig.session.willStop(ScriptedSession::stopAt(line));
    }
    const std::string text = rig.does("next 3");
    CHECK(rig.session.calls == Calls{"next line", "next line", "next line"});
    CHECK(text.find("stopped at line 5") == std::string::npos);
    has(text, "stopped at line 6");
}

TEST_CASE("A breakpoint ends a repeated step") {
    Rig rig;
    rig.stopped(3);
    rig.session.willStop(ScriptedSession::stopAt(4, RBPF_CAUSE_BREAKPOINT));
    has(rig.does("step 5"), "stopped at line 4");
    CHECK(rig.session.calls == Calls{"step line"});
}

TEST_CASE("Enter repeats the last step but no command that would do harm") {
    Rig rig;
    rig.stopped(4);
    rig.session.willStop(ScriptedSession::stopAt(5));
    rig.does("next");
    rig.session.willStop(ScriptedSession::stopAt(6));
    rig.does("");
    CHECK(rig.session.calls == Calls{"next line", "next line"});
    rig.does("delete");
    rig.session.calls.clear();
    rig.does("");
    CHECK(rig.session.calls.empty());
}

TEST_CASE("What needs a halted script says so while it runs") {
    Rig rig;
    rig.session.isRunning = true;
    has(rig.does("locals"), "error: `locals` needs a halted script");
    CHECK(rig.shell->prompt() == "(rbpf waiting) ");
    rig.session.events.emplace_back(session::RunStarted{1});
    REQUIRE(rig.shell->pump(std::chrono::milliseconds(0)));
    CHECK(rig.shell->prompt() == "(rbpf running) ");
}

TEST_CASE("In history the prompt says where") {
    Rig rig;
    rig.stopped(24);
    CHECK(rig.shell->prompt() == "(rbpf) ");
    auto past = ScriptedSession::stopAt(4);
    past.position = {1, 117, false};
    rig.session.willStop(past);
    rig.does("back");
    CHECK(rig.shell->prompt() == "(rbpf run 1 step 117 of 240) ");
}

TEST_CASE("Breakpoints are said back as they were understood") {
    Rig rig;
    has(rig.does("break 4 if sum > 2"), "src/main.c:4.\n");
    REQUIRE(rig.session.points.size() == 1);
    CHECK(rig.session.points[0].spec.condition == "sum > 2");
    CHECK(rig.session.points[0].spec.file == "src/main.c");
    has(rig.does("on binding saul_reg_read"), "Breakpoint 2: calls of bpf_saul_reg_read.\n");
    CHECK(rig.session.points[1].spec.address == 0x32);
    has(rig.does("store-break 7"), "Breakpoint 3: writes to store key 7.\n");
    has(rig.does("info breakpoints"), "calls of bpf_saul_reg_read");
    has(rig.does("on binding saul_reg_raed"), "error: there is no binding \"saul_reg_raed\"");
    rig.session.breakpointsExist = false;
    CHECK(rig.does("tbreak 99") == "error: line 99 has no code");
    CHECK(rig.session.calls.back() == "remove 4");
    CHECK(rig.session.points.size() == 3);
}

TEST_CASE("A breakpoint for a running script leaves it running") {
    Rig rig;
    rig.session.isRunning = true;
    CHECK(rig.does("break run") == "Breakpoint 1: function run.\n");
    CHECK(rig.session.calls.empty());
    CHECK(rig.session.isRunning);
}

TEST_CASE("Completion offers commands, places, bindings and what the session knows") {
    Rig rig;
    using List = std::vector<std::string>;
    CHECK(complete(*rig.shell, "back-").list == List{"back-continue", "back-finish", "back-next", "back-stepi"});
    const auto file = complete(*rig.shell, "break ma");
    CHECK(file.from == 6);
    CHECK(file.list == List{"main.c:"});
    CHECK(complete(*rig.shell, "break main.c:").list == List{"3", "4", "5"});
    CHECK(complete(*rig.shell, "on binding bpf_saul_reg_r").list == List{"bpf_saul_reg_read"});
    CHECK(complete(*rig.shell, "info br").list == List{"breakpoints"});
    rig.stopped(4);
    rig.session.completions = {"1 + m.val", "1 + m.unit"};
    const auto members = complete(*rig.shell, "print/x 1 + m.");
    CHECK(members.from == 14);
    CHECK(members.list == List{"unit", "val"});
    CHECK(complete(*rig.shell, "nonsense x").list.empty());
}

TEST_CASE("Until leaves no breakpoint behind wherever the script stops") {
    Rig rig;
    rig.stopped(3);
    rig.session.willStop(ScriptedSession::stopAt(4));
    rig.does("until 6");
    CHECK(rig.session.calls == Calls{"resume", "remove 1"});
    CHECK(rig.session.points.empty());
}

TEST_CASE("Variables are shown as C declares them, lost ones with what is last known") {
    Rig rig;
    rig.stopped(4);
    auto lost = variable("n", 0);
    lost.value = dwarf::unavailable(dwarf::builtin(dwarf::Builtin::Int), dwarf::Availability::OptimisedOut,
                                    "the optimiser removed it");
    lost.lastKnown = variable("n", 9).value;
    lost.lastKnownAt = {1, 12, false};
    rig.session.variableList = {variable("sum", 3), lost};
    const std::string text = rig.does("locals");
    has(text, "   int sum = 3\n");
    has(text, "optimised out");
    has(text, ", last known as 9 at run 1 step 12\n");
}

TEST_CASE("Print and set pass whole expressions on") {
    Rig rig;
    rig.stopped(4);
    rig.session.values["a + 1"] = variable("", 31).value;
    rig.session.values["a = 5"] = variable("", 5).value;
    CHECK(rig.does("print a + 1") == "a + 1 = 31\n");
    CHECK(rig.does("p/x a + 1") == "a + 1 = 0x1f\n");
    CHECK(rig.does("set a = 5") == "a = 5\n");
    CHECK(rig.session.calls.back() == "write a = 5");
    CHECK(rig.does("print nothing") == "error: there is no \"nothing\" here");
}

TEST_CASE("Examining goes on behind what was shown") {
    Rig rig;
    rig.stopped(4);
    rig.session.memory[0x100] = {1, 2, 3, 4, 5, 6, 7, 8};
    rig.session.values["p"] = variable("", 0x100).value;
    CHECK(rig.does("x/4xb p") == "0x00000100: 0x01 0x02 0x03 0x04\n");
    CHECK(rig.does("") == "0x00000104: 0x05 0x06 0x07 0x08\n");
    has(rig.does(""), "error: nothing can be read at 0x108");
}

TEST_CASE("Who names instruction, place and both values") {
    Rig rig;
    rig.stopped(4);
    CHECK(rig.does("who r3") == "Nothing in the recorded history wrote r3 before this point.\n");
    session::Writer writer;
    writer.position = {1, 8, false};
    writer.location = {0x58, "src/main.c", "run", 3, 1};
    writer.text = "call bpf_saul_reg_read";
    writer.after = 0x866;
    rig.session.writer = writer;
    const std::string text = rig.does("who *0x100 8");
    has(text, "8 bytes at 0x100 was written by the instruction at 0x58, run at ");
    has(text, "call bpf_saul_reg_read\n");
    has(text, "line 3;");
    has(text, "It changed 0x0 into 0x866 at run 1 step 8; `goto 1 8` goes there.");
    CHECK(rig.session.calls.back() == "who memory 0x100 8");
}

TEST_CASE("What no instruction wrote is not blamed on one") {
    Rig rig;
    rig.stopped(4);
    session::Writer writer;
    writer.position = {2, 0, false};
    writer.text = "r6 = r1";
    writer.after = 0x10000200;
    writer.by = session::Writer::By::Start;
    rig.session.writer = writer;
    CHECK(rig.does("who r10") == "No instruction wrote r10 before this point: run 2 began with 0x10000200 there.\n");
    writer.by = session::Writer::By::User;
    rig.session.writer = writer;
    CHECK(rig.does("who r10") == "r10 was changed by hand at run 2 step 0: 0x0 into 0x10000200.\n");
}

TEST_CASE("The timeline marks what going back does not undo") {
    Rig rig;
    rig.stopped(1);
    rig.session.items = {{session::TimelineItem::Kind::Call, {1, 5, false}, "bpf_now_ms() = 7", false},
                         {session::TimelineItem::Kind::Call, {1, 10, false}, "bpf_printf(…)", true}};
    const std::string text = rig.does("timeline");
    has(text, "      1        5   bpf_now_ms() = 7\n");
    has(text, "->    1       10 ! bpf_printf(…)\n");
    has(text, "going back does not undo it");
}

TEST_CASE("List goes on where it left off") {
    Rig rig;
    has(rig.does("list"), "      1 | line 1;\n");
    has(rig.does("list"), "error: ");
    rig.stopped(8);
    has(rig.does("list"), "->    8 | line 8;\n");
    has(rig.does("list 2"), "      2 | line 2;\n");
}

TEST_CASE("Notices, output and the end of a run are told as they come") {
    Rig rig;
    rig.session.events.emplace_back(session::RunStarted{3});
    rig.session.events.emplace_back(session::Output{"hello", 0});
    rig.session.events.emplace_back(session::Output{"sum 4", 2});
    rig.session.events.emplace_back(session::Notice{session::Notice::Kind::LinkLost, "the line is cut"});
    rig.session.events.emplace_back(session::RunEnded{3, RBPF_CAUSE_EXIT, 5, 42, "run 3 ended with 5"});
    CHECK(rig.does("continue") ==
          "Waiting for the next trigger. GET /sensor fires it.\nRun 3 begins.\nlog: hello\nbreakpoint 2: sum 4\n"
          "the line is cut\nrun 3 ended with 5\n");
    CHECK_FALSE(rig.shell->waiting());
    CHECK(rig.does("log") == "hellosum 4\n");
}

TEST_CASE("A session that is over ends the shell") {
    Rig rig;
    rig.session.events.emplace_back(session::Ended{"the script was replaced"});
    REQUIRE(rig.shell->pump(std::chrono::milliseconds(0)));
    CHECK(rig.said == "the script was replaced\n");
    CHECK(rig.shell->done());
    CHECK(rig.shell->lost());
}

TEST_CASE("Detach lets the script go on and kill ends its run") {
    for (const auto& [line, call] : {std::pair{"detach", "detach"}, {"quit", "detach"}, {"kill", "kill"}}) {
        Rig rig;
        rig.does(line);
        CHECK(rig.session.calls == Calls{call});
        CHECK(rig.shell->done());
    }
}

TEST_CASE("Ctrl-C interrupts the script only while it runs") {
    Rig rig;
    CHECK_FALSE(rig.shell->interrupt());
    rig.session.isRunning = true;
    CHECK(rig.shell->interrupt());
    CHECK(rig.session.calls == Calls{"interrupt"});
}
