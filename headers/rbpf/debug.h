/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The debug protocol between the agent on a board and the workstation, one packet per RBPF_FRAME_DEBUG frame. Its
 * requests are those of GDB's Remote Serial Protocol, by the same letters, but their operands are the structs below in
 * binary, little-endian, instead of text: the frame has a length and a checksum already, so that nothing need be quoted,
 * and an agent that parses and prints no numbers is small. What is not there because it can be made of the rest (the
 * text for GDB, monitor commands, lists of threads, single breakpoints) the workstation makes: `rbpf gdbserver` speaks
 * the real protocol.
 *
 * A workstation sends one request and waits for its one reply. A reply begins with the request's letter and a verdict
 * (rbpf_debug_reply_t). RBPF_DEBUG_WHY, _GO_ON and _STEP are answered by the stop when the container stops, and
 * RBPF_DEBUG_INTERRUPT not at all. Packets that begin with an RBPF_TELL_* byte come by themselves. A
 * request shorter than its struct is UNKNOWN. A reply that the line has no room for is lost, as a
 * damaged frame is: whoever waits for it asks again, which is why every request may be sent twice.
 *
 * One workstation at a time, the holder of the seat. RBPF_DEBUG_HELLO asks for it; it is given if it is free, already this
 * session's (32 bits, random, the same for a whole session, not 0), if its holder has sent nothing for RBPF_SEAT_MS, or
 * if it is to be taken. Otherwise the verdict is HELD, and whoever gets that must send nothing but another hello: on one
 * line the agent cannot tell whose other packets are. While the user thinks, and while waiting for a stop, a workstation
 * sends RBPF_DEBUG_ALIVE every RBPF_SEAT_MS / 3. Losing the seat is told (RBPF_TELL_TAKEN). A new holder finds what was
 * attached as it is, halted if it was halted, but with settings and points as after attaching. DETACH and KILL free the
 * seat.
 *
 * Continue and step of an idle container wait for its next trigger; a step then stops before the first instruction.
 * A run's end does not stop it unless asked for (RBPF_STOP_EXIT); it is told. While a container is halted, one request
 * that needs it waits until it goes on; others are answered BUSY and other triggers pass it by. Going on passes a
 * breakpoint at the pc where the container stands.
 *
 * If the slot is replaced or removed, RBPF_TELL_GONE is sent instead of any stop; the new image has to be attached. After
 * RBPF_TELL_RESUMED the container is as after GO_ON: its next stop comes by itself.
 *
 * Version 1 was text. It answers a hello with an empty packet; and its hello is answered here with the verdict UNKNOWN. */
#ifndef RBPF_DEBUG_H
#define RBPF_DEBUG_H

#include <stdint.h>

#define RBPF_DEBUG_VERSION 2
#define RBPF_SEAT_MS 10240 /**< a holder silent for longer may be replaced */

/** First byte of a request. */
#define RBPF_DEBUG_HELLO 'q'       /**< number: 1 takes the seat; address: session. Reply: rbpf_debug_hello_t */
#define RBPF_DEBUG_ATTACH 'A'      /**< number: slot, filled. Halts it, also without a run (then it is idle). Reply: the stop */
#define RBPF_DEBUG_WHY '?'         /**< halts what is attached. Reply: the stop */
#define RBPF_DEBUG_DETACH 'D'      /**< the container goes on alone */
#define RBPF_DEBUG_KILL 'k'        /**< the same, and its run is aborted */
#define RBPF_DEBUG_READ 'm'        /**< size bytes of the area `number` from address on. Reply: as many as there are */
#define RBPF_DEBUG_WRITE 'X'       /**< the bytes behind the request; all of them or ADDRESS */
#define RBPF_DEBUG_SET_PC 'P'      /**< address: where an instruction starts, else ADDRESS */
#define RBPF_DEBUG_GO_ON 'c'
#define RBPF_DEBUG_STEP 's'        /**< one instruction */
#define RBPF_DEBUG_INTERRUPT 3     /**< makes the awaited stop come */
#define RBPF_DEBUG_ALIVE '+'       /**< keeps the seat, as any packet does; the verdict says nothing */

typedef struct {
    uint8_t request;
    uint8_t number;
    uint16_t size;
    uint32_t address;
} rbpf_debug_request_t;

