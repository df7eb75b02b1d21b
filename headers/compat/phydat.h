/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RIOT's path of phydat_t. */
#ifndef RBPF_COMPAT_PHYDAT_H
#define RBPF_COMPAT_PHYDAT_H

#include <rbpf/phydat.h>

#endif
