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

/* s (1 + z (1 - s)) with s = sigmoid(z) and 1 - s = exp(-z) s, which does not cancel; far below 0
 * the slope is next to nothing. */
VAE__INLINE VF VAE__L(slope)(VF z, const double *args)
{
    (void)args;
    VF one = vf_set(1.0f), near = vf_max(vf_set(-80.0f), z);
    VF e = vm_exp(vf_set(0.0f) - near), s = one / (one + e);
    return s * vf_fma(near, e * s, one);
}

#include "nn/activation/loop.h"
#endif
