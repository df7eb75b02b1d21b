/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bindings as a script calls them: bpf_<name>(…), each a call by number, made from bindings.def. */
#ifndef RBPF_BINDINGS_H
#define RBPF_BINDINGS_H

#ifdef __bpf__

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
    __attribute__((unused)) static returns(*const bpf_##name) parameters = (returns(*) parameters)(id);

#include <rbpf/bindings.def>

#undef RBPF_BINDING
#undef RBPF_NONE
#undef RBPF_VALUE
#undef RBPF_IN
#undef RBPF_OUT
#undef RBPF_IN_N
#undef RBPF_OUT_N
#undef RBPF_STRING
#undef RBPF_TEXT
#undef RBPF_MORE

#endif

#endif
