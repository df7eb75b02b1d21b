/* SPDX-License-Identifier: GPL-3.0-or-later */
long labs(long value) {
    return value < 0 ? (long)-(unsigned long)value : value;
}
