// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "tests/unit/firmware/rbpf_agent/debug_bench.hpp"

using namespace rbpf;
using namespace rbpf::agent;

namespace {

constexpr std::uint32_t kRecord = RBPF_ADDRESS(RBPF_REGION_GRANT + 1, 0);

/// A CoAP script with a local call, a loop, a sensor and an answer of one character.
Blob busy(std::int32_t rounds) {
    return make({move(6, 1),
                 mov(7, 0),
                 add(7, 1),
                 fakes::slot(0xBF, 8, 7, 0, 0),
                 callLocal(20, 32),
                 fakes::slot(0xA5, 7, 0, -4, rounds), // jlt
                 mov(1, 1),
                 move(2, 10),
                 add(2, -8),
                 call(0x32), // saul_reg_read(1, &reading)
                 move(1, 6),
                 mov(2, 69),
                 call(0x40),
                 move(1, 6),
                 mov(2, 1),
                 call(0x41), // resp_init, opt_finish
                 move(7, 0),
                 move(1, 6),
                 call(0x43),
                 storeImm(0x10, 0, 0, 'z'), // *get_pdu = 'z'
                 move(0, 7),
                 add(0, 1),
                 leave(),
                 mov(0, 0),
                 leave(),
                 storeImm(0x18, 10, -16, 7),
                 move(0, 8),
                 fakes::slot(0x27, 0, 0, 0, 3),
                 leave()},
                "coap/x");
}

std::pair<std::uint32_t, std::string> piece(const std::string& note) {
    const std::size_t colon = note.find(':'), comma = note.find(',');
    return {static_cast<std::uint32_t>(std::stoul(note.substr(colon + 1), nullptr, 16)), note.substr(comma + 1)};
}

unsigned count(const std::vector<std::string>& notes, const std::string& start) {
    unsigned found = 0;
    for (const auto& note : notes) {
        found += note.rfind(start, 0) == 0 ? 1 : 0;
    }
    return found;
}

/// Everything the script can reach: stack, context, the request's buffer and its record.
std::string memoryOf(DebugBench& bench) {
    constexpr unsigned kPiece = 128;
    const std::pair<std::uint32_t, unsigned> regions[] = {
        {RBPF_ADDRESS(RBPF_REGION_STACK, 0), 512},
        {RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0), 24},
        {RBPF_ADDRESS(RBPF_REGION_GRANT, 0), 256},
        {kRecord, 16},
    };
    std::string all;
    for (const auto& [start, size] : regions) {
        for (unsigned at = 0; at < size; at += kPiece) {
            char request[32];
            std::snprintf(request, sizeof request, "m%x,%x", start + at, std::min(kPiece, size - at));
            all += bench.ask(request);
        }
    }
    REQUIRE(all.size() == 2 * (512 + 24 + 256 + 16));
    return all;
}

} // namespace

TEST_CASE("Stepping every instruction of two runs leads through the states of an undebugged run") {
    // The undebugged run is the VM's own, on the same inputs, cut after each instruction count.
    DebugBench bench;
    const Blob image = busy(3);
    REQUIRE(bench.board.install(0, image).code == wire::kCoapCreated);
    for (int run = 0; run < 2; ++run) {
        std::vector<Halt> stepped;
        std::vector<std::string> memory;
        bench.attach();
        bench.send("s");
        bench.board.settle();
        bench.request("x");
        stepped.push_back(bench.stop(bench.replies().at(0)));
        memory.push_back(memoryOf(bench));
        while (true) {
            const std::string reply = bench.ask("s");
            if (reply == "none") {
                break;
            }
            stepped.push_back(bench.stop(reply));
            memory.push_back(memoryOf(bench));
        }
        const auto answers = bench.board.answers();
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].payload == Blob{'z'});
        bench.ask("\x03");
        bench.ask("D");

        for (std::size_t i = 0; i < stepped.size(); ++i) {
            INFO("run " << run << " step " << i);
            REQUIRE(stepped[i].came);
            CHECK(stepped[i].instructions == i);
        }
        // Undebugged: full slices until a breakpoint-free budget of exactly i instructions is spent.
        for (std::size_t i = 1; i < stepped.size(); ++i) {
            DebugBench cut;
            Blob limited = image;
            const auto budget = static_cast<std::uint32_t>(i);
            std::memcpy(&limited[offsetof(rbpf_image_header_t, budget)], &budget, 4);
            fakes::fixChecksum(limited);
            cut.board.install(0, limited);
            cut.attach();
            cut.stopOn(RBPF_STOP_BUDGET);
            cut.send("c");
            cut.request("x");
            const auto replies = cut.replies();
            REQUIRE(replies.size() == 1);
            const Halt at = cut.stop(replies[0]);
            INFO("step " << i);
            CHECK(at.cause == RBPF_CAUSE_BUDGET);
            CHECK(std::equal(at.reg, at.reg + 12, stepped[i].reg));
            if (run == 0) { // later requests have other message ids
                CHECK(memoryOf(cut) == memory[i]);
            }
        }
    }
}

