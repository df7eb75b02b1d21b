/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sensor reading as RIOT's SAUL gives it: value = val * 10^scale in unit. Same layout for scripts and firmware. */
#ifndef RBPF_PHYDAT_H
#define RBPF_PHYDAT_H

#include <stdint.h>

/** Values in one reading: an accelerometer fills three, a thermometer one. */
#define PHYDAT_DIM 3

/** 8 bytes: val at 0, unit at 6, scale at 7. 21.5 °C is {{215}, UNIT_TEMP_C, -1}. */
typedef struct {
    int16_t val[PHYDAT_DIM]; /**< how many are valid is what bpf_saul_reg_read returns */
    uint8_t unit;            /**< UNIT_… */
    int8_t scale;            /**< power of ten: -2 means hundredths of the unit */
} phydat_t;

/** Units of a reading, numbered as in RIOT since 2021 (sys/include/phydat.h). rBPF's RIOT of 2020 had no UNIT_T: there
 * UNIT_DBM and everything after it is one less. */
enum {
    UNIT_UNDEF = 0,
    UNIT_NONE = 1, /**< a plain number */
    UNIT_TEMP_C = 2,
    UNIT_TEMP_F = 3,
    UNIT_TEMP_K = 4,
    UNIT_LUX = 5,
    UNIT_M = 6,
    UNIT_M2 = 7,
    UNIT_M3 = 8,
    UNIT_G_FORCE = 9, /**< multiples of standard gravity */
    UNIT_G = UNIT_G_FORCE,
    UNIT_DPS = 10, /**< degrees per second */
    UNIT_GRAM = 11,
    UNIT_GR = UNIT_GRAM,
    UNIT_A = 12,
    UNIT_V = 13,
    UNIT_W = 14,
    UNIT_GAUSS = 15,
    UNIT_GS = UNIT_GAUSS,
    UNIT_T = 16, /**< tesla */
    UNIT_DBM = 17,
    UNIT_COULOMB = 18,
    UNIT_F = 19, /**< farad */
    UNIT_OHM = 20,
    UNIT_PH = 21,
    UNIT_BAR = 22,
    UNIT_PA = 23,
    UNIT_CD = 24,
    UNIT_BOOL = 25, /**< 0 or 1 */
    UNIT_CTS = 26,  /**< counts */
    UNIT_PERCENT = 27,
    UNIT_PERMILL = 28,
    UNIT_PPM = 29,
    UNIT_PPB = 30,
    UNIT_TIME = 31, /**< second, minute, hour in val[0 … 2] */
    UNIT_DATE = 32, /**< day, month, year in val[0 … 2] */
    UNIT_GPM3 = 33, /**< grams per cubic metre */
    UNIT_CPM3 = 34, /**< counts per cubic metre */
};

#endif
