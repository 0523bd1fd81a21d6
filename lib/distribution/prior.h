/* SPDX-License-Identifier: MIT */
/* The family of priors p(z), with the KL divergence of a diagonal Gaussian from each. */
#ifndef VAE_DISTRIBUTION_PRIOR_H
#define VAE_DISTRIBUTION_PRIOR_H

#include "math/level.h"
#include "support/options.h"

#include <stdint.h>

/* h, args: as in posterior.h (the posterior's). */

/* kl[r] += KL(q(z|x) || p(z)) of row r in nats. */
typedef void (*vae__kl_fn)(size_t rows, size_t dim, const float *h, size_t ldh, const double *args,
                           double *kl);
/* The same, and dh = scale * d kl / d h (overwritten, columns 2 * dim up to lddh set to 0; not yet
 * passed through clamp_gradient). */
typedef void (*vae__kl_gradient_fn)(size_t rows, size_t dim, const float *h, size_t ldh,
                                    const double *args, float scale, float *dh, size_t lddh,
                                    double *kl);
/* Turns standard normal noise into draws of p(z), in place. */
typedef void (*vae__prior_draw_fn)(size_t rows, size_t dim, float temperature, float *z,
                                   size_t ldz);

struct vae__prior {
    struct vae__kind kind;
    vae__kl_fn kl[VAE__LEVEL_COUNT];
    vae__kl_gradient_fn kl_gradient[VAE__LEVEL_COUNT];
    vae__prior_draw_fn draw;
};

extern const struct vae__family vae__priors;

#endif
