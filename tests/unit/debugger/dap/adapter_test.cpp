// SPDX-License-Identifier: GPL-3.0-or-later
// Requests against a scripted session: what the editor is answered and what is asked of the session.
#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <sys/socket.h>

#include "debugger/dap/base64.hpp"
#include "debugger/dap/capabilities.hpp"
#include "debugger/dap/server.hpp"
#include "tests/unit/debugger/dap/editor.hpp"

using namespace rbpf;
using namespace rbpf::dap;
using namespace rbpf::dap::test;

namespace {

bool called(const ScriptedSession& session, const std::string& call) {
    return std::find(session.calls.begin(), session.calls.end(), call) != session.calls.end();
}

json lineBreakpoints(std::initializer_list<json> list) {
    return {{"source", {{"path", "src/main.c"}}}, {"breakpoints", json(json::array_t(list))}};
}

} // namespace

TEST_CASE("every capability that is announced is a request that is answered") {
    Editor editor;
    const json body = editor.body("initialize");
    CHECK(body["supportsStepBack"] == true);
    CHECK(body["exceptionBreakpointFilters"].size() == stopFilters().size());
    for (const StopFilter& filter : stopFilters()) {
        CHECK((filter.status == 0 || (filter.status <= -30 && filter.status >= -35)));
    }
    const json unknown = editor.ask("fly");
    CHECK(unknown["success"] == false);
    CHECK(unknown["message"].get<std::string>().find("fly") != std::string::npos);
}

TEST_CASE("a request without a session is refused in a sentence") {
    Editor editor;
    for (const char* command :
         {"continue", "stackTrace", "variables", "evaluate", "disassemble", "configurationDone"}) {
        const json response = editor.ask(command);
        CHECK(response["success"] == false);
        CHECK(response["body"]["error"]["variables"]["sentence"].get<std::string>().ends_with("first."));
    }
}

TEST_CASE("launch attaches to the slot it deployed to and lets the script go after configurationDone") {
    Editor editor;
    editor.body("initialize", {{"supportsProgressReporting", true}});
    editor.body("launch", {{"stopOnEntry", true}, {"hold", 7}, {"holdAborts", true}});
    CHECK(editor.environment.options_.slot == 2);
    CHECK(editor.environment.options_.holdMs == 7000);
    CHECK(editor.environment.options_.holdAborts);
    CHECK(editor.environment.options_.stopOnEntry);
    CHECK(editor.event("progressStart")["title"] == "Deploying");
    CHECK(editor.event("progressEnd").is_object());
    CHECK(editor.event("initialized").is_object());
    CHECK(editor.environment.session->calls.empty());
    editor.body("configurationDone");
    CHECK(called(*editor.environment.session, "resume"));
    CHECK(editor.body("threads")["threads"][0]["id"] == 3);
}

TEST_CASE("invoke runs the entry once after configurationDone") {
    Editor editor;
    editor.launch({{"invoke", "hello"}});
    CHECK(editor.environment.invoked == std::vector<std::string>{"hello"});
}

TEST_CASE("what is wrong in launch.json is named") {
    Editor editor;
    CHECK(editor.ask("launch", {{"slot", "two"}})["message"].get<std::string>().find("slot") != std::string::npos);
    CHECK(editor.ask("launch", {{"hold", 0}})["message"].get<std::string>().find("hold") != std::string::npos);
    CHECK(editor.ask("launch", {{"context", "xyz"}})["message"].get<std::string>().find("context") !=
          std::string::npos);
    editor.environment.loadError = support::Error{support::ErrorKind::Script, "the build failed", ""};
    CHECK(editor.ask("launch")["message"] == "the build failed");
    CHECK(editor.event("initialized").is_null());
}

TEST_CASE("a deploy that goes on is cancelled by its number, by its progress, or because the editor leaves") {
    Editor editor;
    editor.body("initialize", {{"supportsProgressReporting", true}});
    const json message = GENERATE(json{{"command", "cancel"}, {"arguments", {{"requestId", 10}}}},
                                  json{{"command", "cancel"}, {"arguments", {{"progressId", "progress-2"}}}},
                                  json{{"command", "disconnect"}});
    bool stopped = false;
    editor.environment.transferring = [&](std::stop_token stop) {
        json request = message;
        request.update({{"seq", 11}, {"type", "request"}});
        editor.send(support::encodeMessage(request));
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        never.wait_for(lock, stop, std::chrono::seconds(10), [] { return false; });
        stopped = stop.stop_requested();
    };
    editor.send(support::encodeMessage({{"seq", 10}, {"type", "request"}, {"command", "launch"}}));
    REQUIRE(editor.client->poll(std::chrono::milliseconds(1000)));
    while (const auto request = editor.client->next()) {
        editor.adapter->handle(*request);
    }
    CHECK(stopped);
    std::map<int, bool> answers;
    for (const json& answer : editor.receive()) {
        if (answer["type"] == "response") {
            CHECK(answers.emplace(answer["request_seq"], answer["success"]).second);
        }
    }
    CHECK(answers == std::map<int, bool>{{10, false}, {11, true}});
}

