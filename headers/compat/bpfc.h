/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bindings under the spelling bpfc_…, which one printing of the rBPF paper uses. */
#ifndef RBPF_COMPAT_BPFC_H
#define RBPF_COMPAT_BPFC_H

#include <rbpf/rbpf.h>

#ifdef __bpf__

typedef bpf_coap_ctx_t bpfc_coap_ctx_t;
typedef bpf_saul_reg_t bpfc_saul_reg_t;

#define RBPF_BINDING_CALL(name) bpfc_##name
#include <rbpf/declare_bindings.inc>
#undef RBPF_BINDING_CALL

#endif

#endif
