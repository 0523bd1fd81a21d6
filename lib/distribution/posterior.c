/* SPDX-License-Identifier: MIT */
#include "distribution/posterior.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(gaussian_diag)

#define DECLARE(name) extern const struct vae__posterior vae__posterior_##name;
#define POINT(name) &vae__posterior_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__posteriors = {.name = "posterior", .table = table};
