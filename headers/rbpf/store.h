/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that outlive a run, under 32-bit keys: bpf_store_local and bpf_fetch_local for this script alone,
 * bpf_store_global and bpf_fetch_global for all scripts of the board. A key that was never stored reads as 0.
 * All return 0, or a negative number when the store is full. The store is kept when the board restarts.
 *
 *   uint32_t runs;
 *   bpf_fetch_local(1, &runs);
 *   bpf_store_local(1, runs + 1);
 */
#ifndef RBPF_STORE_H
#define RBPF_STORE_H

#include <rbpf/bindings.h>

#endif
