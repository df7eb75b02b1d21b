/* SPDX-License-Identifier: GPL-3.0-or-later */
int strcmp(const char *first, const char *second) {
    while (*first != '\0' && *first == *second) {
        ++first;
        ++second;
    }
    return (unsigned char)*first - (unsigned char)*second;
}
