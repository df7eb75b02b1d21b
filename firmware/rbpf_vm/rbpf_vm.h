/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The virtual machine's public interface: open and verify an image, run a container made from it (RFC 9669).
 * Freestanding, no heap, no global state; every function may be called from any one thread at a time per container. */
#ifndef RBPF_VM_RBPF_VM_H
#define RBPF_VM_RBPF_VM_H

#include <stdint.h>

#include <rbpf/image.h>
#include <rbpf/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RBPF_REGISTERS 11     /**< r0 … r10 */
#define RBPF_CALL_DEPTH_MAX 8 /**< functions active at once, the entry included */

/** Why a run stopped. Crosses the wire; append only. */
typedef enum {
    RBPF_HALT_EXITED = 0, /**< the entry returned; r0 is the result */
    RBPF_HALT_FAULT = 1,  /**< container.fault says what and where */
    RBPF_HALT_BUDGET = 2, /**< maxInstructions are executed; run again to go on */
    RBPF_HALT_BREAKPOINT = 3,
    RBPF_HALT_WATCHPOINT = 4,
    RBPF_HALT_STEP = 5,
    RBPF_HALT_INTERRUPT = 6, /**< a binding asked to stop here */
} rbpf_halt_t;

/** A failure with its place. */
typedef struct {
    int8_t status;      /**< rbpf_status_t */
    uint32_t insnIndex; /**< 8-byte slot counted from the start of text */
    uint32_t detail;    /**< effective virtual address of an access, id of a binding, else 0 */
} rbpf_fault_t;

/** An image as found in memory: pointers into the caller's bytes, nothing copied. Valid as long as those bytes are. */
typedef struct {
    const uint8_t *bytes;   /**< the image itself */
    uint32_t size;          /**< in bytes */
    const uint8_t *text;    /**< aligned to 4 */
    const uint8_t *rodata;
    const uint8_t *data;    /**< initial values */
    uint32_t textBytes;
    uint32_t rodataBytes;
    uint32_t dataBytes;
    uint32_t bssBytes;
    uint32_t budget;        /**< 0 = device's default */
    uint16_t stackBytes;
    uint8_t entryCount;
    uint8_t isFemto;        /**< 1: a Femto-Container image */
} rbpf_image_t;

/** One entry of an opened image. Strings end with NUL inside the image. */
typedef struct {
    const char *name;
    const char *trigger;
    uint32_t insnIndex;
    uint32_t frameBytes;
} rbpf_entry_t;

/** {base, size, access} of a region: size for reading and for writing, so that one comparison checks both. */
typedef struct {
    uint32_t readBytes;  /**< 0: not readable */
    uint8_t *base;       /**< firmware memory; never shown to a script. Between the sizes: one load gets it with either. */
    uint32_t writeBytes; /**< 0: not writable */
} rbpf_region_t;

struct rbpf_container;

#define RBPF_CALL_INTERRUPT 1

/** What the firmware gives to the scripts. */
typedef struct rbpf_firmware {
    /** True if binding `id` exists. Called while verifying. */
    int (*has)(const struct rbpf_firmware *firmware, uint32_t id);
    /** Does binding `id`: arguments in container->reg[1 … 5], result to reg[0]. 0 goes on; RBPF_CALL_INTERRUPT stops the
     * run with RBPF_HALT_INTERRUPT behind the call, to be gone on with later; a negative rbpf_status_t faults at the
     * call (the function may set container->fault.detail first). container->pc is the call's, and
     * container->instructions what ran before it. */
    int (*call)(const struct rbpf_firmware *firmware, struct rbpf_container *container, uint32_t id);
} rbpf_firmware_t;

/** What the device allows. */
typedef struct {
    uint32_t imageBytes;
    uint32_t stackBytes;
    uint32_t ramBytes; /**< data + bss */
} rbpf_limits_t;

