/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The debug protocol between the agent on a board and the workstation: GDB's Remote Serial Protocol (GDB manual,
 * appendix E), one packet's payload per RBPF_FRAME_DEBUG frame: no '$', no '#' and checksum, no acknowledgements (the
 * frame's FCS does that). Numbers in text are hexadecimal without prefix, most significant digit first, unless said
 * otherwise; register values are little-endian bytes in hexadecimal as RSP has them; {…} = binary data with RSP's
 * escape (0x7d, byte ^ 0x20 for '#', '$', '}', '*').
 *
 * A workstation sends one request and waits for its one reply; c, s and vCont are answered by the stop reply when the
 * container stops. The one-byte payload 03 interrupts: it has no reply of its own but makes the stop reply come. '+' is
 * ignored. Payloads that begin with '%' are notifications: they come at any time and are not answered. Errors: E01
 * malformed, E02 not in this state (nothing attached, not halted, no run in progress), E0e outside of what the script
 * has, E1c no room for one more.
 *
 * One workstation at a time, the holder of the seat. qSupported may have the feature "rbpf-session=HEX" (32 bits, random,
 * the same for a whole session, not 0); it takes the seat if that is free, already this session's, or if its holder
 * has sent nothing for RBPF_SEAT_MS. Otherwise the reply is "E.held", and whoever gets that must send nothing but
 * vRbpfTake or qSupported: on one line the agent cannot tell whose other packets are. While the user thinks, and while
 * waiting for a stop reply, a workstation sends '+' every RBPF_SEAT_MS / 3. Losing the seat is told by %Taken. A new
 * holder finds what was attached as it is, halted if it was halted, but without breakpoints and settings. D and k free
 * the seat.
 *
 * Threads are containers: thread id = slot + 1. vAttach;ID attaches to a container and halts it (also when it has no run
 * in progress: then it is idle, registers are those its next run would start with). Without vAttach the first filled
 * slot is attached by '?'. D detaches: breakpoints gone, container goes on. k detaches and aborts the run.
 *
 * Continue and step of an idle container wait for its next trigger; a step then stops before the first instruction.
 * A run's end does not stop the target unless asked for (RBPF_STOP_EXIT); it is told by %End. While a container is halted,
 * one request that needs it waits until it goes on; others are answered BUSY and other triggers pass it by. Registers can
 * be written while a run is in progress; pc only to the start of an instruction. '?' halts, like vAttach. Going on passes
 * a breakpoint at the pc where the container stands.
 *
 * If the slot is replaced or removed, %Gone is sent; a c, s or vCont still waiting is then answered "W00", and the new
 * image has to be attached. After %Resumed the container is as after c: its next stop comes as a stop reply. */
#ifndef RBPF_DEBUG_H
#define RBPF_DEBUG_H

#define RBPF_SEAT_MS 10000 /**< a holder silent for longer may be replaced */

/** Why the container is stopped: in stop replies as "rbpf:CAUSE,INSTRUCTIONS,STATUS,DETAIL;" behind the standard fields
 * (all four hexadecimal; INSTRUCTIONS executed since the run began; STATUS = -rbpf_status_t of a fault, else 0; DETAIL
 * as in rbpf_fault_t, binding id or store key). Every stop reply carries all 12 registers and "thread:". */