TEST_CASE("a request that waits is cancelled before it began") {
    Editor editor;
    editor.body("initialize");
    editor.send(support::encodeMessage({{"seq", 10}, {"type", "request"}, {"command", "launch"}}) +
                support::encodeMessage(
                    {{"seq", 11}, {"type", "request"}, {"command", "cancel"}, {"arguments", {{"requestId", 10}}}}));
    editor.client->stopReading();
    CHECK_FALSE(editor.client->next());
    CHECK(editor.client->ended());
    const auto answers = editor.receive();
    REQUIRE(answers.size() == 2);
    CHECK(answers[0]["message"] == "cancelled");
    CHECK(answers[1]["success"] == true);
    CHECK(editor.environment.attached == 0);
}

TEST_CASE("breakpoints are kept until there is a session, and told when it has them") {
    Editor editor;
    editor.body("initialize");
    const json early = editor.body("setBreakpoints", lineBreakpoints({{{"line", 4}}}))["breakpoints"][0];
    CHECK(early["verified"] == false);
    editor.body("launch");
    REQUIRE(editor.environment.session->points.size() == 1);
    editor.body("configurationDone");
    const json stop = editor.stopAt(4, RBPF_CAUSE_BREAKPOINT, {1});
    CHECK(stop["reason"] == "breakpoint");
    CHECK(stop["hitBreakpointIds"][0] == early["id"]);
    const json changed = editor.event("breakpoint");
    CHECK(changed["breakpoint"]["verified"] == true);
    CHECK(changed["breakpoint"]["id"] == early["id"]);
}

TEST_CASE("a breakpoint that stays keeps its id when the editor replaces its file's") {
    Editor editor;
    editor.launch();
    const json first = editor.body("setBreakpoints", lineBreakpoints({{{"line", 3}}, {{"line", 4}}}))["breakpoints"];
    const json second = editor.body("setBreakpoints", lineBreakpoints({{{"line", 4}}, {{"line", 5}}}))["breakpoints"];
    CHECK(second[0]["id"] == first[1]["id"]);
    CHECK(second[1]["id"] != first[0]["id"]);
    CHECK(called(*editor.environment.session, "remove 1"));
    CHECK_FALSE(called(*editor.environment.session, "remove 2"));
}

TEST_CASE("conditions, hit counts and log messages reach the session") {
    Editor editor;
    editor.launch();
    const json told =
        editor.body("setBreakpoints", lineBreakpoints({{{"line", 3}, {"condition", "i > 2"}, {"hitCondition", ">= 4"}},
                                                       {{"line", 4}, {"logMessage", "i = {i}"}},
                                                       {{"line", 5}, {"hitCondition", "often"}}}))["breakpoints"];
    const auto& points = editor.environment.session->points;
    REQUIRE(points.size() == 2);
    CHECK(points[0].spec.condition == "i > 2");
    CHECK(points[0].spec.ignore == 3);
    CHECK(points[1].spec.logMessage == "i = {i}");
    CHECK(told[2]["verified"] == false);
    CHECK(told[2]["message"].get<std::string>().find("often") != std::string::npos);
}

