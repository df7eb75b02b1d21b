// SPDX-License-Identifier: GPL-3.0-or-later
// With a shell script as a clangd that says nothing.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <set>

#include "sdk/language/server_clangd.hpp"
#include "tests/unit/sdk/project/folder.hpp"

using namespace rbpf;
using namespace rbpf::language;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("a clangd that hangs is started again, and given up when the next ones hang, too") {
    const testing::Folder folder;
    const std::filesystem::path program = folder.path() / "clangd";
    folder.write("clangd", "#!/bin/sh\nexec sleep 1000\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    ::setenv("RBPF_CLANGD", program.c_str(), 1);
    std::string lost;
    unsigned ready = 0;
    Clangd clangd({[](const std::string&, const json&) {}, [](const json&, const std::string&, const json&) {}, [] {},
                   [&](const support::Error& error) { lost = error.message; }},
                  {20ms, 20ms, 20ms, 10s});
    clangd.start(json::object(), Encoding::Utf8, [&](const json& result) {
        CHECK(result.is_null());
        ++ready;
    });
    std::set<pid_t> programs;
    std::vector<json> answers;
    const auto serviceUntil = [&](const std::function<bool()>& isDone) {
        for (const auto end = Clock::now() + 8s; !isDone() && Clock::now() < end;) {
            pollfd none{clangd.descriptor(), POLLIN, 0};
            ::poll(&none, 1, 10);
            clangd.service();
        }
        return isDone();
    };
    for (unsigned asked = 1; asked <= 4; ++asked) {
        REQUIRE(serviceUntil([&] { return clangd.isRunning(); })); // after a pause
        programs.insert(clangd.pid());
        clangd.request("textDocument/hover", json::object(), [&](json answer) { answers.push_back(std::move(answer)); });
        REQUIRE(serviceUntil([&] { return answers.size() == asked; }));
        CHECK(answers.back()["error"]["code"].is_number());
    }
    ::unsetenv("RBPF_CLANGD");
    CHECK(programs.size() == 4);
    CHECK_FALSE(clangd.isRunning());
    CHECK(ready == 1);
    CHECK(lost.starts_with("clangd no longer answered, again and again"));
}