TEST_CASE("A recorded run: how it began, what every binding wrote and returned, how it ended") {
    DebugBench bench;
    bench.board.install(0, busy(2));
    bench.attach();
    CHECK(bench.history(true) == "OK");
    CHECK(bench.ask("c") == "none");
    bench.notes();
    bench.request("x");
    const auto notes = bench.notes();
    REQUIRE(notes.size() > 10);
    CHECK(notes[0] == "%Start:1,0,40000000,18,10000200");
    std::map<std::uint32_t, std::string> memory;
    std::set<std::string> regions;
    for (std::size_t i = 1; notes[i].rfind("%Call:", 0) != 0 && notes[i].rfind("%Write:", 0) != 0; ++i) {
        if (notes[i].rfind("%Region:", 0) == 0) {
            regions.insert(notes[i]);
            continue;
        }
        memory.insert(piece(notes[i]));
        CHECK(piece(notes[i]).second.size() <= 96);
    }
    CHECK(regions == std::set<std::string>{"%Region:4,18,3", "%Region:5,100,3", "%Region:6,10,1"});
    CHECK(memory.size() == 1 + 3 + 1);
    CHECK(memory.count(kRecord) == 1);
    CHECK(memory[RBPF_ADDRESS(5, 0)].size() == 96);
    CHECK(count(notes, "%Call:") == 4);
    // saul_reg_read wrote 8 bytes at r10 - 8, and returned 1.
    for (std::size_t i = 0; i < notes.size(); ++i) {
        if (notes[i].find(",32,") != std::string::npos && notes[i].rfind("%Call:", 0) == 0) {
            CHECK(piece(notes[i - 1]).first == RBPF_ADDRESS(RBPF_REGION_STACK, 512 - 8));
            CHECK(piece(notes[i - 1]).second == std::string("\0\0\0\0\0\0\x19\0", 8));
            CHECK(notes[i].substr(notes[i].rfind(',')) == ",1");
        }
        if (notes[i].find(",41,") != std::string::npos && notes[i].rfind("%Call:", 0) == 0) {
            CHECK(piece(notes[i - 2]).first == kRecord);
            CHECK(piece(notes[i - 1]).second == "\xff"); // the payload marker
        }
    }
    CHECK(notes.back().rfind("%End:1,a,", 0) == 0);
    CHECK(bench.board.answers().at(0).payload == Blob{'z'});
}

TEST_CASE("On a congested line the debugged container waits, the others go on, and nothing is lost") {
    DebugBench free, slow;
    std::vector<std::string> expected, came;
    for (DebugBench* bench : {&free, &slow}) {
        bench->board.install(0, busy(2));
        bench->board.install(1, counts("timer/1000", "other"));
        bench->attach();
        bench->history(true);
        bench->ask("c");
        bench->notes();
    }
    free.request("x");
    expected = free.notes();
    slow.board.port.lineRoom = 0;
    slow.request("x");
    CHECK(slow.notes().empty());
    for (int i = 0; i < 10; ++i) {
        slow.wait(1000);
    }
    slow.board.port.lineRoom = SIZE_MAX;
    CHECK(slow.notes().empty());
    slow.wait(20);
    came = slow.notes();
    CHECK(came == expected);
    CHECK(runs(slow.board, 1) >= 10);

    // A few bytes at a time.
    free.request("x");
    expected = free.notes();
    slow.board.port.lineRoom = 0;
    slow.request("x");
    came.clear();
    for (int i = 0; i < 3000; ++i) {
        slow.board.port.lineRoom = 7;
        slow.wait(20);
        for (const auto& note : slow.notes()) {
            came.push_back(note);
        }
    }
    CHECK(count(came, "%Memory:") == count(expected, "%Memory:"));
    CHECK(count(came, "%Write:") == count(expected, "%Write:"));
    CHECK(count(came, "%Call:") == count(expected, "%Call:"));
    REQUIRE_FALSE(came.empty());
    CHECK(came.back().rfind("%End:2,a,", 0) == 0);
}

