/* SPDX-License-Identifier: MIT */
/* Element-wise passes that belong to no family. "Magnitude": the largest |v| as the bits of a
 * float, so that integer order is float order and NaN is larger than infinity. */
#ifndef VAE_MATH_BLOCK_H
#define VAE_MATH_BLOCK_H

#include "math/level.h"

#include <stdint.h>

#define VAE__MAGNITUDE_INFINITE 0x7f800000u /* this or more: not finite */

/* The magnitude of n floats. */
typedef uint32_t (*vae__magnitude_fn)(size_t n, const float *v);
extern const vae__magnitude_fn vae__magnitude[VAE__LEVEL_COUNT];

/* The sum of squares of n floats, in double, explicit lanes. */
typedef double (*vae__square_sum_fn)(size_t n, const float *v);
extern const vae__square_sum_fn vae__square_sum[VAE__LEVEL_COUNT];

/* out[i] = (float)k[i] / scale; and a copy of floats. Both answer the magnitude. */
typedef uint32_t (*vae__from_uint8_fn)(size_t n, const uint8_t *k, float scale, float *out);
extern const vae__from_uint8_fn vae__from_uint8[VAE__LEVEL_COUNT];
typedef uint32_t (*vae__from_float_fn)(size_t n, const float *x, float *out);
extern const vae__from_float_fn vae__from_float[VAE__LEVEL_COUNT];

/* Whether any of n floats is below `least` or above `most`; NaN is neither. */
typedef int (*vae__outside_fn)(size_t n, const float *v, float least, float most);
extern const vae__outside_fn vae__outside[VAE__LEVEL_COUNT];

/* x[i] = u[i] < x[i] ? 1 : 0 */
typedef void (*vae__binarize_fn)(size_t n, const float *u, float *x);
extern const vae__binarize_fn vae__binarize[VAE__LEVEL_COUNT];

/* Sets the columns from `from` up to ld to 0 in every row of m, rows x ld. */
void vae__clear_columns(size_t rows, size_t from, size_t ld, float *m);

#endif
