/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What crosses the line between board and workstation besides images: frame types, resources, CBOR keys. */
#ifndef RBPF_WIRE_H
#define RBPF_WIRE_H

#define RBPF_PROTOCOL_VERSION 1

/* Slipmux (draft-bormann-t2trg-slipmux): first byte of a frame. */
#define RBPF_FRAME_DIAGNOSTIC 0x0A /**< text for a person */
#define RBPF_FRAME_COAP 0xA9       /**< one CoAP message and its FCS */
#define RBPF_FRAME_DEBUG 0xAD      /**< one debug packet (debug.h) and its FCS */

/* Largest CoAP block: SZX 2 = 64 bytes payload is always understood; the board tells its limit by its block size. */
#define RBPF_COAP_MESSAGE_BYTES 1152 /**< longest CoAP message the workstation accepts */

/* Resources; {n} is a slot number in decimal. CBOR is content format 60. */
#define RBPF_RESOURCE_ROOT "rbpf"        /**< GET: map of the keys RBPF_KEY_* "info" below */
#define RBPF_RESOURCE_SLOTS "slots"      /**< GET /rbpf/slots: array of slot maps; GET/PUT/DELETE /rbpf/slots/{n}; POST /rbpf/slots/{n}/invoke */
#define RBPF_RESOURCE_INVOKE "invoke"    /**< payload = context bytes; query "entry=NAME"; reply = map */
#define RBPF_RESOURCE_STORE "store"      /**< GET/PUT/DELETE /rbpf/store/{"global"|n}/{key}; GET /rbpf/store/{scope}: map key -> value */
#define RBPF_RESOURCE_GLOBAL "global"
#define RBPF_RESOURCE_STATS "stats"      /**< GET, observable */
#define RBPF_RESOURCE_DEVICES "devices"  /**< GET: array of device maps; PUT /rbpf/devices/{n}: what a simulated sensor reads from now on, as RBPF_KEY_VALUES; empty = its own signal again */
#define RBPF_RESOURCE_PINS "pins"        /**< GET: array of maps of simulated pins; PUT /rbpf/pins/{pin}: level of an input, 0 or 1 */
#define RBPF_RESOURCE_HOOKS "hooks"      /**< POST /rbpf/hooks/{trigger…}: fire a trigger; payload = context; reply = array of run maps */

/* CBOR map keys (text strings). info: */
#define RBPF_KEY_PROTOCOL "protocol"   /**< uint: RBPF_PROTOCOL_VERSION */
#define RBPF_KEY_FIRMWARE "firmware"   /**< text: firmware version */
#define RBPF_KEY_BOARD "board"         /**< text: native, microbit, … */
#define RBPF_KEY_TABLE "table"         /**< uint: hash of the bindings table (see firmware/rbpf_bindings/bindings_table.hpp) */
#define RBPF_KEY_BINDINGS "bindings"   /**< byte string: ids this firmware has, 2 bytes each, little-endian, ascending */
#define RBPF_KEY_SLOTS "slots"         /**< uint: number of slots */
#define RBPF_KEY_TEXT "image"          /**< uint: largest image in bytes */
#define RBPF_KEY_RAM "ram"             /**< uint: largest data + bss of one container in bytes */
#define RBPF_KEY_STACK "stack"         /**< uint: largest stack in bytes */
#define RBPF_KEY_REGIONS "regions"     /**< uint */
#define RBPF_KEY_BUDGET "budget"       /**< uint: largest budget in instructions */
#define RBPF_KEY_CAPABILITIES "caps"   /**< array of text: "debug", "udp", … */
#define RBPF_KEY_RESET "reset"         /**< text: why the board began anew, one of RBPF_RESET_… or what failed, e.g. "hard fault at 0x000012a4, slot 1"; absent where it does not know */
#define RBPF_RESET_POWER "power or reset pin"
#define RBPF_RESET_ASKED "asked for"
/* slot: */
#define RBPF_KEY_SLOT "slot"           /**< uint */
#define RBPF_KEY_STATE "state"         /**< text: "empty", "ready", "running", "halted", "faulted" */
#define RBPF_KEY_NAME "name"           /**< text: script's name */
#define RBPF_KEY_VERSION "version"     /**< text: script's version */
#define RBPF_KEY_BUILD "build"         /**< byte string: build id */
#define RBPF_KEY_BYTES "bytes"         /**< uint: image size */
#define RBPF_KEY_ENTRIES "entries"     /**< array of {name, trigger} */
#define RBPF_KEY_TRIGGER "trigger"     /**< text */
#define RBPF_KEY_RUNS "runs"           /**< uint */
#define RBPF_KEY_FAULTS "faults"       /**< uint */
/* device and pin: */
#define RBPF_KEY_TYPE "type"           /**< uint: SAUL class */
#define RBPF_KEY_UNIT "unit"           /**< uint: phydat unit */
#define RBPF_KEY_SCALE "scale"         /**< int: phydat scale */
#define RBPF_KEY_VALUES "values"       /**< device: byte string, 0 … 3 readings of 2 bytes, little-endian, signed; none: it cannot be read. pin: uint */
#define RBPF_KEY_SIMULATED "sim"       /**< bool: what it reads can be set */
#define RBPF_KEY_PIN "pin"             /**< uint: port * 32 + number */
#define RBPF_KEY_OUTPUT "out"          /**< bool */
/* run (reply of invoke and hooks): */
#define RBPF_KEY_HALT "halt"           /**< uint: rbpf_halt_t */
#define RBPF_KEY_RESULT "result"       /**< int: r0 as a signed 64-bit number */
#define RBPF_KEY_INSTRUCTIONS "insns"  /**< uint: instructions executed */
#define RBPF_KEY_CONTEXT "context"     /**< byte string: the context after the run */
/* diagnostic (payload of every error response of a management resource), also last fault in stats: */
#define RBPF_KEY_STATUS "status"       /**< int: rbpf_status_t */
#define RBPF_KEY_INDEX "insn"          /**< uint: instruction slot index, absent where it has no meaning */
#define RBPF_KEY_DETAIL "detail"       /**< uint: effective address, binding id, or offset, by status; absent where none */
#define RBPF_KEY_LAST "last"           /**< map: last fault {slot, status, insn, detail} */

#endif