TEST_CASE("the other kinds of breakpoints: bindings, functions, instructions, data, store keys, runs") {
    using Kind = session::BreakpointSpec::Kind;
    Editor editor;
    editor.launch();
    editor.body("setFunctionBreakpoints", {{"breakpoints", {{{"name", "coap_resp"}}, {{"name", "bpf_memcpy"}}}}});
    editor.body("setInstructionBreakpoints", {{"breakpoints", {{{"instructionReference", "0x10"}, {"offset", 8}}}}});
    const json store = editor.body("dataBreakpointInfo", {{"name", "store 7"}});
    editor.body("setDataBreakpoints", {{"breakpoints", {{{"dataId", store["dataId"]}}, {{"dataId", "rubbish"}}}}});
    editor.body("setExceptionBreakpoints", {{"filters", {"READ_FAULT", "exit"}}});
    const auto& points = editor.environment.session->points;
    REQUIRE(points.size() == 5);
    CHECK(points[0].spec.function == "coap_resp");
    CHECK(points[1].spec.kind == Kind::Binding);
    CHECK(points[1].spec.address == 2);
    CHECK(points[2].spec.address == 0x18);
    CHECK(points[3].spec.kind == Kind::Store);
    CHECK(points[3].spec.address == 7);
    CHECK(points[4].spec.kind == Kind::Exit);
}

TEST_CASE("run control by line and by instruction, forwards and backwards") {
    const auto row =
        GENERATE(table<std::string, std::string, std::string>({{"next", "statement", "next line"},
                                                               {"next", "instruction", "next instruction"},
                                                               {"stepIn", "line", "step line"},
                                                               {"stepOut", "", "finish"},
                                                               {"stepBack", "instruction", "back over instruction"},
                                                               {"reverseContinue", "", "back resume"},
                                                               {"continue", "", "resume"}}));
    Editor editor;
    editor.launch();
    CHECK(editor.ask(std::get<0>(row))["message"] == "notStopped");
    editor.stopAt(3);
    editor.environment.session->calls.clear();
    editor.body(std::get<0>(row), {{"threadId", 3}, {"granularity", std::get<1>(row)}});
    CHECK(called(*editor.environment.session, std::get<2>(row)));
}

TEST_CASE("frames and variables of an earlier stop are refused") {
    Editor editor;
    editor.launch();
    editor.stopAt(3);
    const json frame = editor.body("stackTrace", {{"threadId", 3}})["stackFrames"][0];
    CHECK(frame["line"] == 3);
    const json scopes = editor.body("scopes", {{"frameId", frame["id"]}})["scopes"];
    REQUIRE(scopes.size() == 4);
    const json registers = editor.body("variables", {{"variablesReference", scopes[2]["variablesReference"]}});
    CHECK(registers["variables"].size() == 12);
    editor.body("next", {{"threadId", 3}});
    editor.stopAt(4);
    CHECK(editor.ask("scopes", {{"frameId", frame["id"]}})["success"] == false);
    CHECK(editor.ask("variables", {{"variablesReference", scopes[0]["variablesReference"]}})["success"] == false);
}

TEST_CASE("a hover never writes, the console may") {
    Editor editor;
    editor.launch();
    editor.stopAt(3);
    editor.environment.session->values["i"] = dwarf::resultValue(dwarf::builtin(dwarf::Builtin::Int), 42);
    CHECK(editor.body("evaluate", {{"expression", "i"}, {"context", "hover"}})["result"] == "42");
    CHECK(called(*editor.environment.session, "evaluate i"));
    editor.body("evaluate", {{"expression", "i"}, {"context", "repl"}});
    CHECK(called(*editor.environment.session, "write i"));
    CHECK(editor.body("evaluate", {{"expression", "explain"}, {"context", "repl"}})["result"] == "the whole story");
}

TEST_CASE("memory is read as far as its region goes") {
    Editor editor;
    editor.launch();
    editor.stopAt(3);
    editor.environment.session->memory[0x1000] = {1, 2, 3, 4};
    editor.environment.session->regionList = {{1, "data", 0x1000, 4, true, true}};
    const json all = editor.body("readMemory", {{"memoryReference", "0x1000"}, {"offset", 2}, {"count", 10}});
    CHECK(all["data"] == toBase64(std::vector<std::uint8_t>{3, 4}));
    CHECK(all["unreadableBytes"] == 8);
    CHECK(editor.body("readMemory", {{"memoryReference", "0x9000"}, {"count", 4}})["unreadableBytes"] == 4);
    CHECK(editor.ask("readMemory", {{"memoryReference", "r2"}, {"count", 4}})["success"] == false);
    CHECK(editor.ask("readMemory", {{"memoryReference", "0xffffffff"}, {"offset", 5}, {"count", 4}})["success"] ==
          false);
    editor.body("writeMemory", {{"memoryReference", "0x1000"}, {"data", "AQI="}});
    CHECK(editor.event("memory")["count"] == 2);
}

