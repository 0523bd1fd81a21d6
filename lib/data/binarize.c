/* SPDX-License-Identifier: MIT */
#include "data/binarize.h"

extern const struct vae__binarize vae__binarize_none;
extern const struct vae__binarize vae__binarize_threshold;
extern const struct vae__binarize vae__binarize_bernoulli;

static const void *const table[] = {
    &vae__binarize_none,
    &vae__binarize_threshold,
    &vae__binarize_bernoulli,
    NULL,
};

const struct vae__family vae__binarizes = {"binarize", table};
