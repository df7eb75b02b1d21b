/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path of bpf/bpfapi/helpers.h in RIOT's package of Femto-Containers. */
#ifndef BPFAPI_HELPERS_H
#define BPFAPI_HELPERS_H

#include "bpf/bpfapi/helpers.h"

#endif
