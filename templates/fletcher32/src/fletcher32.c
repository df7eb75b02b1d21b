/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fletcher-32 checksum of the context: how many 16-bit words, then the words. The classic measure of small virtual
 * machines: a tight loop of loads and additions. */
#include <stdint.h>

struct input {
    uint32_t words;
    uint16_t data[];
};

/* After 359 words the larger sum could leave 32 bits (0xffff + 359 * … < 2^32), so it is folded at least that often. */
#define WORDS_BETWEEN_FOLDS 359

static uint32_t fold(uint32_t sum)
{
    return (sum & 0xffff) + (sum >> 16);
}

uint32_t fletcher32(const struct input *input)
{
    const uint16_t *data = input->data;
    uint32_t words = input->words;
    uint32_t sum1 = 0xffff;
    uint32_t sum2 = 0xffff;

    while (words > 0) {
        uint32_t block = words < WORDS_BETWEEN_FOLDS ? words : WORDS_BETWEEN_FOLDS;
        words -= block;
        do {
            sum1 += *data++;
            sum2 += sum1;
        } while (--block > 0);
        sum1 = fold(sum1);
        sum2 = fold(sum2);
    }
    /* The first fold may leave a carry. */
    return fold(sum2) << 16 | fold(sum1);
}
