/* SPDX-License-Identifier: MIT */
/* The family of likelihoods p(x|z): one file each, one row each in likelihood.c. */
#ifndef VAE_DISTRIBUTION_LIKELIHOOD_H
#define VAE_DISTRIBUTION_LIKELIHOOD_H

#include "math/level.h"
#include "support/options.h"

#include <stdint.h>

/* p: rows x (parameters * dim), stride ldp, parameter-major without a gap, as the output layer
 * gives it (rows are aligned, a second parameter's begin is not). x: rows x dim, stride ldx. */

/* nll[r] += -log p(x|p) of row r, in nats, constants included. */
typedef void (*vae__nll_fn)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                            size_t ldx, const double *args, double *nll);
/* The same, and p = scale * d nll / d p, with the columns past parameters * dim up to ldp set to 0.
 * Answers the magnitude of the new p (math/block.h). */
typedef uint32_t (*vae__nll_gradient_fn)(size_t rows, size_t dim, float *p, size_t ldp,
                                         const float *x, size_t ldx, const double *args,
                                         float scale, double *nll);
/* out = E[x], rows x dim. */
typedef void (*vae__mean_fn)(size_t rows, size_t dim, const float *p, size_t ldp,
                             const double *args, float *out, size_t ldout);
/* The mean where that is the first parameter itself. */
void vae__first_parameter(size_t rows, size_t dim, const float *p, size_t ldp, const double *args,
                          float *out, size_t ldout);
/* out = a draw of x made from noise of out's shape (uniform [0, 1) or standard normal). */
typedef void (*vae__draw_fn)(size_t rows, size_t dim, const float *p, size_t ldp,
                             const double *args, const float *noise, size_t ldnoise, float *out,
                             size_t ldout);
/* p as reported: clamped where the likelihood clamps. In place; NULL: as it is. */
typedef void (*vae__report_fn)(size_t rows, size_t dim, float *p, size_t ldp, const double *args);

struct vae__likelihood {
    struct vae__kind kind;
    size_t parameters;                     /* per output number */
    double least, most;                    /* where x may lie; equal: anywhere */
    int normal_noise;                      /* draw takes normal noise, else uniform */
    double (*bias_from_mean)(double mean); /* the first parameter's bias at the data's mean */
    vae__nll_fn nll[VAE__LEVEL_COUNT];
    vae__nll_gradient_fn gradient[VAE__LEVEL_COUNT];
    vae__mean_fn mean[VAE__LEVEL_COUNT];
    vae__draw_fn draw[VAE__LEVEL_COUNT];
    vae__report_fn report;
};

extern const struct vae__family vae__likelihoods;

#endif
