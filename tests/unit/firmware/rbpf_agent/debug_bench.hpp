// SPDX-License-Identifier: GPL-3.0-or-later
// A debugger on the serial line of a board on the bench. Tests write requests, and read replies and what the board
// tells, in the short text of GDB's Remote Serial Protocol: "m10000000,8", "OK", "%Call:3,20,1".
#pragma once

#include <rbpf/debug.h>

#include "debugger/rsp/packets.hpp"
#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

/// A stop, taken apart.
struct Halt {
    bool came = false;
    std::uint64_t reg[12] = {};
    unsigned slot = 99;
    unsigned cause = 99;
    std::uint64_t instructions = 0;
    unsigned status = 0, detail = 0;
    unsigned watched = 0; ///< kind of the watchpoint, as in Z
    [[nodiscard]] std::uint64_t pc() const { return reg[11]; }
};

class DebugBench {
public:
    /// Sends a request, lets the board work, returns the reply: data in hexadecimal, "OK", "E" and two digits, a stop
    /// as it came; "none" if there was not exactly one.
    std::string ask(const std::string& text);
    void send(const std::string& text);
    /// A payload as it is.
    std::string askRaw(const std::string& payload);
    void sendRaw(const std::string& payload);
    /// What has come and is none of notes().
    std::vector<std::string> replies();
    /// What the board has told.
    std::vector<std::string> notes();
    Halt attach(unsigned slot = 0) { return stop(ask("A" + std::to_string(slot))); }
    Halt go(const std::string& how = "c") { return stop(ask(how)); }
    static Halt stop(const std::string& reply);
    std::string stopOn(unsigned stops, std::vector<unsigned> bindings = {}, std::vector<unsigned> keys = {});
    std::string hold(std::uint32_t ms, bool aborts);
    std::string history(bool on);
    /// An area's bytes, as much as one packet carries.
    std::vector<std::uint8_t> area(unsigned number);
    /// Sends a CoAP GET and lets the board work.
    void request(const std::string& path);
    void wait(unsigned ms) {
        board.port.advanceMs(ms);
        board.settle();
    }

    BenchBoard board;

private:
    void collect();
    std::string packed(const std::string& text);
    std::string settings(std::size_t from, const void* bytes, std::size_t size);

    std::vector<std::string> replies_, notes_;
    std::vector<rbpf_debug_point_t> points_;
};

/// Runs of a counts() script, by what it has stored.
unsigned runs(BenchBoard& board, unsigned slot);
/// A value's bytes in hexadecimal.
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
