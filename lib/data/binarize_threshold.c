/* SPDX-License-Identifier: MIT */
#include "data/binarize.h"

extern const struct vae__binarize vae__binarize_threshold;

static void threshold(size_t level, size_t n, const float *u, float *x)
{
    (void)level;
    (void)u;
    for (size_t i = 0; i < n; i++) x[i] = x[i] >= 0.5f ? 1.0f : 0.0f;
}

const struct vae__binarize vae__binarize_threshold = {
    .kind = {.name = "threshold", .describe = "1 where x >= 0.5, else 0"},
    .apply = threshold,
};