typedef enum {
    RBPF_CAUSE_IDLE = 0,       /**< no run in progress */
    RBPF_CAUSE_INTERRUPT = 1,
    RBPF_CAUSE_STEP = 2,
    RBPF_CAUSE_BREAKPOINT = 3,
    RBPF_CAUSE_WATCHPOINT = 4, /**< also "watch:ADDR;", "rwatch:" or "awatch:"; reported behind the access */
    RBPF_CAUSE_ENTRY = 5,      /**< before the first instruction of a run */
    RBPF_CAUSE_FAULT = 6,      /**< at the faulting instruction; going on ends the run with that fault */
    RBPF_CAUSE_BUDGET = 7,     /**< before the instruction that the budget no longer covers; going on ends the run */
    RBPF_CAUSE_BINDING = 8,    /**< before a call of a binding asked for; DETAIL = id */
    RBPF_CAUSE_STORE = 9,      /**< behind a write to a store key asked for; DETAIL = key */
    RBPF_CAUSE_EXIT = 10,      /**< behind the exit of the entry; r0 is the result */
    RBPF_CAUSE_HOLD = 11,      /**< the hold-time limit passed and this is not a stop any more: only in %Resumed */
    RBPF_CAUSE_GONE = 12,      /**< the slot was replaced or removed: only in %Gone */
} rbpf_cause_t;

/** QRbpfStop:MASK[;bID[,ID…]][;kKEY[,KEY…]] : what stops besides breakpoints. Default: FAULT. Reply OK. */
#define RBPF_STOP_ENTRY 0x01u
#define RBPF_STOP_FAULT 0x02u
#define RBPF_STOP_BUDGET 0x04u
#define RBPF_STOP_BINDING 0x08u /**< any binding, or those of the b list */
#define RBPF_STOP_STORE 0x10u   /**< any store write by this container, or the keys of the k list */
#define RBPF_STOP_EXIT 0x20u

/* QRbpfHold:MS,ACTION   : a halted container goes on by itself after MS milliseconds (0 = never, the default is 0);
 *                         ACTION 0 resumes it, 1 aborts its run. Told by "%Resumed:SLOT,ACTION".
 * QRbpfHistory:0|1      : record notifications off or on. While they are on the container runs only as fast as they
 *                         leave the board. Reply OK.
 * qRbpfImage            : reply = build id of the attached slot's image, 16 bytes in hexadecimal, then ",SLOT,STACK,
 *                         DATA,BUDGET" (sizes in bytes, budget in instructions).
 * qRbpfFrames[:FIRST]   : reply = one record per active local call from number FIRST (0) on, innermost first, separated
 *                         by ';': RETURN_PC_BYTES,FRAME_R10,r6,r7,r8,r9 of the caller (plain hexadecimal numbers); "" if
 *                         none. A ';' at the end: there are more that did not fit, ask again from there.
 * qRbpfRegions          : reply = "INDEX,SIZE,ACCESS;…" of every region there is (ACCESS 1 read, 2 write, 3 both).
 * vRbpfTake[:HEX]       : takes the debugger's seat from another workstation, for the session HEX. Reply OK.
 *
 * Notifications while history is on, in the order in which things happen:
 * %Start:RUN,ENTRY_PC,R1,R2,R10            a run begins (RUN counts up); stack zeroed; other registers 0.
 * %Memory:ADDR,{bytes}                     contents of writable and granted memory as a run finds it, sent between
 *                                          %Start and the first instruction, for data/bss (when it may have changed
 *                                          since the last %End), context and granted regions; in pieces of ≤ 96 bytes.
 * %Region:INDEX,SIZE,ACCESS                a region granted for this run, before its %Memory.
 * %Call:N,ID,R0                            the N-th instruction of the run (counted from 0) called binding ID and got R0;
 *                                          sent behind its writes.
 * %Write:ADDR,{bytes}                      memory the binding of the following %Call wrote.
 * %End:RUN,CAUSE,INSTRUCTIONS,R0,STATUS,DETAIL   the run is over: RBPF_CAUSE_EXIT, FAULT or BUDGET; also sent with history
 *                                          off while attached.
 * Always while attached: %Resumed:SLOT,ACTION, %Gone:SLOT,CAUSE, %Taken:HEX (the new holder's session).
 * History begins with the next run after QRbpfHistory:1. A binding call that faults sends no %Call. A run that is ended
 * from outside (k, hold limit, a new image) ends as FAULT with the status ABORTED. */

#endif