/** What a reply begins with; what was read follows. */
typedef struct {
    uint8_t request; /**< whose */
    uint8_t verdict; /**< RBPF_VERDICT_* */
    uint8_t halted;  /**< 1: the attached container is */
    uint8_t zero;
} rbpf_debug_reply_t;

#define RBPF_VERDICT_OK 0
#define RBPF_VERDICT_UNKNOWN 1  /**< no such request */
#define RBPF_VERDICT_STATE 2    /**< nothing is attached, or no such slot is filled */
#define RBPF_VERDICT_ADDRESS 14 /**< outside of what there is, or it cannot be written */
#define RBPF_VERDICT_HELD 16    /**< somebody else has the seat */

/** Reply to a hello. */
typedef struct {
    rbpf_debug_reply_t reply;
    uint16_t version;     /**< RBPF_DEBUG_VERSION */
    uint16_t packetBytes; /**< longest packet in either direction */
} rbpf_debug_hello_t;

/** Areas of the attached container that are read and written. `address` counts from the area's start. */
typedef enum {
    RBPF_AREA_MEMORY = 0,    /**< by the script's addresses: the text, and regions. Written where the script may write */
    RBPF_AREA_IMAGE = 1,     /**< the image as it was installed, read only */
    RBPF_AREA_FRAMES = 2,    /**< rbpf_frame_t of each active local call, outermost first, read only */
    RBPF_AREA_REGIONS = 3,   /**< of 16 regions how many bytes can be read and written, 4 bytes each: at 0 and 8 of every 12
                                  in boards with 32-bit addresses, at 0 and 16 of every 24 with 64. Read only */
    RBPF_AREA_REGISTERS = 4, /**< r0 … r10, 8 bytes each */
    RBPF_AREA_SETTINGS = 5,  /**< rbpf_debug_settings_t */
    RBPF_AREA_POINTS = 6,    /**< the board's table of rbpf_debug_point_t; those behind the last one written are gone */
} rbpf_debug_area_t;

/** A breakpoint or watchpoint. A stop comes before the instruction, or behind the access. */
typedef struct {
    uint32_t address; /**< of a breakpoint: in the text, in bytes */
    uint16_t size;    /**< bytes watched; 1 of a breakpoint */
    uint8_t mode;     /**< RBPF_POINT_*, added */
    uint8_t zero;
} rbpf_debug_point_t;

#define RBPF_POINT_READ 1
#define RBPF_POINT_WRITE 2
#define RBPF_POINT_BREAK 4

#define RBPF_DEBUG_BINDINGS 128 /**< binding ids that can be told apart */
#define RBPF_DEBUG_KEYS 8

/** What stops besides points, and more. After attaching: stops RBPF_STOP_FAULT, everything else 0. */
typedef struct {
    uint32_t holdMs;     /**< a container halted for so long goes on by itself (RBPF_TELL_RESUMED); 0: never. < 2^31 */
    uint8_t holdAborts;  /**< 1: then its run is aborted; 0: it goes on */
    uint8_t history;     /**< RBPF_HISTORY_*, added */
    uint16_t stops;      /**< RBPF_STOP_*, added */
    uint32_t binding[RBPF_DEBUG_BINDINGS / 32]; /**< a bit for each id, lowest first; with RBPF_STOP_BINDING, else 0 */
    uint32_t key[RBPF_DEBUG_KEYS]; /**< those of RBPF_STOP_KEY; if fewer, one of them again */
} rbpf_debug_settings_t;

#define RBPF_HISTORY_ON 1   /**< record from the next run on; while it does the container waits for the line */
#define RBPF_HISTORY_DATA 2 /**< tell data and bss when it begins; the board sets it when they are written */

