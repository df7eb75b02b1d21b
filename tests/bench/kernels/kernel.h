/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every kernel includes. A kernel is a script and a native function from the same source: one function that gets
 * its input in a context of plain values and arrays, works in it, and returns a number that both must agree on. */
#ifndef RBPF_BENCH_KERNEL_H
#define RBPF_BENCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include <rbpf/coap.h>
#ifdef __bpf__
#include <rbpf/rbpf.h>
#else
#include <sys/types.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define KERNEL_BYTES 360

/** Input of the kernels that read bytes. */
typedef struct {
    uint32_t size;              /**< bytes in use */
    uint32_t seed;
    uint8_t data[KERNEL_BYTES]; /**< 8-aligned */
} kernel_bytes_t;

#define KERNEL_NUMBERS 64

/** Input of the sort. */
typedef struct {
    uint32_t count;
    uint32_t unused;
    uint32_t number[KERNEL_NUMBERS];
} kernel_numbers_t;

#define KERNEL_SIEVE 1024

/** Room for the sieve. */
typedef struct {
    uint8_t composite[KERNEL_SIEVE];
} kernel_sieve_t;

#ifndef __bpf__
uint32_t fletcher32(kernel_bytes_t *context);
uint32_t crc32(kernel_bytes_t *context);
uint32_t sort(kernel_numbers_t *context);
uint32_t sieve(kernel_sieve_t *context);
uint64_t arithmetic64(kernel_bytes_t *context);
uint32_t scan(kernel_bytes_t *context);
int listing1(bpf_coap_ctx_t *context);

/* The bindings that Listing 1 calls, for its native form. */
bpf_saul_reg_t *bpf_saul_reg_find_nth(int position);
int bpf_saul_reg_read(bpf_saul_reg_t *device, phydat_t *reading);
void bpf_gcoap_resp_init(bpf_coap_ctx_t *context, unsigned code);
void bpf_coap_add_format(bpf_coap_ctx_t *context, uint32_t format);
ssize_t bpf_coap_opt_finish(bpf_coap_ctx_t *context, unsigned flags);
uint8_t *bpf_coap_get_pdu(bpf_coap_ctx_t *context);
size_t bpf_fmt_s16_dfp(char *out, int16_t value, int digits);
#endif

#ifdef __cplusplus
}
#endif

#endif
