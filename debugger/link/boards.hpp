// SPDX-License-Identifier: GPL-3.0-or-later
// Which boards there are: those that run as processes here (native, in QEMU), from their records in the runtime folder,
// those on USB, and those that the user has given a name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::link {

enum class BoardPlace : std::uint8_t {
    Process, ///< runs on this machine: native, or in QEMU
    Usb,     ///< plugged in, and known by its ids
    Remote,  ///< behind a network address
    Port,    ///< a serial port of which no more is known
};

struct BoardRecord {
    std::string id; ///< what --board takes: a process's name, "usb:SERIAL", "usb@1-1.2"; stays when the board is
                    ///< plugged in again
    BoardPlace place = BoardPlace::Process;
    std::string board;        ///< "native", "microbit", …; "serial" for a port of which no more is known
    std::string name;         ///< of a USB board, for people: "BBC micro:bit"
    std::string serial;       ///< address for transport::openShared(); "" while a USB board has no tty
    std::uint16_t coap = 0;   ///< UDP port, 0 = none
    int pid = 0;              ///< of a board's process, 0 = none
    std::string stateFile;    ///< path of a native board's state, or ""
    std::string serialNumber; ///< of a USB board, or ""
    std::string probe;        ///< of a USB board: its debug probe's unique id as pyOCD takes it, or ""
    std::string target;       ///< of a USB board: pyOCD's name of its chip, or ""
    bool bootloader = false;  ///< a USB board that waits for firmware
    bool sharedIds = false;   ///< a USB device that may be something else: used only when it is named

    bool operator==(const BoardRecord&) const = default;
};

/// Running boards by name, then USB boards, then remembered ones by name. Records whose process has ended are removed;
/// unreadable ones are left out.
[[nodiscard]] std::vector<BoardRecord> listBoards();

/// Those of listBoards() that may be used without being named.
[[nodiscard]] std::vector<BoardRecord> attachedBoards();

/// Serial ports (ttyACM…, ttyUSB…) that belong to no board of listBoards(). They are opened only when they are named.
[[nodiscard]] std::vector<std::string> otherPorts();

/// The board that a user means: an id, a kind of board if there is only one ("microbit"), part of a serial number
/// ("usb:9904"), "VID:PID:SERIAL", a path ("/dev/ttyACM0"), "tcp://host:port" or "rfc2217://host:port". Its `serial`
/// may be "". Errors list what there is.
[[nodiscard]] support::Result<BoardRecord> findBoard(const std::string& name);

/// The same, with a line that can be opened; with "" the only one of attachedBoards(). Asked again after a board was
/// plugged in again, it gives the tty that the board has now.
[[nodiscard]] support::Result<BoardRecord> resolveBoard(const std::string& name);

} // namespace rbpf::link