/** Why the container is stopped. */
typedef enum {
    RBPF_CAUSE_IDLE = 0,       /**< no run in progress; the registers are those that the next one starts with */
    RBPF_CAUSE_INTERRUPT = 1,
    RBPF_CAUSE_STEP = 2,
    RBPF_CAUSE_BREAKPOINT = 3,
    RBPF_CAUSE_WATCHPOINT = 4, /**< behind the access; detail = address of the first byte watched and touched */
    RBPF_CAUSE_ENTRY = 5,      /**< before the first instruction of a run */
    RBPF_CAUSE_FAULT = 6,      /**< at the faulting instruction; going on ends the run with that fault */
    RBPF_CAUSE_BUDGET = 7,     /**< before the instruction that the budget no longer covers; going on ends the run */
    RBPF_CAUSE_BINDING = 8,    /**< before a call of a binding asked for; detail = id */
    RBPF_CAUSE_STORE = 9,      /**< behind a write to a store key asked for; detail = key */
    RBPF_CAUSE_EXIT = 10,      /**< behind the exit of the entry; r0 is the result */
    RBPF_CAUSE_GONE = 12,      /**< the slot was replaced or removed (of no stop) */
} rbpf_cause_t;

#define RBPF_STOP_ENTRY (1u << RBPF_CAUSE_ENTRY)
#define RBPF_STOP_FAULT (1u << RBPF_CAUSE_FAULT)
#define RBPF_STOP_BUDGET (1u << RBPF_CAUSE_BUDGET)
#define RBPF_STOP_BINDING (1u << RBPF_CAUSE_BINDING)
#define RBPF_STOP_STORE (1u << RBPF_CAUSE_STORE) /**< any key */
#define RBPF_STOP_EXIT (1u << RBPF_CAUSE_EXIT)
#define RBPF_STOP_KEY 0x0800u /**< store keys of the list */

/** What comes by itself, in the order in which things happen; one bit each, so that they are no letters. START to CALL
 * only while history is recorded, END always. A binding call that faults sends no CALL. A run that is ended from outside
 * (KILL, hold time, a new image) ends as FAULT with the status ABORTED. */
#define RBPF_TELL_RESUMED 0x01u /**< RBPF_STATE_HEAD_BYTES: the hold time is over */
#define RBPF_TELL_START 0x02u   /**< whole state: a run begins. MEMORY that it finds follows */
#define RBPF_TELL_MEMORY 0x04u  /**< rbpf_debug_piece_t of data and bss (with RBPF_HISTORY_DATA), context, granted regions */
#define RBPF_TELL_CALL 0x08u    /**< RBPF_STATE_SHORT_BYTES: a binding was called; reg[0] = its result,
                                     instructions = those executed, the call included */
#define RBPF_TELL_WROTE (RBPF_TELL_MEMORY | RBPF_TELL_CALL) /**< rbpf_debug_piece_t that the binding of the CALL to come wrote */
#define RBPF_TELL_END 0x10u     /**< RBPF_STATE_SHORT_BYTES: the run is over; cause EXIT, FAULT or BUDGET */
#define RBPF_TELL_GONE 0x20u    /**< RBPF_STATE_HEAD_BYTES */
#define RBPF_TELL_TAKEN 0x40u   /**< RBPF_STATE_HEAD_BYTES: detail = session of the seat's new holder */
#define RBPF_TELL_STOP 0x80u    /**< whole state */

typedef struct {
    uint8_t tell;    /**< RBPF_TELL_* */
    uint8_t cause;   /**< rbpf_cause_t, of STOP and END */
    uint8_t slot;
    uint8_t status;  /**< -rbpf_status_t, of FAULT and BUDGET */
    uint32_t detail; /**< of FAULT as in rbpf_fault_t; of WATCHPOINT, BINDING, STORE and TAKEN as said there */
    uint16_t run;    /**< counts up from attaching on */
    uint8_t binding; /**< of CALL: its id */
    uint8_t mode;    /**< of WATCHPOINT: RBPF_POINT_* of the point */
    uint32_t pc;     /**< in bytes */
    uint64_t instructions; /**< executed since the run began */
    uint64_t reg[11];      /**< r0 … r10 */
} rbpf_debug_state_t;

#define RBPF_STATE_HEAD_BYTES 8
#define RBPF_STATE_SHORT_BYTES 32

/** Followed by the memory's bytes, up to RBPF_PIECE_BYTES; after so many comes another piece, which may be empty. */
typedef struct {
    uint8_t tell;
    uint8_t writable; /**< 1: its region is */
    uint16_t zero;
    uint32_t address;
    uint32_t size;  /**< bytes from here on: of the region, or of what was written */
} rbpf_debug_piece_t;

#define RBPF_PIECE_BYTES 96

#endif
