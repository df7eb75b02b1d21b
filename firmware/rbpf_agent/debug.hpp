// SPDX-License-Identifier: LGPL-2.1-or-later
// The board's end of the debug protocol (rbpf/debug.h): one container at a time is attached; it can be halted, looked
// at and stepped while everything else goes on. Without a debugger it costs the run loop one flag test per slice.
//
// The VM knows nothing of it: while breakpoints, watchpoints or a step are wanted the container is run one instruction
// at a time, and what happens is decided in between. Flash is dear here: nothing is parsed, printed or queued. Whatever
// is to be told is a bit in owed_, and told from where it lies when the line has room; until then the container waits.
#pragma once

#include <rbpf/debug.h>

#include "rbpf_agent/console.hpp"
#include "rbpf_agent/serial_out.hpp"
#include "rbpf_agent/slot.hpp"

namespace rbpf::agent {

/// What a configuration gives to the debugger.
struct DebugMemory {
    uint8_t* packet; ///< aligned to 8; used within calls only, so it may serve others in between
    uint32_t packetBytes;
    Slot* slot;
    uint32_t slots;
    rbpf_debug_point_t* point;
    uint32_t points;
};

class Debugger final : public bindings::Recorder {
public:
    Debugger(port::Port& port, SerialOut& out, Console& console, const DebugMemory& memory)
        : at_(memory.slot), port_(port), out_(out), memory_(memory), console_(console) {
        reset();
    }

    /// One debug frame.
    void receive(wire::Bytes payload);
    /// Sends what waits; lets the hold time act. Milliseconds until it wants to be called again; UINT32_MAX = any time.
    uint32_t tend();

    [[nodiscard]] bool halts(unsigned slot) const { return halted_ && head_.slot == slot; }

    // About the attached container (Slot::debugged).
    /// A run is about to begin.
    void runStarted();
    /// rbpf_container_run with stops. BREAKPOINT: stopped, not to be gone on with until Slot::held is false.
    rbpf_halt_t run(uint32_t maxInstructions);
    /// The run has come to its end (container.fault says how). True: stop here first.
    bool stopAtEnd();
    /// The run is over.
    void runEnded();
    /// The script is leaving its slot.
    void gone(unsigned slot);

    // bindings::Recorder
    void touched(uint32_t address, uint32_t size, uint32_t mode) override;
    int called(uint32_t id, int status) override;

private:
    struct Piece {
        uint32_t address;
        uint32_t size;
    };
    static constexpr unsigned kPiecesMax = 8; ///< regions told at a start; writes of one call: no binding has so many
    static constexpr uint8_t kSilent = 0xFF;  ///< a request without a reply, or with a later one

    /// Bits of owed_.
    enum Owed : uint8_t {
        kResumed = RBPF_TELL_RESUMED,
        kStart = RBPF_TELL_START,
        kPieces = RBPF_TELL_MEMORY,
        kCall = RBPF_TELL_CALL,
        kEnd = RBPF_TELL_END,
        kGone = RBPF_TELL_GONE,
        kTaken = RBPF_TELL_TAKEN,
        kStop = RBPF_TELL_STOP,                   ///< only while halted
        kOfRun = kStart | kPieces | kCall | kEnd, ///< until they are told the container waits
    };

    // debug.cpp: requests.
    uint8_t answer(const rbpf_debug_request_t& request, const uint8_t* data, uint32_t size);
    uint8_t hello(const rbpf_debug_request_t& request, uint32_t heardMs);
    uint8_t access(const rbpf_debug_request_t& request, const uint8_t* data, uint32_t size);
    uint8_t setPc(uint32_t address);
    [[nodiscard]] uint8_t* find(unsigned area, uint32_t address);
    void attach(unsigned slot);
    void release();
    void reset();
    void abortRun();

    // debug_run.cpp: stops.
    void halt(unsigned cause);
    void resume(uint8_t steps);
    bool stopsBefore();
    bool meets(uint32_t address, uint32_t size, uint32_t mode);
    [[nodiscard]] bool storeAsked(uint32_t id) const;
    unsigned noteEnd();

    // debug_tell.cpp: what comes by itself.
    bool flush();
    uint32_t writeState(unsigned what);
    uint32_t writePiece();
    void addPiece(uint32_t address, uint32_t size);

    [[nodiscard]] rbpf_container_t& container() const { return at_->container; }

    /// What a state begins with.
    struct Head {
        uint8_t tell, cause, slot, status;
        uint32_t detail;
        uint16_t run;
        uint8_t binding, mode;
    };

    // Bytes first: the nearer to the start, the shorter the instructions that reach them.
    bool attached_ = false;
    bool halted_ = false;
    uint8_t stepping_ = 0;  ///< RBPF_CAUSE_STEP or 0
    bool writable_ = false; ///< what find() found
    uint8_t recording_ = 0; ///< this run, from its start
    uint8_t owed_ = 0;      ///< what is to be told, a bit each; the lowest first
    uint8_t hit_ = 0;       ///< cause of the stop to come behind this instruction
    uint8_t pieces_ = 0;    ///< to be told, the last one first
    Head head_{};
    rbpf_debug_settings_t settings_;
    Slot* at_;            ///< the attached one, or any
    uint32_t points_ = 0; ///< in use
    uint32_t stopPc_ = 0;
    uint32_t moved_ = 0;   ///< 0: the next instruction is where we stopped, no breakpoint there
    uint32_t session_ = 0; ///< who has the seat; 0: nobody
    uint32_t heardMs_ = 0;
    uint32_t found_ = 0; ///< bytes that find() found
    uint32_t bytes_ = 0; ///< of the reply, behind its head
    port::Port& port_;
    SerialOut& out_;
    DebugMemory memory_;
    Console& console_;
    uint32_t haltedMs_ = 0;
    Piece list_[kPiecesMax];
};

} // namespace rbpf::agent
