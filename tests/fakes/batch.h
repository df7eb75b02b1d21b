/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch of runs as a file: what rbpf-vm-batch-CORE reads (kBatchIn) and writes (kBatchOut) in QEMU's working folder.
 * Little-endian; every part is padded to 8 bytes. */
#ifndef RBPF_TESTS_FAKES_BATCH_H
#define RBPF_TESTS_FAKES_BATCH_H

#include <stdint.h>

#define BATCH_IN "batch.in"
#define BATCH_OUT "batch.out"

/** Before the image and the memory that r1 points at. */
typedef struct {
    uint32_t imageBytes;
    uint32_t memoryBytes; /**< 0: no context is granted */
    uint32_t slice;       /**< instructions that one call of run may execute */
    uint32_t slices;      /**< calls at most */
} batch_run_t;

/** Before the memory and the stack as the run left them; neither follows a rejection. */
typedef struct {
    int32_t rejection; /**< rbpf_status_t */
    uint32_t rejectionInsn;
    int32_t halt;
    int32_t fault;
    uint32_t faultInsn;
    uint32_t faultDetail;
    uint32_t pc;
    uint32_t depth;
    uint32_t memoryBytes;
    uint32_t stackBytes;
    uint64_t instructions;
    uint64_t reg[11];
} batch_outcome_t;

static inline uint32_t batch_padded(uint32_t bytes) {
    return (bytes + 7) & ~(uint32_t)7;
}

#endif
