// SPDX-License-Identifier: LGPL-2.1-or-later
// The board's end of the debug protocol (rbpf/debug.h): one container at a time is attached; it can be halted, looked
// at and stepped while everything else goes on. Without a debugger it costs the run loop one flag test per slice.
//
// The VM knows nothing of it: while breakpoints, watchpoints or a step are wanted the container is run one instruction
// at a time, and what happens is decided in between.
#pragma once

#include <rbpf/debug.h>

#include "rbpf_agent/console.hpp"
#include "rbpf_agent/serial_out.hpp"
#include "rbpf_agent/slot.hpp"
#include "rbpf_wire/rsp.hpp"

namespace rbpf::agent {

/// One Z packet.
struct DebugPoint {
    uint32_t address = 0;
    uint8_t size = 0; ///< bytes watched; 0: a breakpoint
    uint8_t kind = 0; ///< as in Z packets: 0, 1 breakpoints; 2 writes, 3 reads, 4 both
};

/// What a configuration gives to the debugger.
struct DebugMemory {
    Slot* slot;
    uint32_t slots;
    uint8_t* packet; ///< room for a reply or a notification
    uint32_t packetBytes;
    uint32_t receiveBytes; ///< longest request
    DebugPoint* point;
    uint32_t points;
};

class Debugger final : public bindings::Recorder {
public:
    Debugger(port::Port& port, SerialOut& out, Console& console, const DebugMemory& memory)
        : port_(port), out_(out), console_(console), memory_(memory) {}

    /// One debug frame.
    void receive(wire::Bytes payload);
    /// Sends what waits; lets time limits act.
    void tend();
    /// Milliseconds until a time limit acts; UINT32_MAX = none.
    [[nodiscard]] uint32_t waitMs() const;

    [[nodiscard]] bool halts(unsigned slot) const { return slot_ == slot && halted_; }

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
    enum class Reply : uint8_t {
        Written, ///< what the writer has, be it nothing
        Later,   ///< a stop reply will come
        Ok,
        Malformed,
        State,
        Address,
        Full,
    };
    /// What is to be told next of the run in progress.
    enum class Note : uint8_t {
        None,
        Start,
        Regions,
        Memory,
        Writes,
        Call,
        End,
        Resumed,
        Gone,
        Taken,
    };

    /// What a request needs to make sense.
    enum class Needs : uint8_t {
        Nothing,
        Attached,
        Halted,
        Run, ///< halted in a run
    };
    using Handler = Reply (Debugger::*)(wire::RspReader& in, wire::RspWriter& out);
    struct Row {
        const char* name;
        Handler handler;
        Needs needs;
    };
    static const Row kRows[];

    // debug.cpp: dispatch, the seat, what is told of container and image.
    Reply answer(wire::RspReader& in, wire::RspWriter& out);
    [[nodiscard]] bool has(Needs needs) const;
    void sendReply();
    Reply supported(wire::RspReader& in, wire::RspWriter& out);
    Reply take(wire::RspReader& in, wire::RspWriter& out);
    Reply noAck(wire::RspReader& in, wire::RspWriter& out);
    Reply attachedAlready(wire::RspReader& in, wire::RspWriter& out);
    Reply currentThread(wire::RspReader& in, wire::RspWriter& out);
    Reply threads(wire::RspReader& in, wire::RspWriter& out);
    Reply noMoreThreads(wire::RspReader& in, wire::RspWriter& out);
    Reply isThread(wire::RspReader& in, wire::RspWriter& out);
    Reply chooseThread(wire::RspReader& in, wire::RspWriter& out);
    Reply targetXml(wire::RspReader& in, wire::RspWriter& out);
    Reply memoryMap(wire::RspReader& in, wire::RspWriter& out);
    Reply image(wire::RspReader& in, wire::RspWriter& out);
    Reply frames(wire::RspReader& in, wire::RspWriter& out);
    Reply regions(wire::RspReader& in, wire::RspWriter& out);
    [[nodiscard]] bool ownThread(wire::RspReader& in) const;
    void resetSettings();

    // debug_memory.cpp
    Reply readRegisters(wire::RspReader& in, wire::RspWriter& out);
    Reply writeRegisters(wire::RspReader& in, wire::RspWriter& out);
    Reply readRegister(wire::RspReader& in, wire::RspWriter& out);
    Reply writeRegister(wire::RspReader& in, wire::RspWriter& out);
    Reply readMemory(wire::RspReader& in, wire::RspWriter& out);
    Reply writeHex(wire::RspReader& in, wire::RspWriter& out);
    Reply writeBinary(wire::RspReader& in, wire::RspWriter& out);
    Reply writeMemory(wire::RspReader& in, bool binary);
    void putRegister(wire::RspWriter& out, unsigned number) const;
    bool takeRegister(wire::RspReader& in, unsigned number);
    [[nodiscard]] bool instructionStarts(uint32_t address) const;

