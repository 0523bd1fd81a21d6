/* SPDX-License-Identifier: MIT */
/* Digits drawn by the program: data for a machine that has none. */
#ifndef EXAMPLES_SYNTHETIC_H
#define EXAMPLES_SYNTHETIC_H

#include <stddef.h>
#include <stdint.h>

enum { SYNTHETIC_SIDE = 28, SYNTHETIC_PIXELS = SYNTHETIC_SIDE * SYNTHETIC_SIDE };

/* Draws `n` grey digits of 28 x 28 pixels, white strokes on black with random place, size, slant,
 * thickness and form, and their labels. The i-th is the same for every n: it depends on
 * (seed, first + i) alone. */
void synthetic_digits(uint8_t *pixels, uint8_t *labels, size_t n, uint64_t seed, uint64_t first);

#endif
