// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_commands.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

using namespace rbpf::cli::debug;

TEST_CASE("No two commands share a name or an abbreviation, and each is explained with an example that finds it") {
    std::set<std::string> words;
    for (const Command& command : commands()) {
        INFO(command.name);
        CHECK(words.insert(std::string(command.name)).second);
        std::istringstream abbreviations{std::string(command.abbreviations)};
        for (std::string word; abbreviations >> word;) {
            INFO(word);
            CHECK(words.insert(word).second);
        }
        CHECK(command.sentence.ends_with('.'));
        const auto found = findCommand(splitCommand(command.example).command);
        REQUIRE(found);
        CHECK((*found)->name == command.name);
    }
}

TEST_CASE("A command may be cut short while that is clear") {
    CHECK((*findCommand("cont"))->name == "continue");
    CHECK((*findCommand("s"))->name == "step");
    CHECK((*findCommand("tim"))->name == "timeline");
    const auto unclear = findCommand("back-");
    REQUIRE_FALSE(unclear);
    CHECK(unclear.error().message.find("back-next") != std::string::npos);
}

TEST_CASE("A misspelt command is answered with the one that was meant") {
    const auto found = findCommand("braek");
    REQUIRE_FALSE(found);
    CHECK(found.error().message == "there is no command \"braek\"");
    CHECK(found.error().hint == "did you mean \"break\"?");
}

TEST_CASE("A format sticks to its command") {
    CHECK(splitCommand("  x/8xb $r10-8 ").command == "x");
    CHECK(splitCommand("x/8xb $r10-8").arguments == "/8xb $r10-8");
    CHECK(splitCommand("back-next 2").command == "back-next");
    CHECK(splitCommand("").command.empty());
    CHECK(splitCommand("# a comment").command == "#");
}

TEST_CASE("Help names every command") {
    const std::string text = helpText();
    for (const Command& command : commands()) {
        CHECK(text.find("  " + std::string(command.name)) != std::string::npos);
        CHECK(helpText(command).find("Example: ") != std::string::npos);
    }
}
