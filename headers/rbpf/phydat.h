/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sensor reading as RIOT's SAUL gives it: value = val * 10^scale in unit. Same layout for scripts and firmware. */
#ifndef RBPF_PHYDAT_H
#define RBPF_PHYDAT_H

#include <stdint.h>

#define PHYDAT_DIM 3

/** 8 bytes: val at 0, unit at 6, scale at 7. */
typedef struct {
    int16_t val[PHYDAT_DIM];
    uint8_t unit;
    int8_t scale;
} phydat_t;

#endif
