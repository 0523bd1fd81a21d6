/* SPDX-License-Identifier: MIT */
/* The family of posteriors q(z|x). */
#ifndef VAE_DISTRIBUTION_POSTERIOR_H
#define VAE_DISTRIBUTION_POSTERIOR_H

#include "math/level.h"
#include "support/options.h"

#include <stdint.h>

/* h: rows x (2 * dim), stride ldh: mu, then raw log-variances without a gap, as the heads give
 * them; log-variances are clamped to [args[0], args[1]] wherever they are used. dh: the same
 * shape. */

/* z = mu + exp(logvar / 2) * eps. Answers the magnitude of z. */
typedef uint32_t (*vae__reparameterize_fn)(size_t rows, size_t dim, const float *h, size_t ldh,
                                           const double *args, const float *eps, size_t ldeps,
                                           float *z, size_t ldz);
/* dh += the gradient of that: dmu += dz, dlogvar += dz * eps * exp(logvar / 2) / 2. */
typedef void (*vae__reparameterize_gradient_fn)(size_t rows, size_t dim, const float *h, size_t ldh,
                                                const double *args, const float *eps, size_t ldeps,
                                                const float *dz, size_t lddz, float *dh,
                                                size_t lddh);
/* Where a raw log-variance is at or outside a limit, its gradient passes only if a descent step
 * would bring it back. Answers the magnitude of dh. */
typedef uint32_t (*vae__clamp_gradient_fn)(size_t rows, size_t dim, const float *h, size_t ldh,
                                           const double *args, float *dh, size_t lddh);
/* mu and clamped logvar as reported; either out may be NULL. */
typedef void (*vae__moments_fn)(size_t rows, size_t dim, const float *h, size_t ldh,
                                const double *args, float *mu, size_t ldmu, float *logvar,
                                size_t ldlogvar);

struct vae__posterior {
    struct vae__kind kind;
    vae__reparameterize_fn reparameterize[VAE__LEVEL_COUNT];
    vae__reparameterize_gradient_fn gradient[VAE__LEVEL_COUNT];
    vae__clamp_gradient_fn clamp_gradient[VAE__LEVEL_COUNT];
    vae__moments_fn moments;
};

extern const struct vae__family vae__posteriors;

#endif
