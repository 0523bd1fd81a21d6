/* SPDX-License-Identifier: MIT */
/* The family of activations: one file each, one row each in activation.c. */
#ifndef VAE_NN_ACTIVATION_H
#define VAE_NN_ACTIVATION_H

#include "math/level.h"
#include "support/options.h"

#include <stdint.h>

/* y = f(z) over n floats; y may be z. Answers the magnitude of y (math/block.h). */
typedef uint32_t (*vae__activate_fn)(size_t n, const float *z, float *y, const double *args);
/* d = d * f'(z) over n floats. z is given only where the kind needs it. Magnitude of d. */
typedef uint32_t (*vae__deactivate_fn)(size_t n, const float *z, const float *y, float *d,
                                       const double *args);

/* n is a multiple of 16 and everything is aligned to 64 bytes. */
struct vae__activation {
    struct vae__kind kind;
    int needs_z; /* the derivative is taken from z; otherwise from y alone, and z is NULL */
    double gain; /* for he initialisation: sqrt(2) for relu, 1 where nothing is customary */
    vae__activate_fn forward[VAE__LEVEL_COUNT];
    vae__deactivate_fn backward[VAE__LEVEL_COUNT];
};

extern const struct vae__family vae__activations;

#endif