TEST_CASE("as many instructions are listed as were asked for, also beyond the text") {
    Editor editor;
    editor.launch();
    editor.environment.session->code = {{0, std::vector<std::uint8_t>(16), "r1 = 5 ll", {}},
                                        {16, std::vector<std::uint8_t>(8), "exit", {}}};
    const json list =
        editor.body("disassemble",
                    {{"memoryReference", "0x10"}, {"instructionOffset", -3}, {"instructionCount", 6}})["instructions"];
    REQUIRE(list.size() == 6);
    CHECK(list[1]["presentationHint"] == "invalid");
    CHECK(list[2]["instruction"] == "r1 = 5 ll");
    CHECK(list[3]["address"] == "0x10");
    CHECK(list[4]["presentationHint"] == "invalid");
}

TEST_CASE("a fault stops unless its filter is off") {
    Editor editor;
    editor.launch();
    session::Stop fault = ScriptedSession::stopAt(3, RBPF_CAUSE_FAULT);
    fault.status = -31;
    editor.environment.session->willStop(fault);
    editor.adapter->pump(std::chrono::milliseconds(0));
    CHECK(editor.event("stopped")["reason"] == "exception");
    const json info = editor.body("exceptionInfo", {{"threadId", 3}});
    CHECK(info["exceptionId"] == "WRITE_FAULT");
    CHECK(info["details"]["stackTrace"] == "the whole story");
    editor.body("setExceptionBreakpoints", {{"filters", {"READ_FAULT"}}});
    editor.environment.session->calls.clear();
    editor.environment.session->willStop(fault);
    editor.adapter->pump(std::chrono::milliseconds(0));
    CHECK(editor.event("stopped").is_null());
    CHECK(called(*editor.environment.session, "resume"));
}

TEST_CASE("when the session ends the editor is told, and later requests are refused with the reason") {
    Editor editor;
    editor.launch();
    editor.environment.session->events.emplace_back(session::Ended{"the board was unplugged"});
    editor.adapter->pump(std::chrono::milliseconds(0));
    CHECK(editor.event("terminated").is_object());
    CHECK(editor.ask("continue")["message"] == "the board was unplugged");
    CHECK(editor.body("disconnect").is_null());
    CHECK(editor.adapter->done());
}

TEST_CASE("restart builds first, keeps the session when that fails, and takes the breakpoints along") {
    Editor editor;
    editor.launch();
    editor.body("setBreakpoints", lineBreakpoints({{{"line", 3}}}));
    editor.environment.loadError = support::Error{support::ErrorKind::Script, "the build failed", ""};
    CHECK(editor.ask("restart")["success"] == false);
    CHECK(editor.body("threads")["threads"].size() == 1);
    editor.environment.loadError.reset();
    editor.body("restart");
    CHECK(editor.environment.attached == 2);
    CHECK(editor.environment.session->points.size() == 1);
    CHECK(called(*editor.environment.session, "resume"));
}

TEST_CASE("a server ends with an error on garbage and without one when the editor goes") {
    FakeEnvironment environment;
    Editor peer; // for its socket pair
    peer.adapter.reset();
    peer.client.reset();
    SECTION("garbage") {
        peer.send("GET / HTTP/1.1\r\n\r\n");
        CHECK_FALSE(serve(peer.far.get(), peer.far.get(), environment, {}));
    }
    SECTION("the end") {
        peer.near.reset();
        CHECK(serve(peer.far.get(), peer.far.get(), environment, {}));
    }
    SECTION("the end in the middle of a message") {
        peer.send("Content-Length: 10\r\n\r\n{");
        ::shutdown(peer.near.get(), SHUT_WR);
        CHECK_FALSE(serve(peer.far.get(), peer.far.get(), environment, {}));
    }
    SECTION("requests sent all at once are each answered once, also behind the disconnect") {
        for (int seq = 1; seq <= 4; ++seq) {
            peer.send(support::encodeMessage(
                {{"seq", seq}, {"type", "request"}, {"command", seq == 2 ? "disconnect" : "threads"}}));
        }
        CHECK(serve(peer.far.get(), peer.far.get(), environment, {}));
        std::array<char, 8192> buffer{};
        const auto count = ::recv(peer.near.get(), buffer.data(), buffer.size(), 0);
        support::MessageReader reader;
        reader.feed({buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))});
        for (int seq = 1; seq <= 4; ++seq) {
            const auto message = reader.next().value();
            REQUIRE(message);
            CHECK((*message)["request_seq"] == seq);
        }
    }
}
