/* SPDX-License-Identifier: MIT */
/* The family of reductions: what the gradient of a batch is to those of its rows. */
#ifndef VAE_OBJECTIVE_REDUCTION_H
#define VAE_OBJECTIVE_REDUCTION_H

#include "support/kind.h"

struct vae__reduction {
    struct vae__kind kind;
    double (*scale)(size_t rows); /* of each row's gradient */
};

extern const struct vae__family vae__reductions;

#endif
