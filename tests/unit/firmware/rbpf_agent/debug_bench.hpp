// SPDX-License-Identifier: GPL-3.0-or-later
// A debugger on the serial line of a board on the bench.
#pragma once

#include <rbpf/debug.h>

#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

/// A stop reply, taken apart.
struct Halt {
    bool came = false;
    int signal = -1;
    std::string fields; ///< everything behind the signal
    std::uint64_t reg[12] = {};
    unsigned cause = 99;
    std::uint64_t instructions = 0;
    unsigned status = 0, detail = 0;
    [[nodiscard]] std::uint64_t pc() const { return reg[11]; }
};

class DebugBench {
public:
    /// Sends a payload, lets the board work, returns the reply; "none" if there was not exactly one.
    std::string ask(const std::string& payload);
    void send(const std::string& payload);
    /// What has come and is no notification.
    std::vector<std::string> replies();
    /// Notifications that have come.
    std::vector<std::string> notes();
    /// vAttach, settings at their defaults.
    Halt attach(unsigned slot = 0) { return stop(ask("vAttach;" + std::to_string(slot + 1))); }
    Halt go(const std::string& how = "c") { return stop(ask(how)); }
    static Halt stop(const std::string& reply);
    /// Sends a CoAP GET and lets the board work.
    void request(const std::string& path);
    void wait(unsigned ms) {
        board.port.advanceMs(ms);
        board.settle();
    }

    BenchBoard board;

private:
    void collect();

    std::vector<std::string> replies_, notes_;
};

/// Runs of a counts() script, by what it has stored.
unsigned runs(BenchBoard& board, unsigned slot);
/// 8 bytes, as RSP writes a register.
std::string littleEndian(std::uint64_t value, unsigned bytes = 8);
std::string toHex(const std::string& bytes);

// More instructions. Sizes: 0x00 word, 0x08 half, 0x10 byte, 0x18 double.
inline Blob load(unsigned size, unsigned dst, unsigned src, int offset) {
    return fakes::slot(static_cast<std::uint8_t>(0x61 | size), dst, src, static_cast<std::int16_t>(offset), 0);
}
inline Blob store(unsigned size, unsigned dst, unsigned src, int offset) {
    return fakes::slot(static_cast<std::uint8_t>(0x63 | size), dst, src, static_cast<std::int16_t>(offset), 0);
}
inline Blob storeImm(unsigned size, unsigned dst, int offset, int value) {
    return fakes::slot(static_cast<std::uint8_t>(0x62 | size), dst, 0, static_cast<std::int16_t>(offset), value);
}
inline Blob atomicAdd(unsigned dst, unsigned src, int offset) {
    return fakes::slot(0xDB, dst, src, static_cast<std::int16_t>(offset), 0);
}
inline Blob lddw(unsigned dst, std::uint64_t value) {
    return fakes::program({fakes::slot(0x18, dst, 0, 0, static_cast<std::int32_t>(value)),
                           fakes::slot(0, 0, 0, 0, static_cast<std::int32_t>(value >> 32))});
}
inline Blob callLocal(int distance, int frameBytes) {
    return fakes::slot(0x85, 0, 1, static_cast<std::int16_t>(frameBytes), distance);
}

} // namespace rbpf::agent
