/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bindings as a script calls them: bpf_<name>(…), each a call by number, made from bindings.def. */
#ifndef RBPF_BINDINGS_H
#define RBPF_BINDINGS_H

#ifdef __bpf__

#include <rbpf/types.h>

#ifndef __cplusplus
/* Ahead of its row, so that the compiler compares arguments with the format. */
__attribute__((unused, format(printf, 1, 2))) static int (*const bpf_printf)(const char* format, ...);
#endif

#define RBPF_BINDING_CALL(name) bpf_##name
#include <rbpf/declare_bindings.inc>
#undef RBPF_BINDING_CALL

#endif

#endif
