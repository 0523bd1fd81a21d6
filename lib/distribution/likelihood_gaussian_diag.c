/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "distribution/likelihood.h"
#include "math/block.h"

#define LOG_2PI 1.83787706640934548356

#define VAE__SELF "distribution/likelihood_gaussian_diag.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("gaussian_diag_logvar_min", -80.0, 80.0, -10.0,
                       "gaussian_diag: the least log-variance; -80 to 80, default -10"),
    VAE__OPTION_DOUBLE("gaussian_diag_logvar_max", -80.0, 80.0, 10.0,
                       "gaussian_diag: the largest log-variance; -80 to 80, default 10"),
    VAE__OPTION_END};

static double bias_from_mean(double mean)
{
    return mean;
}

static void report(size_t rows, size_t dim, float *p, size_t ldp, const double *args)
{
    const float low = (float)args[0], high = (float)args[1];

    for (size_t r = 0; r < rows; r++)
        for (float *lv = p + r * ldp + dim, *end = lv + dim; lv < end; lv++)
            *lv = *lv < low ? low : *lv > high ? high : *lv;
}

const struct vae__likelihood vae__likelihood_gaussian_diag = {
    .kind = {.name = "gaussian_diag",
             .describe = "N(x; mean, exp(logvar)), both from the decoder, logvar clamped",
             .options = options},
    .parameters = 2,
    .normal_noise = 1,
    .bias_from_mean = bias_from_mean,
    .nll = VAE__LEVEL_TABLE(nll),
    .gradient = VAE__LEVEL_TABLE(gradient),
    .mean = VAE__LEVEL_SAME(vae__first_parameter),
    .draw = VAE__LEVEL_TABLE(draw),
    .report = report,
};
#else
#include "distribution/row.h"
#include "math/vmath.h"

/* nll = 1/2 sum (log 2 pi + logvar + (x - mean)^2 exp(-logvar)). With w = (x - mean) exp(-logvar):
 * d mean = -w, d logvar = 1/2 (1 - (x - mean) w). d is NULL, for the cost alone, or may be p. */
static uint32_t VAE__L(pass)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                             size_t ldx, const double *args, float scale, double *nll, float *d)
{
    const VF low = vf_set((float)args[0]), high = vf_set((float)args[1]);
    const VF by = vf_set(-scale), half = vf_set(0.5f * scale), one = vf_set(1.0f);
    VI magnitude = vi_set(0);

    for (size_t r = 0; r < rows; r++, p += ldp, x += ldx) {
        VDS sum = vds_zero();
        for (size_t i = 0; i < dim; i += VF_N) {
            VF u = row_load(x + i, dim - i) - row_load(p + i, dim - i);
            VF raw = row_load(p + dim + i, dim - i), logvar = row_clamp(raw, low, high);
            VF w = u * vm_exp(-logvar);
            sum = row_sum(sum, vf_fma(u, w, logvar), dim - i);
            if (!d) continue;
            VF d_mean = by * w;
            VF d_logvar = row_clamp_slope(raw, low, high, half * vf_fnma(u, w, one));
            magnitude = row_magnitude(magnitude, d_mean, dim - i);
            magnitude = row_magnitude(magnitude, d_logvar, dim - i);
            row_store(d + i, d_mean, dim - i);
            row_store(d + dim + i, d_logvar, dim - i);
        }
        if (d) d += ldp;
        nll[r] += 0.5 * (vds_total(sum) + (double)dim * LOG_2PI);
    }
    return vi_reduce_max(magnitude);
}

static void VAE__L(nll)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                        size_t ldx, const double *args, double *nll)
{
    VAE__L(pass)(rows, dim, p, ldp, x, ldx, args, 0.0f, nll, NULL);
}

static uint32_t VAE__L(gradient)(size_t rows, size_t dim, float *p, size_t ldp, const float *x,
                                 size_t ldx, const double *args, float scale, double *nll)
{
    vae__clear_columns(rows, 2 * dim, ldp, p);
    return VAE__L(pass)(rows, dim, p, ldp, x, ldx, args, scale, nll, p);
}

static void VAE__L(draw)(size_t rows, size_t dim, const float *p, size_t ldp, const double *args,
                         const float *noise, size_t ldnoise, float *out, size_t ldout)
{
    const VF low = vf_set((float)args[0]), high = vf_set((float)args[1]), half = vf_set(0.5f);

    for (size_t r = 0; r < rows; r++, p += ldp, noise += ldnoise, out += ldout)
        for (size_t i = 0; i < dim; i += VF_N) {
            VF logvar = row_clamp(row_load(p + dim + i, dim - i), low, high);
            VF x = vf_fma(vm_exp(half * logvar), row_load(noise + i, dim - i),
                          row_load(p + i, dim - i));
            row_store(out + i, x, dim - i);
        }
}
#endif
