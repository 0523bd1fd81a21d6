/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/softplus.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_softplus = {
    .kind = {.name = "softplus", .describe = "log(1 + exp(z)) (Dugas et al. 2001)"},
    .gain = 1.0,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else
#include "math/vmath.h"

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    (void)args;
    return vm_softplus(z);
}

/* exp(-y) = 1 - sigmoid(z), so the slope, sigmoid(z), is 1 - exp(-y). */
VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    (void)args;
    return vf_set(0.0f) - vm_expm1(vf_set(0.0f) - y);
}

#include "nn/activation/loop.h"
#endif
