/* SPDX-License-Identifier: MIT */
#include "data/binarize.h"
#include "math/block.h"

extern const struct vae__binarize vae__binarize_bernoulli;

static void bernoulli(size_t level, size_t n, const float *u, float *x)
{
    vae__binarize[level](n, u, x);
}

const struct vae__binarize vae__binarize_bernoulli = {
    .kind = {.name = "bernoulli", .describe = "1 with probability x, drawn anew at every use"},
    .noisy = 1,
    .apply = bernoulli,
};