    // debug_points.cpp
    Reply setPoint(wire::RspReader& in, wire::RspWriter& out);
    Reply clearPoint(wire::RspReader& in, wire::RspWriter& out);
    Reply stopOn(wire::RspReader& in, wire::RspWriter& out);
    static Reply readPoint(wire::RspReader& in, DebugPoint& point);
    [[nodiscard]] DebugPoint* findPoint(const DebugPoint& point) const;
    bool stopsBefore();
    void expectAccess();
    void watch(uint32_t address, uint32_t size, uint32_t mode);
    [[nodiscard]] bool storeAsked(uint32_t id) const;

    // debug_run.cpp: stops and run control.
    Reply attachTo(wire::RspReader& in, wire::RspWriter& out);
    Reply why(wire::RspReader& in, wire::RspWriter& out);
    Reply detach(wire::RspReader& in, wire::RspWriter& out);
    Reply kill(wire::RspReader& in, wire::RspWriter& out);
    Reply goOn(wire::RspReader& in, wire::RspWriter& out);
    Reply step(wire::RspReader& in, wire::RspWriter& out);
    Reply actions(wire::RspReader& in, wire::RspWriter& out);
    Reply actionsKnown(wire::RspReader& in, wire::RspWriter& out);
    Reply hold(wire::RspReader& in, wire::RspWriter& out);
    void attach(unsigned slot);
    void release();
    void halt(rbpf_cause_t cause, uint32_t detail = 0);
    void interrupt();
    void resume(bool step);
    void abortRun();
    void showIdle();
    void writeStop(wire::RspWriter& out);

    // debug_notes.cpp: notifications and recording.
    Reply history(wire::RspReader& in, wire::RspWriter& out);
    bool flush();
    [[nodiscard]] Note next() const;
    void write(Note note, wire::RspWriter& out);
    void written(Note note);
    void writePiece(wire::RspWriter& out, uint32_t address, uint32_t size);
    bool pieceWritten(uint32_t size);
    void skipEmpty();
    void update();

    // debug_monitor.cpp: what a person types behind `monitor`.
    Reply monitor(wire::RspReader& in, wire::RspWriter& out);

    [[nodiscard]] Slot& attached() const { return memory_.slot[slot_]; }
    [[nodiscard]] rbpf_container_t& container() const { return attached().container; }

    static constexpr uint8_t kNobody = 0xFF;
    static constexpr unsigned kBindingWords = 4; ///< binding ids below 128
    static constexpr unsigned kKeysMax = 8;
    static constexpr unsigned kWritesMax = 8; ///< of one binding call: no binding has so many parameters

    port::Port& port_;
    SerialOut& out_;
    Console& console_;
    DebugMemory memory_;

    // The seat.
    uint32_t session_ = 0;
    uint32_t heardMs_ = 0;
    bool seatTaken_ = false;

    // The container's.
    uint8_t slot_ = kNobody;
    bool halted_ = false;
    bool stepping_ = false;
    bool passing_ = false;     ///< the next instruction is where we stopped: no breakpoint there
    bool stopOwed_ = false;    ///< a request waits for the next stop
    bool endOwed_ = false;     ///< %End is to be sent
    bool dataChanged_ = false; ///< data/bss may not be what the last %End left
    uint8_t cause_ = RBPF_CAUSE_IDLE;
    uint32_t detail_ = 0;
    uint32_t stopPc_ = 0;
    uint32_t watchAddress_ = 0; ///< of the watched byte that was touched
    uint8_t pointKind_ = 0;     ///< of the point that is hit; 0: none
    bool storeHit_ = false;
    uint32_t haltedMs_ = 0;
    uint32_t run_ = 0; ///< counts up

    // Settings.
    uint32_t pointCount_ = 0;
    uint32_t bindingMask_[kBindingWords] = {};
    uint32_t key_[kKeysMax] = {};
    uint32_t holdMs_ = 0;
    uint8_t keyCount_ = 0; ///< 0: any
    uint8_t stopMask_ = RBPF_STOP_FAULT;
    bool holdAborts_ = false;
    bool history_ = false;

    // Going out.
    uint32_t replyBytes_ = 0; ///< of a reply that the line had no room for
    Note note_ = Note::None;  ///< Start … Call
    bool recording_ = false;  ///< this run, from its start
    uint8_t region_ = 0;      ///< the cursor of what is being told
    uint32_t offset_ = 0;
    struct Write {
        uint32_t address;
        uint32_t size;
    } write_[kWritesMax] = {};
    uint8_t writes_ = 0;
    uint8_t callId_ = 0;
    uint64_t callStep_ = 0;
    uint8_t resumedSlot_ = kNobody;
    bool resumedAborted_ = false;
    uint8_t goneSlot_ = kNobody;
    bool taken_ = false;
};

} // namespace rbpf::agent
