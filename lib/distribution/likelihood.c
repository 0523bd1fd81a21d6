/* SPDX-License-Identifier: MIT */
#include "distribution/likelihood.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(bernoulli)                                                                                 \
    row(gaussian)                                                                                  \
    row(gaussian_diag)

#define DECLARE(name) extern const struct vae__likelihood vae__likelihood_##name;
#define POINT(name) &vae__likelihood_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__likelihoods = {.name = "likelihood", .table = table};
