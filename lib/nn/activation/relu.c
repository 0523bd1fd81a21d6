/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/relu.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_relu = {
    .kind = {.name = "relu", .describe = "max(0, z) (Nair and Hinton 2010)"},
    .gain = 1.4142135623730951,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else

/* The constant goes first, so that a NaN passes; f'(0) = 0. */
VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    (void)args;
    return vf_max(vf_set(0.0f), z);
}

VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    (void)args;
    return vf_lt(vf_set(0.0f), y, vf_set(1.0f), vf_set(0.0f));
}

#include "nn/activation/loop.h"
#endif
