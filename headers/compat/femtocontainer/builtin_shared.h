/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The binding ids that the Femto-Container library itself defines. */
#ifndef FEMTOCONTAINER_BUILTIN_SHARED_H
#define FEMTOCONTAINER_BUILTIN_SHARED_H

/** Key-value store, as in bindings.def. */
enum {
    BPF_FUNC_BPF_STORE_LOCAL = 0x10,
    BPF_FUNC_BPF_STORE_GLOBAL = 0x11,
    BPF_FUNC_BPF_FETCH_LOCAL = 0x12,
    BPF_FUNC_BPF_FETCH_GLOBAL = 0x13,
};

#endif
