// SPDX-License-Identifier: GPL-3.0-or-later
// Each state a board can be in, with its next step.
#include <rbpf/wire.h>
#include <sys/file.h>

#include "debugger/link/board_state.hpp"
#include "rbpf_wire/cbor.hpp"
#include "tests/fakes/processes.hpp"
#include "tests/fakes/pty_board.hpp"

using namespace rbpf;
using namespace rbpf::link;
using namespace rbpf::test;
using namespace std::chrono_literals;

namespace {

/// What GET /rbpf answers on a board that speaks this version of the protocol.
Buffer description(std::uint32_t protocol) {
    Buffer bytes(64);
    wire::CborWriter writer(bytes.data(), bytes.size());
    writer.map(2);
    writer.text(RBPF_KEY_PROTOCOL);
    writer.uint(protocol);
    writer.text(RBPF_KEY_FIRMWARE);
    writer.text("9.8.7");
    bytes.resize(writer.size());
    return bytes;
}

BoardRecord usbBoard(const std::string& serial) {
    BoardRecord board;
    board.id = "usb:AB12";
    board.place = BoardPlace::Usb;
    board.board = "microbit";
    board.serial = serial;
    board.probe = "AB12";
    return board;
}

/// The state of a board that answers with `content`; nothing if empty.
BoardStatus lookAtOneWith(const Buffer& content, BoardPlace place) {
    RuntimeFolder runtime;
    PtyBoard board;
    board.locked([&](FakeBoard& fake) { fake.content["rbpf"] = content; });
    if (!content.empty()) {
        board.start();
    }
    BoardRecord record = usbBoard(board.path());
    record.place = place;
    return lookAt(record, content.empty() ? 50ms : 10000ms);
}

} // namespace

TEST_CASE("a board that speaks our protocol is ready to be deployed to") {
    const BoardStatus status = lookAtOneWith(description(RBPF_PROTOCOL_VERSION), BoardPlace::Usb);
    CHECK(status.state == BoardState::Ready);
    CHECK(status.firmware == "9.8.7");
    CHECK(status.reason.empty());
    CHECK(status.next == "`rbpf deploy --board usb:AB12`");
}

TEST_CASE("firmware of another version is named, and who must be updated") {
    const BoardStatus newer = lookAtOneWith(description(RBPF_PROTOCOL_VERSION + 1), BoardPlace::Usb);
    CHECK(newer.state == BoardState::WrongVersion);
    CHECK(newer.firmware == "9.8.7");
    CHECK(newer.next == "update rBPF Studio");
    const BoardStatus older = lookAtOneWith(description(RBPF_PROTOCOL_VERSION - 1), BoardPlace::Usb);
    CHECK(older.state == BoardState::WrongVersion);
    CHECK(older.next == "`rbpf flash --board usb:AB12` puts firmware on it");
    CHECK(lookAtOneWith({0xff}, BoardPlace::Usb).state == BoardState::WrongVersion);
}

TEST_CASE("who does not answer is without firmware on USB, and stuck as a process") {
    const BoardStatus plugged = lookAtOneWith({}, BoardPlace::Usb);
    CHECK(plugged.state == BoardState::NoFirmware);
    CHECK(plugged.next == "`rbpf flash --board usb:AB12` puts firmware on it");
    const BoardStatus process = lookAtOneWith({}, BoardPlace::Process);
    CHECK(process.state == BoardState::NoAnswer);
    CHECK(process.next == "`rbpf board stop usb:AB12`, then start it again");
}

TEST_CASE("what may be something else, waits for firmware or has no port is not opened") {
    BoardRecord unsure = usbBoard("/dev/null");
    unsure.sharedIds = true;
    CHECK(lookAt(unsure, 10s).state == BoardState::Unchecked);
    BoardRecord waiting = usbBoard("/dev/null");
    waiting.bootloader = true;
    waiting.probe.clear();
    CHECK(lookAt(waiting, 10s).state == BoardState::NoFirmware);
    CHECK(lookAt(waiting, 10s).next == "put firmware with the rBPF agent on it");
    CHECK(lookAt(usbBoard(""), 10s).state == BoardState::NoAnswer);
    CHECK(lookAt(usbBoard("/dev/null"), 10s).reason == "/dev/null: not a serial port");
}

TEST_CASE("a port that another program holds is busy by it") {
    RuntimeFolder runtime;
    PtyBoard board;
    Process holder([&](const Process::Channel& channel) {
        const int fd = open(board.path().c_str(), O_RDWR | O_NOCTTY);
        channel.say(flock(fd, LOCK_EX | LOCK_NB) == 0 ? 'y' : 'n');
        channel.hear();
    });
    REQUIRE(holder.hear() == 'y');
    const BoardStatus status = lookAt(usbBoard(board.path()), 10s);
    CHECK(status.state == BoardState::Busy);
    CHECK(status.heldBy.starts_with(std::to_string(holder.pid()) + " ("));
    CHECK(status.next == "close that program");
}
