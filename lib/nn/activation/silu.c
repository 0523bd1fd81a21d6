/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/silu.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_silu = {
    .kind = {.name = "silu", .describe = "z sigmoid(z), also swish (Hendrycks and Gimpel 2016)"},
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
    return z * vm_sigmoid(z);
}

VAE__INLINE VF VAE__L(slope)(VF z, const double *args)
{
    (void)args;
    VF s = vm_sigmoid(z), one = vf_set(1.0f);
    return s * vf_fma(z, one - s, one);
}

#include "nn/activation/loop.h"
#endif
