/* SPDX-License-Identifier: GPL-3.0-or-later */
char *strcpy(char *restrict destination, const char *restrict source) {
    char *at = destination;
    while ((*at++ = *source++) != '\0') {
    }
    return destination;
}
