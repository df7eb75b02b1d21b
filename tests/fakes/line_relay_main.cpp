// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf-line-relay BOARD_TTY RECORD NAME COAP: a LineRelay for tests in other languages, known to programs as the board
// NAME. Takes commands line by line, answers each with "ok": cut | plug | connect TTY | noise | lose board|workstation
// LETTER (the next debug frame towards there that begins so; "stop": one that tells of a stop).
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include <rbpf/debug.h>

#include "tests/fakes/line_relay.hpp"

using namespace rbpf::test;

namespace {

/// Frames that are nearly good, ends and escapes in wrong places, and everything in between.
std::vector<std::uint8_t> noise() {
    std::vector<std::uint8_t> bytes;
    for (unsigned i = 0; i < 2000; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i * i * 31 + i / 7));
        if (i % 97 == 0) {
            bytes.insert(bytes.end(), {0xC0, 0xAD, 'T', '0', '5', 0xC0, 0xDB});
        }
    }
    return bytes;
}

void lose(LineRelay& relay, Towards towards, const std::string& beginning) {
    const auto lost = std::make_shared<std::atomic<bool>>(false);
    relay.judge([=](Towards way, std::span<const std::uint8_t> frame) {
        return way == towards && debugPayload(frame).starts_with(beginning) && !lost->exchange(true)
                   ? LineRelay::Fate::Lost
                   : LineRelay::Fate::Passes;
    });
}

} // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        std::cerr << "expected BOARD_TTY RECORD NAME COAP\n";
        return 2;
    }
    LineRelay relay(arguments[1]);
    relay.publish(arguments[2], arguments[3], static_cast<std::uint16_t>(std::atoi(arguments[4])));
    std::cout << "ok" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command, first, second;
        words >> command >> first >> second;
        if (command == "cut") {
            relay.cut();
        } else if (command == "plug") {
            relay.plug();
        } else if (command == "connect") {
            relay.connect(first);
        } else if (command == "noise") {
            relay.noise(noise());
        } else if (command == "lose") {
            const std::string letter = second == "stop" ? std::string(1, static_cast<char>(RBPF_TELL_STOP)) : second;
            lose(relay, first == "board" ? Towards::Board : Towards::Workstation, letter);
        } else {
            std::cout << "unknown" << std::endl;
            continue;
        }
        std::cout << "ok" << std::endl;
    }
    return 0;
}
