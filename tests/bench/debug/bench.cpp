// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf-bench-debug BOARD IMAGE DEBUG_ELF: measures a debugger's session on a native board that runs the script beside
// this file, and history's ways back. Prints lines "NAME VALUE"; tests/bench/figures.py makes figures of them.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <random>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debugger/link/boards.hpp"
#include "debugger/session/session.hpp"
#include "debugger/transport/fd.hpp"
#include "debugger/transport/runtime_dir.hpp"
#include "tests/fakes/image_builder.hpp"
#include "tests/fakes/line_relay.hpp"
#include "tests/unit/debugger/session/recording_board.hpp"

using namespace rbpf;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

namespace {

constexpr int kSteps = 2000, kThrottledSteps = 60, kSeeks = 500;
constexpr unsigned kBaud = 115200;
constexpr double kBitsPerByte = 10;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "rbpf-bench-debug: %s\n", what.c_str());
    std::exit(1);
}

template <typename T>
T good(support::Result<T> result) {
    if (!result) {
        fail(result.error().message);
    }
    return std::move(*result);
}

void good(const support::Result<void>& result) {
    if (!result) {
        fail(result.error().message);
    }
}

void print(const char* name, double value) {
    std::printf("%s %.3f\n", name, value);
}

std::vector<std::uint8_t> contents(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.empty()) {
        fail(std::string(path) + ": cannot be read");
    }
    return bytes;
}

/// GET /go over UDP; nobody waits for the answer.
void trigger(std::uint16_t port) {
    const transport::Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::uint8_t packet[] = {0x50, 0x01, 0x12, 0x34, 0xB2, 'g', 'o'}; // non-confirmable, Uri-Path
    if (sendto(fd.get(), packet, sizeof packet, 0, reinterpret_cast<sockaddr*>(&to), sizeof to) < 0) {
        fail("the board cannot be asked over UDP");
    }
}

void awaitStop(session::Session& session) {
    const auto until = Clock::now() + 20s;
    while (Clock::now() < until) {
        const auto event = good(session.wait(1s));
        if (event && std::holds_alternative<session::Stop>(*event)) {
            return;
        }
        if (event && std::holds_alternative<session::Ended>(*event)) {
            fail(std::get<session::Ended>(*event).sentence);
        }
    }
    fail("the script did not stop");
}

/// Halted within a function that main's loop calls.
std::unique_ptr<session::Session> halted(session::Options options, const std::string& board, std::uint16_t coap) {
    options.board = board;
    auto session = good(session::Session::attach(options));
    session::BreakpointSpec spec;
    spec.kind = session::BreakpointSpec::Kind::Function;
    spec.function = "mixed";
    const int id = good(session->addBreakpoint(spec)).id;
    good(session->resume());
    trigger(coap);
    awaitStop(*session);
    good(session->removeBreakpoint(id));
    good(session->stepInto(session::Granularity::Instruction)); // tells the board that the breakpoint is gone
    awaitStop(*session);
    return session;
}

void step(session::Session& session) {
    good(session.stepInto(session::Granularity::Instruction));
    awaitStop(session);
}

/// What every front end shows of a stop.
void show(session::Session& session) {
    if (good(session.registers()).size() != 12 || good(session.variables(0)).empty()) {
        fail("there are no locals");
    }
    (void)good(session.readMemory(static_cast<std::uint32_t>(good(session.registers())[10]) - 16, 16));
}

void measureSteps(const session::Options& options, const link::BoardRecord& board) {
    auto session = halted(options, board.id, board.coap);
    std::vector<double> ms;
    for (int i = 0; i < kSteps; ++i) {
        const auto begin = Clock::now();
        step(*session);
        ms.push_back(Milliseconds(Clock::now() - begin).count());
    }
    std::ranges::sort(ms);
    print("step.ms.p50", ms[ms.size() / 2]);
    print("step.ms.p99", ms[ms.size() * 99 / 100]);
    good(session->detach(true));
}

/// On a line as slow as a real one: what a step and a look at its stop take, against their bytes.
void measureThrottled(const session::Options& options, const link::BoardRecord& board) {
    test::LineRelay line(board.serial, kBaud);
    const auto folder = transport::runtimeDir();
    if (!folder) {
        fail("there is no runtime folder");
    }
    line.publish(*folder / "boards" / "throttled.json", "throttled", board.coap);
    auto session = halted(options, "throttled", board.coap);
    const auto bytes = [&] {
        return line.traffic(test::Towards::Board).bytes + line.traffic(test::Towards::Workstation).bytes;
    };
    std::size_t most = 0;
    for (int looks = 0; looks < 20;) {
        step(*session);
        (void)line.traffic(test::Towards::Board);
        if (good(session->frames()).size() == 2) { // within the function
            show(*session);
            most = std::max(most, line.traffic(test::Towards::Board).frames);
            ++looks;
        }
    }
    print("stop.roundtrips", static_cast<double>(most));
    (void)bytes();
    const auto begin = Clock::now();
    for (int i = 0; i < kThrottledSteps; ++i) {
        step(*session);
        (void)good(session->frames());
        (void)good(session->variables(0));
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    print("step.throttled.ratio", seconds / (static_cast<double>(bytes()) * kBitsPerByte / kBaud));
    good(session->detach(true));
}

std::size_t heapBytes() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// Counts for ever, with a binding call that writes memory in every round of eight instructions.
session::History historyWith(std::uint64_t instructions) {
    using fakes::slot;
    fakes::ImageParts parts;
    parts.text = fakes::program({slot(0xbf, 6, 1, 0, 0), slot(0xb7, 1, 0, 0, 3), slot(0xbf, 2, 6, 0, 0),
                                 slot(0x85, 0, 0, 0, 0x13), slot(0x61, 7, 6, 0, 0), slot(0x07, 7, 0, 0, 1),
                                 slot(0x63, 6, 7, 0, 0), slot(0x05, 0, 0, -7, 0)});
    const auto image = fakes::buildImage(parts);
    session::test::RecordingBoard board(image);
    std::vector<session::test::RecordingBoard::Run> runs;
    runs.push_back(board.run({0, std::vector<std::uint8_t>(64), instructions, false}));
    return session::test::historyOf(image, runs);
}

void measureHistory() {
    auto history = historyWith(10000);
    std::mt19937_64 random(3);
    double worst = 0;
    for (int i = 0; i < kSeeks; ++i) {
        const std::uint64_t to = i == 0 ? 0 : random() % 10000;
        const auto begin = Clock::now();
        if (!history.stateAt(1, to)) {
            fail("history does not reach a step that was recorded");
        }
        worst = std::max(worst, Milliseconds(Clock::now() - begin).count());
    }
    print("history.seek.ms", worst);
    const std::size_t before = heapBytes();
    auto million = historyWith(1000000);
    for (int i = 0; i < kSeeks; ++i) {
        if (!million.stateAt(1, random() % 1000000)) {
            fail("history does not reach a step that was recorded");
        }
    }
    print("history.mb_per_million", static_cast<double>(heapBytes() - before) / 1e6);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        fail("expected BOARD IMAGE DEBUG_ELF");
    }
    session::Options options;
    options.image = contents(arguments[2]);
    options.debugElf = contents(arguments[3]);
    const auto board = good(link::resolveBoard(arguments[1]));
    measureSteps(options, board);
    measureThrottled(options, board);
    measureHistory();
    return 0;
}
