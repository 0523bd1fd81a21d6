/* SPDX-License-Identifier: MIT */
#include "distribution/likelihood.h"

extern const struct vae__likelihood vae__likelihood_bernoulli, vae__likelihood_gaussian,
    vae__likelihood_gaussian_diag;

static const void *const table[] = {&vae__likelihood_bernoulli, &vae__likelihood_gaussian,
                                    &vae__likelihood_gaussian_diag, NULL};

const struct vae__family vae__likelihoods = {.name = "likelihood", .table = table};
