// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes on one line: all hear the board, whole frames from each reach it, and the line survives its owner.
#include <optional>
#include <thread>

#include "debugger/link/board_client.hpp"
#include "debugger/transport/shared_port.hpp"
#include "rbpf_wire/slipmux.hpp"
#include "tests/fakes/processes.hpp"
#include "tests/fakes/pty_board.hpp"

using namespace rbpf;
using namespace rbpf::transport;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

constexpr auto kPlenty = 10s;

link::Options patient() {
    link::Options options;
    options.deadline = 15s;
    return options;
}

/// A client that shares the line; quick to try again.
link::BoardClient connect(const std::string& path) {
    auto line = openShared(path);
    REQUIRE(line);
    return link::BoardClient(std::move(*line), {100ms, 1.5, 8});
}

/// Console text until it ends with a line feed.
std::string hearLine(link::BoardClient& client) {
    std::string text;
    const Clock::time_point until = Clock::now() + kPlenty;
    while (!text.ends_with('\n') && Clock::now() < until) {
        text += client.log(100ms).value_or("");
    }
    return text;
}

/// What another process does with the board: 'o' open, 'i' install, 'h' hear a line, 'c' close.
void obey(const Process::Channel& channel, PtyBoard& board, std::uint8_t fill, std::uint32_t slot = 1) {
    const std::string path = board.path();
    board.disown();
    std::optional<link::BoardClient> client;
    for (;;) {
        bool good = true;
        switch (channel.hear()) {
        case 'o': {
            auto line = openShared(path);
            good = line.has_value();
            if (good) {
                client.emplace(std::move(*line), link::CoapTiming{100ms, 1.5, 8});
            }
            break;
        }
        case 'i':
            good = client->install(slot, std::vector<std::uint8_t>(3000, fill), patient()).has_value();
            break;
        case 'h':
            good = hearLine(*client) == "hello\n";
            break;
        default:
            client.reset();
            break;
        }
        channel.say(good ? 'y' : 'n');
    }
}

} // namespace

TEST_CASE("two processes use one line at once, each with its own answers") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process other([&](const Process::Channel& channel) { obey(channel, board, 0xBB); });
    board.start();
    auto client = connect(board.path());
    other.say('o');
    REQUIRE(other.hear() == 'y');
    const std::vector<std::uint8_t> image(5000, 0xAA);
    REQUIRE(client.install(0, image, patient()));
    other.say('i');
    for (int i = 0; i < 20; ++i) {
        const auto back = client.readBack(0, patient());
        REQUIRE(back);
        CHECK(*back == image);
    }
    CHECK(other.hear() == 'y');
    CHECK(board.locked([](FakeBoard& b) { return b.slots[1] == Buffer(3000, 0xBB); }));
}

TEST_CASE("the board's console reaches every process, also while the owner is busy elsewhere") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process other([&](const Process::Channel& channel) { obey(channel, board, 1); });
    board.start();
    auto owner = connect(board.path());
    other.say('o');
    REQUIRE(other.hear() == 'y');
    other.say('i'); // the owner does nothing on the line meanwhile
    REQUIRE(other.hear() == 'y');
    board.print("hello\n");
    other.say('h');
    CHECK(other.hear() == 'y');
    CHECK(hearLine(owner) == "hello\n");
}

TEST_CASE("when the owner leaves, another process takes the line over") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process owner([&](const Process::Channel& channel) { obey(channel, board, 1); });
    Process third([&](const Process::Channel& channel) { obey(channel, board, 3); });
    board.start();
    owner.say('o');
    REQUIRE(owner.hear() == 'y');
    auto client = connect(board.path());
    third.say('o');
    REQUIRE(third.hear() == 'y');
    REQUIRE(client.install(0, {1, 2, 3}, patient()));
    owner.say('c');
    REQUIRE(owner.hear() == 'y');
    REQUIRE(client.install(0, {4, 5, 6}, patient()));
    third.say('i');
    CHECK(third.hear() == 'y');
    CHECK(board.locked([](FakeBoard& b) { return b.slots[0] == Buffer{4, 5, 6} && b.slots[1] == Buffer(3000, 3); }));
}

