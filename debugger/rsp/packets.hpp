// SPDX-License-Identifier: GPL-3.0-or-later
// The debug protocol of <rbpf/debug.h> as types: requests to payloads, payloads to replies and notifications. A payload
// is bytes; whatever a board (or noise) sends becomes a value or an Error, never a surprise.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rbpf/debug.h>

#include "sdk/support/error.hpp"

namespace rbpf::rsp {

inline constexpr int kRegisterPc = 11;
inline constexpr int kRegisterCount = 12; ///< r0 … r10, pc

/// r0 … r10 and pc (a byte address).
using Registers = std::array<std::uint64_t, kRegisterCount>;

/// Bytes of a register in GDB's g and P: r10 and pc are 4 bytes for GDB, the others 8.
[[nodiscard]] constexpr int registerBytes(int number) {
    return number < 10 ? 8 : 4;
}

/// Which access a point watches, with the numbers of GDB's Z and z packets.
enum class Point : std::uint8_t {
    Breakpoint = 0,
    Write = 2,
    Read = 3,
    Access = 4
};

/// The container has stopped.
struct StopReply {
    rbpf_cause_t cause = RBPF_CAUSE_INTERRUPT;
    int signal = 5; ///< as the host's signals: 5 trap, 2 interrupt, 11 fault, 24 budget
    std::uint32_t slot = 0;
    Registers reg{};
    std::uint64_t instructions = 0; ///< executed since the run began
    int status = 0;                 ///< rbpf_status_t of a fault (negative), else 0
    std::uint32_t detail = 0;       ///< as rbpf_fault_t, binding id or store key
    struct Watched {
        Point point = Point::Write;
        std::uint32_t address = 0;
    };
    std::optional<Watched> watched; ///< with RBPF_CAUSE_WATCHPOINT
};

/// What the hello told.
struct Features {
    std::size_t packetBytes = 256; ///< longest payload the board takes or sends
    /// Bytes of memory that one packet carries.
    [[nodiscard]] std::size_t readBytes() const { return packetBytes - sizeof(rbpf_debug_reply_t); }
    [[nodiscard]] std::size_t writeBytes() const { return packetBytes - sizeof(rbpf_debug_request_t); }
};

/// Of the image's header.
struct ImageInfo {
    std::array<std::uint8_t, 16> buildId{};
    std::uint32_t slot = 0, stackBytes = 0, dataBytes = 0, budget = 0;
};

/// One active local call.
struct FrameInfo {
    std::uint32_t returnPc = 0, framePointer = 0;
    std::array<std::uint64_t, 4> saved{}; ///< r6 … r9 of the caller
};

struct RegionInfo {
    int index = 0;
    std::uint32_t size = 0;
    int access = 0; ///< 1 read, 2 write, 3 both
};

// What the board tells by itself.
struct RunStart {
    std::uint32_t run = 0, entryPc = 0;
    std::uint64_t r1 = 0, r2 = 0, r10 = 0;
};
/// Memory as a run finds it.
struct RunMemory {
    std::uint32_t address = 0;
    std::vector<std::uint8_t> bytes;
};
struct RunRegion {
    RegionInfo region;
};
/// Memory that the binding of the following BindingCall wrote.
struct BindingWrite {
    std::uint32_t address = 0;
    std::vector<std::uint8_t> bytes;
};
struct BindingCall {
    std::uint64_t step = 0; ///< instruction of the run, from 0
    std::uint32_t id = 0;
    std::uint64_t result = 0;
};
struct RunEnd {
    std::uint32_t run = 0;
    rbpf_cause_t cause = RBPF_CAUSE_EXIT;
    std::uint64_t instructions = 0, result = 0;
    int status = 0;
    std::uint32_t detail = 0;
};
struct Resumed {
    std::uint32_t slot = 0;
    bool aborted = false;
};
struct Gone {
    std::uint32_t slot = 0;
    rbpf_cause_t cause = RBPF_CAUSE_GONE;
};
/// The debugger's seat belongs to another session now.
struct Taken {
    std::uint32_t session = 0;
};
/// The board's console.
struct ConsoleText {
    std::string text;
};

/// Everything that comes without having been asked for, in the order in which it happened.
using Event = std::variant<StopReply, RunStart, RunRegion, RunMemory, BindingWrite, BindingCall, RunEnd, Resumed, Gone,
                           Taken, ConsoleText>;

// Requests ----------------------------------------------------------------------------------------------------------

/// A request with its operands; `data` follows them.
[[nodiscard]] std::string request(std::uint8_t letter, unsigned number = 0, std::uint32_t address = 0,
                                  std::size_t size = 0, std::span<const std::uint8_t> data = {});
/// The board's way to write a point.
[[nodiscard]] rbpf_debug_point_t boardPoint(Point point, std::uint32_t address, std::uint32_t size);

// Replies: Errors are of kind Board. ---------------------------------------------------------------------------------

/// What follows the head of a reply that says OK; the refusal in words otherwise.
[[nodiscard]] support::Result<std::vector<std::uint8_t>> parseReply(std::string_view payload);
[[nodiscard]] support::Result<Features> parseHello(std::string_view payload);
[[nodiscard]] support::Result<StopReply> parseStop(std::string_view payload);
/// The image from its start on, as much as there is of a header.
[[nodiscard]] support::Result<ImageInfo> parseImage(std::span<const std::uint8_t> bytes);
/// RBPF_AREA_FRAMES; innermost first.
[[nodiscard]] support::Result<std::vector<FrameInfo>> parseFrames(std::span<const std::uint8_t> bytes);
/// RBPF_AREA_REGIONS; those that there are.
[[nodiscard]] support::Result<std::vector<RegionInfo>> parseRegions(std::span<const std::uint8_t> bytes);

/// What comes by itself, stops excepted: usually one event. A region's first piece tells of the region as well.
[[nodiscard]] support::Result<std::vector<Event>> parseTold(std::string_view payload);

// Text for GDB. -------------------------------------------------------------------------------------------------------

/// g: 88 bytes in hexadecimal.
[[nodiscard]] support::Result<Registers> parseRegisters(std::string_view text);
[[nodiscard]] std::string registersText(const Registers& registers);
/// The stop reply as GDB takes it.
[[nodiscard]] std::string gdbStopText(const StopReply& stop);

} // namespace rbpf::rsp
