/* SPDX-License-Identifier: MIT */
#include "distribution/prior.h"

extern const struct vae__prior vae__prior_standard_normal;

static const void *const table[] = {&vae__prior_standard_normal, NULL};

const struct vae__family vae__priors = {.name = "prior", .table = table};
