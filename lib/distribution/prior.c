/* SPDX-License-Identifier: MIT */
#include "distribution/prior.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(standard_normal)

#define DECLARE(name) extern const struct vae__prior vae__prior_##name;
#define POINT(name) &vae__prior_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__priors = {.name = "prior", .table = table};
