/* SPDX-License-Identifier: MIT */
#include "distribution/likelihood.h"

#include <string.h>

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

void vae__first_parameter(size_t rows, size_t dim, const float *p, size_t ldp, const double *args,
                          float *out, size_t ldout)
{
    (void)args;
    for (size_t r = 0; r < rows; r++) memcpy(out + r * ldout, p + r * ldp, dim * sizeof *p);
}
