/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything a script may want to include, at once. Unused declarations cost nothing. */
#ifndef RBPF_RBPF_H
#define RBPF_RBPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rbpf/bindings.h>
#include <rbpf/coap.h>
#include <rbpf/fmt.h>
#include <rbpf/gpio.h>
#include <rbpf/loop_bound.h>
#include <rbpf/packet.h>
#include <rbpf/phydat.h>
#include <rbpf/print.h>
#include <rbpf/saul.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>
#include <rbpf/time.h>
#include <rbpf/types.h>

#endif