TEST_CASE("an owner that is killed in the middle of another's install does not break it") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process owner([&](const Process::Channel& channel) { obey(channel, board, 1); });
    board.start();
    owner.say('o');
    REQUIRE(owner.hear() == 'y');
    auto client = connect(board.path());
    link::Options options = patient();
    options.progress = [&](std::size_t done, std::size_t) {
        if (done > 4000) {
            owner.kill();
        }
    };
    const std::vector<std::uint8_t> image(10000, 7);
    REQUIRE(client.install(2, image, options));
    CHECK(board.locked([&](FakeBoard& b) { return b.slots[2] == image && b.installs == 1; }));
}

TEST_CASE("what an owner has written before it leaves reaches the board") {
    RuntimeFolder runtime;
    PtyBoard board;
    board.start();
    for (int round = 0; round < 20; ++round) {
        auto line = openShared(board.path());
        REQUIRE(line);
        const Buffer before(1, static_cast<std::uint8_t>(round));
        // PUT /rbpf/slots/3, non-confirmable: nobody waits for its answer.
        Buffer message(64);
        wire::CoapBuilder builder(message.data(), message.size());
        builder.begin(wire::CoapType::NonConfirmable, wire::kCoapPut, static_cast<std::uint16_t>(round), {});
        builder.path("rbpf/slots/3");
        builder.payload({before.data(), before.size()});
        message.resize(builder.finish());
        Buffer frame(wire::slipmuxBound(message.size()));
        frame.resize(wire::slipmuxEncode(0xA9, {message.data(), message.size()}, frame.data(), frame.size()));
        REQUIRE((*line)->write(frame, Clock::now() + kPlenty));
        line->reset();
        const Clock::time_point until = Clock::now() + kPlenty;
        const auto arrived = [&] { return board.locked([&](FakeBoard& b) { return b.slots[3] == before; }); };
        while (!arrived() && Clock::now() < until) {
            std::this_thread::yield();
        }
        REQUIRE(arrived());
    }
}

TEST_CASE("a board that is unplugged is an error for owner and client") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process other([&](const Process::Channel& channel) {
        board.disown();
        channel.hear();
        auto line = openShared(board.path());
        channel.say(line ? 'y' : 'n');
        std::uint8_t byte = 0;
        const auto got = (*line)->read({&byte, 1}, Clock::now() + kPlenty);
        channel.say(!got && got.error().kind == ErrorKind::Link ? 'y' : 'n');
    });
    board.start();
    auto line = openShared(board.path());
    REQUIRE(line);
    other.say('o');
    REQUIRE(other.hear() == 'y');
    board.unplug();
    std::uint8_t byte = 0;
    const auto got = (*line)->read({&byte, 1}, Clock::now() + kPlenty);
    INFO((got ? std::to_string(*got) + " bytes, " + std::to_string(byte) : got.error().message));
    REQUIRE(!got);
    CHECK(got.error().kind == ErrorKind::Link);
    line->reset();
    CHECK(other.hear() == 'y');
}

TEST_CASE("another board that has got the path of an unplugged one is not taken for it") {
    RuntimeFolder runtime;
    PtyBoard board;
    PtyBoard other;
    board.start();
    other.start();
    const std::filesystem::path path = runtime.folder / "port";
    std::filesystem::create_symlink(board.path(), path);
    auto owner = openShared(path);
    REQUIRE(owner);
    auto second = openShared(path);
    REQUIRE(second);
    std::filesystem::remove(path);
    std::filesystem::create_symlink(other.path(), path);
    owner->reset(); // the second would now become the owner
    const std::uint8_t frame[] = {0xc0, 1, 0xc0};
    support::Result<void> sent;
    const Clock::time_point until = Clock::now() + kPlenty;
    while (sent && Clock::now() < until) {
        sent = (*second)->write(frame, until);
    }
    REQUIRE(!sent);
    CHECK(sent.error().message.find("the port has disappeared") != std::string::npos);
}

