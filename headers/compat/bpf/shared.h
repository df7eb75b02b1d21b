/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rBPF and Femto-Containers share between script and firmware: contexts with pointers, and binding ids by name. */
#ifndef BPF_SHARED_H
#define BPF_SHARED_H

#include <stddef.h>
#include <stdint.h>

#include "femtocontainer/builtin_shared.h"
#include "femtocontainer/shared.h"

#include <rbpf/types.h>

/** Ids of bindings.def under the names that their sources use; those of the stores are in builtin_shared.h. */
enum {
    BPF_FUNC_BPF_PRINTF = 0x01,
    BPF_FUNC_BPF_MEMCPY = 0x02,
    BPF_FUNC_BPF_PRINT_DEBUG = 0x03,

    BPF_FUNC_BPF_NOW_MS = 0x20,

    BPF_FUNC_BPF_SAUL_REG_FIND_NTH = 0x30,
    BPF_FUNC_BPF_SAUL_REG_FIND_TYPE = 0x31,
    BPF_FUNC_BPF_SAUL_REG_READ = 0x32,
    BPF_FUNC_BPF_SAUL_REG_WRITE = 0x33,

    BPF_FUNC_BPF_GCOAP_RESP_INIT = 0x40,
    BPF_FUNC_BPF_COAP_OPT_FINISH = 0x41,
    BPF_FUNC_BPF_COAP_ADD_FORMAT = 0x42,
    BPF_FUNC_BPF_COAP_GET_PDU = 0x43,

    BPF_FUNC_BPF_FMT_S16_DFP = 0x50,
    BPF_FUNC_BPF_FMT_U32_DEC = 0x51,
    BPF_FUNC_BPF_STRLEN = 0x52,

    BPF_FUNC_BPF_ZTIMER_NOW = 0x60,
    BPF_FUNC_BPF_ZTIMER_PERIODIC_WAKEUP = 0x61,

    BPF_FUNC_BPF_GPIO_READ_INPUT = 0x70,
    BPF_FUNC_BPF_GPIO_READ_RAW = 0x71,
    BPF_FUNC_BPF_GPIO_WRITE = 0x72,
};

#endif