TEST_CASE("A reply that a congested line has no room for is lost, and the next one comes whole") {
    DebugBench bench;
    bench.board.install(0, busy(2));
    bench.attach();
    bench.replies();
    bench.board.port.lineRoom = 0;
    for (int i = 0; i < 50; ++i) {
        bench.send("m10000000,c8");
        bench.board.settle();
    }
    CHECK(bench.replies().empty());
    bench.board.port.lineRoom = SIZE_MAX;
    bench.wait(20);
    const auto replies = bench.replies();
    REQUIRE_FALSE(replies.empty());
    CHECK(replies.size() < 50);
    for (const auto& reply : replies) {
        CHECK(reply.size() == 400);
    }
    CHECK(bench.ask("m10000000,c8").size() == 400);
}

TEST_CASE("A stop that a congested line has no room for comes later, and once") {
    DebugBench bench;
    bench.board.install(0, busy(2));
    bench.attach();
    bench.board.port.lineRoom = 0;
    for (int i = 0; i < 50; ++i) {
        bench.send("m10000000,c8");
        bench.send("?");
        bench.board.settle();
    }
    bench.board.port.lineRoom = SIZE_MAX;
    bench.wait(20);
    const auto replies = bench.replies();
    CHECK(bench.stop(replies.back()).came);
    bench.wait(20);
    CHECK(bench.replies().empty());
}

TEST_CASE("Data is told again only where the last run's end does not say it") {
    DebugBench bench;
    fakes::ImageParts parts;
    parts.text = fakes::program({mov(0, -163), leave()});
    parts.bssBytes = 8;
    parts.entries[0].trigger = "coap/x";
    bench.board.install(0, fakes::buildImage(parts));
    bench.attach();
    bench.history(true);
    bench.ask("c");
    const auto dataTold = [&bench] {
        bench.notes();
        bench.request("x");
        return count(bench.notes(), "%Memory:30000000,");
    };
    CHECK(dataTold() == 1);
    CHECK(dataTold() == 0);
    bench.ask("\x03");
    CHECK(bench.ask("M30000000:07") == "OK");
    bench.ask("c");
    CHECK(dataTold() == 1);
}

TEST_CASE("History begins with the next run") {
    DebugBench bench;
    bench.board.install(0, busy(2));
    bench.attach();
    bench.ask("Z0,8,0");
    bench.send("c");
    bench.request("x");
    bench.history(true);
    bench.ask("z0,8,0");
    bench.ask("c");
    CHECK(bench.notes() == std::vector<std::string>{"%End:1,a,23,8,0,0"});
    bench.request("x");
    CHECK(count(bench.notes(), "%Start:2,") == 1);
}

TEST_CASE("What a binding call that faults was to write is not told") {
    DebugBench bench;
    bench.board.install(
        0, make({move(1, 10), add(1, -8), mov(2, 4), mov(3, 8), call(0x02), mov(0, 0), leave()}, "event/e"));
    bench.attach();
    bench.history(true);
    bench.send("c");
    bench.board.agent->fire("e", nullptr, 0);
    bench.board.settle();
    CHECK(bench.stop(bench.replies().at(0)).cause == RBPF_CAUSE_FAULT);
    CHECK(bench.notes() == std::vector<std::string>{"%Start:1,0,0,0,10000200"});
    CHECK(bench.ask("c") == "none");
    CHECK(count(bench.notes(), "%End:1,6,") == 1);
}
