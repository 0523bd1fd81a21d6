/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "distribution/prior.h"
#include "math/block.h"

#define VAE__SELF "distribution/prior_standard_normal.c"
#include "math/each_level.h"

static void draw(size_t rows, size_t dim, float temperature, float *z, size_t ldz)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < dim; j++) z[r * ldz + j] *= temperature;
}

const struct vae__prior vae__prior_standard_normal = {
    .kind = {.name = "standard_normal",
             .describe = "N(z; 0, I): KL = 1/2 sum (mu^2 + exp(logvar) - logvar - 1)"},
    .kl = VAE__LEVEL_TABLE(kl),
    .kl_gradient = VAE__LEVEL_TABLE(kl_gradient),
    .draw = draw,
};
#else
#include "distribution/row.h"
#include "math/vmath.h"

/* The divergence, and where dh is not NULL its gradient, scaled: d mu = mu,
 * d logvar = 1/2 (exp(logvar) - 1). */
static void VAE__L(kl_gradient)(size_t rows, size_t dim, const float *h, size_t ldh,
                                const double *args, float scale, float *dh, size_t lddh, double *kl)
{
    const VF low = vf_set((float)args[0]), high = vf_set((float)args[1]);
    const VF by = vf_set(scale), half = vf_set(0.5f * scale);

    if (dh) vae__clear_columns(rows, 2 * dim, lddh, dh);
    for (size_t r = 0; r < rows; r++, h += ldh) {
        VDS sum = vds_zero();
        for (size_t j = 0; j < dim; j += VF_N) {
            VF mu = row_load(h + j, dim - j);
            VF logvar = row_clamp(row_load(h + dim + j, dim - j), low, high);
            VF more = vm_expm1(logvar);
            sum = row_sum(sum, vf_fma(mu, mu, more - logvar), dim - j);
            if (!dh) continue;
            row_store(dh + j, by * mu, dim - j);
            row_store(dh + dim + j, half * more, dim - j);
        }
        if (dh) dh += lddh;
        kl[r] += 0.5 * vds_total(sum);
    }
}

static void VAE__L(kl)(size_t rows, size_t dim, const float *h, size_t ldh, const double *args,
                       double *kl)
{
    VAE__L(kl_gradient)(rows, dim, h, ldh, args, 0.0f, NULL, 0, kl);
}
#endif
