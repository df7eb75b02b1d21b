/* SPDX-License-Identifier: GPL-3.0-or-later */
int abs(int value) {
    return value < 0 ? (int)-(unsigned)value : value;
}
