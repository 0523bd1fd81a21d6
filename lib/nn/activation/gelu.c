/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/gelu.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_gelu = {
    .kind = {.name = "gelu",
             .describe = "z times the standard normal distribution function of z, the erf form "
                         "(Hendrycks and Gimpel 2016)"},
    .needs_z = 1,
    .gain = 1.4142135623730951,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else
#include "math/vmath.h"

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    (void)args;
    VF half = vf_set(0.5f) * z;
    return vf_fma(half, vm_erf(z * vf_set(0.707106781f)), half);
}

VAE__INLINE VF VAE__L(slope)(VF z, const double *args)
{
    (void)args;
    VF cdf = vf_fma(vf_set(0.5f), vm_erf(z * vf_set(0.707106781f)), vf_set(0.5f));
    VF pdf = vf_set(0.398942280f) * vm_exp(vf_set(-0.5f) * z * z);
    return vf_fma(z, pdf, cdf);
}

#include "nn/activation/loop.h"
#endif
