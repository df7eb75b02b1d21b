/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels' images; the folder they lie in is on the assembler's include path. */
    .section .rodata.images, "a"

    .macro image name
    .balign 8
    .global image_\name
image_\name:
    .incbin "\name\().rbpf"
    .global image_\name\()_end
image_\name\()_end:
    .endm

    image fletcher32
    image crc32
    image sort
    image sieve
    image arithmetic64
    image scan
    image listing1
