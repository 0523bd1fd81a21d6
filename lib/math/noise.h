/* SPDX-License-Identifier: MIT */
/* Blocks of noise, vectorised. Element (r, d) of out comes from the Philox block with counter
 * (d / 4, first_row + r, noise.step, noise.tag), word d % 4 (uniform) or its Box-Muller image
 * (normal). Only multiplications, additions, divisions and square roots of IEEE float and integers:
 * every level and every machine gives the same bits.
 *   out  rows x dims, row stride ld */
#ifndef VAE_MATH_NOISE_H
#define VAE_MATH_NOISE_H

#include "math/level.h"
#include "support/random.h"

typedef void (*vae__noise_fn)(const struct vae__noise *noise, size_t first_row, size_t rows,
                              size_t dims, float *out, size_t ld);

/* (word >> 8) * 2^-24: [0, 1). */
extern const vae__noise_fn vae__noise_uniform[VAE__LEVEL_COUNT];
/* Words (0, 1) and (2, 3) are pairs: u = (word0 + 0.5) * 2^-32 rounded to float, r = sqrt(-2 log
 * u), angle = 2 pi word1 / 2^32: r cos, r sin. */
extern const vae__noise_fn vae__noise_normal[VAE__LEVEL_COUNT];

#endif
