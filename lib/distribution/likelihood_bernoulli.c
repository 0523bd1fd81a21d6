/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "distribution/likelihood.h"
#include "math/block.h"

#include <math.h>

#define VAE__SELF "distribution/likelihood_bernoulli.c"
#include "math/each_level.h"

/* The logit of the mean, kept away from infinity (Burda et al. 2016's recipe). */
static double bias_from_mean(double mean)
{
    double p = fmin(fmax(mean, 0.001), 0.999);
    return log(p / (1.0 - p));
}

const struct vae__likelihood vae__likelihood_bernoulli = {
    .kind = {.name = "bernoulli",
             .describe = "x in [0, 1], binary or grey: max(l, 0) - x l + log(1 + exp(-|l|)), l the "
                         "logits"},
    .parameters = 1,
    .least = 0.0,
    .most = 1.0,
    .bias_from_mean = bias_from_mean,
    .nll = VAE__LEVEL_TABLE(nll),
    .gradient = VAE__LEVEL_TABLE(gradient),
    .mean = VAE__LEVEL_TABLE(mean),
    .draw = VAE__LEVEL_TABLE(draw),
};
#else
#include "distribution/row.h"
#include "math/vmath.h"

/* With e = exp(-|l|) and part = [l >= 0] - x: nll = part * l + log(1 + e), and its slope,
 * sigmoid(l) - x, is part -+ e / (1 + e). For binary x nothing cancels, however sure the logit. */
VAE__INLINE VF VAE__L(part)(VF l, VF x)
{
    const VF zero = vf_set(0.0f);
    return vf_lt(l, zero, zero, vf_set(1.0f)) - x;
}

/* log(1 + e) = e + e^2 Q(e) on [0, 1]: minimax Q, error 2^-27.5; log's reduction is not needed. */
VAE__INLINE VF VAE__L(log1p_unit)(VF e)
{
    VF e2 = e * e, e4 = e2 * e2;
    VF q01 = vf_fma(vf_set(0.33330512f), e, vf_set(-0.4999993f));
    VF q23 = vf_fma(vf_set(0.196954f), e, vf_set(-0.24958587f));
    VF q45 = vf_fma(vf_set(0.10680554f), e, vf_set(-0.15355395f));
    VF q67 = vf_fma(vf_set(0.02020458f), e, vf_set(-0.05766443f));
    VF q03 = vf_fma(q23, e2, q01), q47 = vf_fma(q67, e2, q45);
    VF q48 = vf_fma(vf_set(-0.0033184716f), e4, q47);
    return vf_fma(e2, vf_fma(q48, e4, q03), e);
}

VAE__INLINE VF VAE__L(cost)(VF l, VF x, VF e)
{
    return vf_fma(VAE__L(part)(l, x), l, VAE__L(log1p_unit)(e));
}

VAE__INLINE VF VAE__L(slope)(VF l, VF x, VF e)
{
    VF q = e / (vf_set(1.0f) + e);
    return VAE__L(part)(l, x) + vf_lt(l, vf_set(0.0f), q, -q);
}

/* The cost, and where d is not NULL the scaled slope; d may be p. */
static uint32_t VAE__L(pass)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                             size_t ldx, float scale, double *nll, float *d)
{
    const VF by = vf_set(scale);
    VI magnitude = vi_set(0);

    for (size_t r = 0; r < rows; r++, p += ldp, x += ldx) {
        VDS sum = vds_zero();
        for (size_t i = 0; i < dim; i += VF_N) {
            VF l = row_load(p + i, dim - i), t = row_load(x + i, dim - i), e = vm_exp(-vf_abs(l));
            sum = row_sum(sum, VAE__L(cost)(l, t, e), dim - i);
            if (!d) continue;
            VF slope = by * VAE__L(slope)(l, t, e);
            magnitude = row_magnitude(magnitude, slope, dim - i);
            row_store(d + i, slope, dim - i);
        }
        if (d) d += ldp;
        nll[r] += vds_total(sum);
    }
    return vi_reduce_max(magnitude);
}

static void VAE__L(nll)(size_t rows, size_t dim, const float *p, size_t ldp, const float *x,
                        size_t ldx, const double *args, double *nll)
{
    (void)args;
    VAE__L(pass)(rows, dim, p, ldp, x, ldx, 0.0f, nll, NULL);
}

static uint32_t VAE__L(gradient)(size_t rows, size_t dim, float *p, size_t ldp, const float *x,
                                 size_t ldx, const double *args, float scale, double *nll)
{
    (void)args;
    vae__clear_columns(rows, dim, ldp, p);
    return VAE__L(pass)(rows, dim, p, ldp, x, ldx, scale, nll, p);
}

/* Without noise, the mean. */
static void VAE__L(draw)(size_t rows, size_t dim, const float *p, size_t ldp, const double *args,
                         const float *noise, size_t ldnoise, float *out, size_t ldout)
{
    const VF zero = vf_set(0.0f), one = vf_set(1.0f);

    (void)args;
    for (size_t r = 0; r < rows; r++, p += ldp, out += ldout) {
        for (size_t i = 0; i < dim; i += VF_N) {
            VF x = vm_sigmoid(row_load(p + i, dim - i));
            if (noise) x = vf_lt(row_load(noise + i, dim - i), x, one, zero);
            row_store(out + i, x, dim - i);
        }
        if (noise) noise += ldnoise;
    }
}

static void VAE__L(mean)(size_t rows, size_t dim, const float *p, size_t ldp, const double *args,
                         float *out, size_t ldout)
{
    VAE__L(draw)(rows, dim, p, ldp, args, NULL, 0, out, ldout);
}
#endif
