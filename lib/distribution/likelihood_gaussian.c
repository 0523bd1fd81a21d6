/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "distribution/likelihood.h"
#include "math/block.h"

#include <math.h>

#define LOG_2PI 1.83787706640934548356

#define VAE__SELF "distribution/likelihood_gaussian.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("gaussian_sigma", 1e-6, 1e6, 1.0,
                       "gaussian: standard deviation of every number; 1e-6 to 1e6, default 1"),
    VAE__OPTION_END};

static double bias_from_mean(double mean)
{
    return mean;
}

const struct vae__likelihood vae__likelihood_gaussian = {
    .kind = {.name = "gaussian",
             .describe =
                 "N(x; p, gaussian_sigma^2): squared error over 2 sigma^2, and its constant",
             .options = options},
    .parameters = 1,
    .normal_noise = 1,
    .bias_from_mean = bias_from_mean,
    .nll = VAE__LEVEL_TABLE(nll),
    .gradient = VAE__LEVEL_TABLE(gradient),
    .mean = VAE__LEVEL_SAME(vae__first_parameter),
    .draw = VAE__LEVEL_TABLE(draw),
};
#else
#include "distribution/row.h"

/* nll = 1/2 sum (x - p)^2 / sigma^2 + dim (log sigma + 1/2 log 2 pi), and where d is not NULL the
 * scaled slope; d may be p. */
static uint32_t VAE__L(pass)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                             size_t ldx, double sigma, float scale, double *nll, float *d)
{
    const double variance = sigma * sigma;
    const VF by = vf_set((float)((double)scale / variance));
    const double constant = (double)dim * (log(sigma) + 0.5 * LOG_2PI);
    VI magnitude = vi_set(0);

    for (size_t r = 0; r < rows; r++, p += ldp, x += ldx) {
        VDS squares = vds_zero();
        for (size_t i = 0; i < dim; i += VF_N) {
            VF u = row_load(p + i, dim - i) - row_load(x + i, dim - i);
            squares = row_sum(squares, u * u, dim - i);
            if (!d) continue;
            magnitude = row_magnitude(magnitude, by * u, dim - i);
            row_store(d + i, by * u, dim - i);
        }
        if (d) d += ldp;
        nll[r] += 0.5 * vds_total(squares) / variance + constant;
    }
    return vi_reduce_max(magnitude);
}

static void VAE__L(nll)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                        size_t ldx, const double *args, double *nll)
{
    VAE__L(pass)(rows, dim, p, ldp, x, ldx, args[0], 0.0f, nll, NULL);
}

static uint32_t VAE__L(gradient)(size_t rows, size_t dim, float *p, size_t ldp, const float *x,
                                 size_t ldx, const double *args, float scale, double *nll)
{
    vae__clear_columns(rows, dim, ldp, p);
    return VAE__L(pass)(rows, dim, p, ldp, x, ldx, args[0], scale, nll, p);
}

static void VAE__L(draw)(size_t rows, size_t dim, const float *p, size_t ldp, const double *args,
                         const float *noise, size_t ldnoise, float *out, size_t ldout)
{
    const VF sigma = vf_set((float)args[0]);

    for (size_t r = 0; r < rows; r++, p += ldp, noise += ldnoise, out += ldout)
        for (size_t i = 0; i < dim; i += VF_N) {
            VF x = vf_fma(sigma, row_load(noise + i, dim - i), row_load(p + i, dim - i));
            row_store(out + i, x, dim - i);
        }
}
#endif
