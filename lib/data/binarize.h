/* SPDX-License-Identifier: MIT */
/* The family of ways to make grey means binary, at each use of a row: one file each, one row each
 * in binarize.c. */
#ifndef VAE_DATA_BINARIZE_H
#define VAE_DATA_BINARIZE_H

#include "math/level.h"
#include "support/kind.h"

#include <stdint.h>

struct vae__binarize {
    struct vae__kind kind;
    int noisy; /* apply needs u, uniform on [0, 1) */
    /* x[i] = 0 or 1 for n numbers in place; u NULL unless noisy. NULL: rows as they are. */
    void (*apply)(size_t level, size_t n, const float *u, float *x);
};

extern const struct vae__family vae__binarizes;

#endif