TEST_CASE("a second connection of one process hears that the line is gone while the first one lives") {
    RuntimeFolder runtime;
    PtyBoard board;
    board.start();
    auto owner = openShared(board.path());
    REQUIRE(owner);
    auto second = openShared(board.path());
    REQUIRE(second);
    board.unplug();
    std::uint8_t byte = 0;
    const auto got = (*second)->read({&byte, 1}, Clock::now() + kPlenty);
    REQUIRE(!got); // not 0: a deadline that passed in silence
    CHECK(got.error().kind == ErrorKind::Link);
    CHECK(!openShared(board.path()));
    CHECK(std::filesystem::is_empty(runtime.folder)); // no socket that nobody serves
}

TEST_CASE("a second connection of one process goes on when the first one is closed") {
    RuntimeFolder runtime;
    PtyBoard board;
    board.start();
    for (int round = 0; round < 20; ++round) {
        std::optional<link::BoardClient> owner(connect(board.path()));
        std::optional<link::BoardClient> second(connect(board.path()));
        auto third = connect(board.path());
        REQUIRE(second->install(0, {1, 2, 3}, patient()));
        owner.reset();
        REQUIRE(second->install(1, {static_cast<std::uint8_t>(round)}, patient()));
        second.reset();
        REQUIRE(third.readBack(1, patient()).value() == Buffer{static_cast<std::uint8_t>(round)});
    }
}

TEST_CASE("when an owner is killed with two others waiting, one takes over and both get their answers") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process owner([&](const Process::Channel& channel) { obey(channel, board, 1); });
    Process one([&](const Process::Channel& channel) { obey(channel, board, 2); });
    Process two([&](const Process::Channel& channel) { obey(channel, board, 3, 2); });
    board.start();
    for (Process* process : {&owner, &one, &two}) {
        process->say('o');
        REQUIRE(process->hear() == 'y');
    }
    // Both wait for an answer when the owner dies.
    board.locked([&](FakeBoard&) {
        one.say('i');
        two.say('i');
        owner.kill();
        return true;
    });
    CHECK(one.hear() == 'y');
    CHECK(two.hear() == 'y');
    CHECK(board.locked([](FakeBoard& b) { return b.slots[1] == Buffer(3000, 2) && b.slots[2] == Buffer(3000, 3); }));
}

TEST_CASE("a program that holds the line without sharing it is named") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process other([&](const Process::Channel& channel) {
        board.disown();
        channel.hear();
        const auto line = transport::open(board.path());
        channel.say(line ? 'y' : 'n');
        channel.hear();
    });
    other.say('o');
    REQUIRE(other.hear() == 'y');
    const auto line = openShared(board.path());
    REQUIRE(!line);
    CHECK(line.error().message.find("held by " + std::to_string(other.pid())) != std::string::npos);
}

TEST_CASE("a client that does not read does not stop the others") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process sleeper([&](const Process::Channel& channel) {
        board.disown();
        channel.hear();
        const auto line = openShared(board.path());
        channel.say(line ? 'y' : 'n');
        channel.hear(); // and never reads
    });
    board.start();
    auto client = connect(board.path());
    sleeper.say('o');
    REQUIRE(sleeper.hear() == 'y');
    const std::vector<std::uint8_t> image(60000, 9);
    REQUIRE(client.install(0, image, patient()));
    const auto back = client.readBack(0, patient());
    REQUIRE(back);
    CHECK(*back == image);
}

TEST_CASE("a line is shared under a runtime folder with a long name") {
    RuntimeFolder runtime;
    const auto deep = runtime.folder / std::string(100, 'd') / std::string(100, 'e');
    std::filesystem::create_directories(deep);
    std::filesystem::permissions(deep, std::filesystem::perms::owner_all);
    setenv("RBPF_RUNTIME_DIR", deep.c_str(), 1);
    PtyBoard board;
    Process other([&](const Process::Channel& channel) { obey(channel, board, 1); });
    board.start();
    auto client = connect(board.path());
    other.say('o');
    REQUIRE(other.hear() == 'y');
    other.say('i');
    CHECK(other.hear() == 'y');
}
