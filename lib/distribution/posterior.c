/* SPDX-License-Identifier: MIT */
#include "distribution/posterior.h"

extern const struct vae__posterior vae__posterior_gaussian_diag;

static const void *const table[] = {&vae__posterior_gaussian_diag, NULL};

const struct vae__family vae__posteriors = {.name = "posterior", .table = table};
