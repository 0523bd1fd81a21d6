/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "distribution/posterior.h"

#define VAE__SELF "distribution/posterior_gaussian_diag.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("posterior_logvar_min", -80.0, 80.0, -20.0,
                       "the posterior's least log-variance; -80 to 80, default -20"),
    VAE__OPTION_DOUBLE("posterior_logvar_max", -80.0, 80.0, 20.0,
                       "the posterior's largest log-variance; -80 to 80, default 20"),
    VAE__OPTION_END};

static void moments(size_t rows, size_t dim, const float *h, size_t ldh, const double *args,
                    float *mu, size_t ldmu, float *logvar, size_t ldlogvar)
{
    const float low = (float)args[0], high = (float)args[1];

    for (size_t r = 0; r < rows; r++, h += ldh) {
        if (mu) memcpy(mu + r * ldmu, h, dim * sizeof *h);
        for (size_t j = 0; logvar && j < dim; j++) {
            float raw = h[dim + j];
            logvar[r * ldlogvar + j] = raw < low ? low : raw > high ? high : raw;
        }
    }
}

const struct vae__posterior vae__posterior_gaussian_diag = {
    .kind = {.name = "gaussian_diag",
             .describe = "N(z; mu, exp(logvar)), both from the encoder, logvar clamped",
             .options = options},
    .reparameterize = VAE__LEVEL_TABLE(reparameterize),
    .gradient = VAE__LEVEL_TABLE(gradient),
    .clamp_gradient = VAE__LEVEL_TABLE(clamp_gradient),
    .moments = moments,
};
#else
#include "distribution/row.h"
#include "math/vmath.h"

/* exp(logvar / 2) of the vector at column i. */
VAE__INLINE VF VAE__L(sigma)(const float *logvar, size_t left, const double *args)
{
    VF v = row_clamp(row_load(logvar, left), vf_set((float)args[0]), vf_set((float)args[1]));
    return vm_exp(vf_set(0.5f) * v);
}

static uint32_t VAE__L(reparameterize)(size_t rows, size_t dim, const float *h, size_t ldh,
                                       const double *args, const float *eps, size_t ldeps, float *z,
                                       size_t ldz)
{
    VI magnitude = vi_set(0);

    for (size_t r = 0; r < rows; r++, h += ldh, eps += ldeps, z += ldz)
        for (size_t j = 0; j < dim; j += VF_N) {
            VF sigma = VAE__L(sigma)(h + dim + j, dim - j, args);
            VF v = vf_fma(sigma, row_load(eps + j, dim - j), row_load(h + j, dim - j));
            magnitude = row_magnitude(magnitude, v, dim - j);
            row_store(z + j, v, dim - j);
        }
    return vi_reduce_max(magnitude);
}

static void VAE__L(gradient)(size_t rows, size_t dim, const float *h, size_t ldh,
                             const double *args, const float *eps, size_t ldeps, const float *dz,
                             size_t lddz, float *dh, size_t lddh)
{
    const VF half = vf_set(0.5f);

    for (size_t r = 0; r < rows; r++, h += ldh, eps += ldeps, dz += lddz, dh += lddh)
        for (size_t j = 0; j < dim; j += VF_N) {
            VF d = row_load(dz + j, dim - j);
            VF noise = row_load(eps + j, dim - j) * VAE__L(sigma)(h + dim + j, dim - j, args);
            VF d_mu = row_load(dh + j, dim - j) + d;
            VF d_logvar = vf_fma(half * d, noise, row_load(dh + dim + j, dim - j));
            row_store(dh + j, d_mu, dim - j);
            row_store(dh + dim + j, d_logvar, dim - j);
        }
}

static uint32_t VAE__L(clamp_gradient)(size_t rows, size_t dim, const float *h, size_t ldh,
                                       const double *args, float *dh, size_t lddh)
{
    const VF low = vf_set((float)args[0]), high = vf_set((float)args[1]);
    VI magnitude = vi_set(0);

    for (size_t r = 0; r < rows; r++, h += ldh, dh += lddh)
        for (size_t j = 0; j < dim; j += VF_N) {
            VF d = row_load(dh + dim + j, dim - j);
            d = row_clamp_slope(row_load(h + dim + j, dim - j), low, high, d);
            magnitude = row_magnitude(magnitude, row_load(dh + j, dim - j), dim - j);
            magnitude = row_magnitude(magnitude, d, dim - j);
            row_store(dh + dim + j, d, dim - j);
        }
    return vi_reduce_max(magnitude);
}
#endif
