// SPDX-License-Identifier: LGPL-2.1-or-later
// One run of qemu-system-arm: the board's serial line, its flash from outside, its end. Everything goes over socket
// pairs, so that nothing of it is left behind and its end is heard at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>
#include <tl/expected.hpp>

namespace rbpf::qemu {

/// What a board's name means to QEMU.
struct MachineKind {
    const char* board;
    const char* machine;      ///< -M
    std::uint32_t controller; ///< base address of the NVMC that its flash hides behind; 0: memory like any other
    std::uint32_t pageBytes;  ///< that are erased at once
};

/// nullptr if QEMU has no such board.
const MachineKind* findMachine(const std::string& board);
std::string machineNames();

class Machine {
public:
    /// Starts QEMU, halted before the firmware's first instruction. Its words go to standard error.
    static tl::expected<Machine, std::string> start(const MachineKind& kind, const std::string& firmware,
                                                    const std::vector<std::string>& arguments);
    Machine(Machine&& other) noexcept;
    Machine& operator=(Machine&&) = delete;
    ~Machine(); ///< ends QEMU

    /// Non-blocking; what the board's UART sends and receives.
    [[nodiscard]] int serial() const { return serial_; }
    /// QEMU's events come here, and its end.
    [[nodiscard]] int monitor() const { return monitor_; }

    /// Makes flash as a new chip has it; `size` is rounded up to pages.
    bool erase(std::uint32_t address, std::size_t size);
    /// Writes erased flash.
    bool write(std::uint32_t address, const std::uint8_t* data, std::size_t size);
    /// Reads memory through a file at `path`, which goes.
    tl::expected<std::vector<std::uint8_t>, std::string> read(std::uint32_t address, std::size_t size,
                                                              const std::string& path);
    bool resume() { return command(R"({"execute": "cont"})"); }
    bool halt() { return command(R"({"execute": "stop"})"); }
    /// Takes what the monitor has said by itself. False if QEMU has ended.
    bool takeEvents();
    /// How QEMU ended, in words; waits for it.
    std::string ending();

private:
    Machine(const MachineKind& kind, pid_t pid, int serial, int monitor, int tester)
        : kind_(&kind), pid_(pid), serial_(serial), monitor_(monitor), tester_(tester) {}

    bool command(const std::string& json);
    bool test(const std::string& line);
    bool setRegister(std::uint32_t offset, std::uint32_t value);
    bool put(std::uint32_t address, const std::uint8_t* data, std::size_t size);
    bool readLine(int descriptor, std::string& buffer, std::string& line);

    const MachineKind* kind_;
    pid_t pid_;
    int serial_;
    int monitor_; ///< QMP
    int tester_;  ///< QTest
    std::string monitorText_;
    std::string testerText_;
};

} // namespace rbpf::qemu