/** What a local call saves. */
typedef struct {
    uint64_t saved[4];  /**< r6 … r9 of the caller */
    uint32_t returnPc;  /**< slot index behind the call */
    uint32_t frame;     /**< r10 of the caller */
} rbpf_frame_t;

/** A container: the whole state of a loaded script. All of it lives here, so that a run can stop anywhere and go on.
 * Without the script's stack and data at most 660 bytes on a 32-bit machine. */
typedef struct rbpf_container {
    uint64_t reg[RBPF_REGISTERS];
    rbpf_region_t region[RBPF_REGION_COUNT];
    rbpf_frame_t frame[RBPF_CALL_DEPTH_MAX - 1];
    const rbpf_firmware_t *firmware;
    void *owner;            /**< for the firmware: whom the container belongs to; not touched by the VM */
    const uint8_t *text;
    uint32_t textBytes;
    uint32_t pc;            /**< slot index of the next instruction */
    uint64_t instructions;  /**< executed since the run started, exact */
    rbpf_fault_t fault;
    uint8_t depth;          /**< frames in use */
    uint8_t runnable;       /**< 1 between start and Exited or Fault */
} rbpf_container_t;

/** Finds the parts of a v1 or Femto-Container image; checks every length, offset, string and the checksum, so that
 * later code need not. `bytes` must be aligned to 4. */
rbpf_status_t rbpf_image_open(rbpf_image_t *image, const void *bytes, uint32_t size);

/** Entry `index` of an opened image; index < entryCount. */
rbpf_entry_t rbpf_image_entry(const rbpf_image_t *image, uint32_t index);

/** The script's name and version; "" for Femto-Container images. */
const char *rbpf_image_name(const rbpf_image_t *image);
const char *rbpf_image_version(const rbpf_image_t *image);

/** Verifies the text once, at install, and the image against the device's limits. Without OK `rejection` says what,
 * where (the slot; of an entry, the one it names) and which (binding id). Local calls in Femto-Container images are
 * refused (BAD_FRAME): their call instruction carries no frame size. */
rbpf_status_t rbpf_image_verify(const rbpf_image_t *image, const rbpf_limits_t *limits, const rbpf_firmware_t *firmware,
                                rbpf_fault_t *rejection);

/** Makes a container of a verified image. `stack` (image->stackBytes, aligned to 8) and `ram` (dataBytes + bssBytes,
 * aligned to 8) are the caller's and live as long as the container. Copies the initial data, zeroes bss. */
void rbpf_container_init(rbpf_container_t *container, const rbpf_image_t *image, const rbpf_firmware_t *firmware, void *stack,
                         void *ram);

/** Grants `size` bytes at `base` as region `index`; base null takes it back. Keeps until changed. */
void rbpf_container_grant(rbpf_container_t *container, uint32_t index, void *base, uint32_t size, int writable);

/** Starts a run at an entry: r1 = address of the context region (0 if none is granted), r2 = its size, other
 * registers 0, r10 = end of the stack; the stack is zeroed. */
void rbpf_container_start(rbpf_container_t *container, uint32_t insnIndex);

/** Executes at most `maxInstructions` and says why it stopped; call again to go on after Budget or Interrupt. Exact:
 * Budget comes after exactly that many, run(container, 1) is a single step, and a run ends the same however it is cut
 * into calls. lddw counts as one. On a fault the pc stays at the instruction that faulted, which is not counted.
 * Without a run in progress: Fault with NOT_RUNNABLE. */
rbpf_halt_t rbpf_container_run(rbpf_container_t *container, uint32_t maxInstructions);

#define RBPF_READ 1u
#define RBPF_WRITE 2u

/** The only way from a script's pointer to firmware memory: null if any byte of [address, address + size) lies outside
 * of a region or the access is not allowed. RBPF_READ | RBPF_WRITE asks for both. size 0 is allowed inside a region. */
void *rbpf_container_access(const rbpf_container_t *container, uint64_t address, uint32_t size, uint32_t mode);

#ifdef __cplusplus
}
#endif

#endif
