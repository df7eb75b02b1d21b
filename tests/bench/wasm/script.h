/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Included ahead of a script that is compiled for wasm32, to compare sizes: bindings become imports with short names.
 * Contexts have 4-byte pointers there, so what the headers assert of their layout does not hold. */
#define _Static_assert(...)
#define __bpf__ 1

#define RBPF_BINDINGS_H /* instead of <rbpf/bindings.h> */
#include <rbpf/types.h>

#define RBPF_NONE void
#define RBPF_VALUE(type, name) type name
#define RBPF_IN(type, name, bytes) type name
#define RBPF_OUT(type, name, bytes) type name
#define RBPF_IN_N(type, name, n) type name
#define RBPF_OUT_N(type, name, n) type name
#define RBPF_STRING(name) const char *name
#define RBPF_TEXT(type, name) type name
#define RBPF_MORE ...
#define RBPF_BINDING(id, name, returns, parameters, doc) \
    __attribute__((import_module("r"), import_name(#id))) returns bpf_##name parameters;
#include <rbpf/bindings.def>
