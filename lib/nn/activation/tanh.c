/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/tanh.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_tanh = {
    .kind = {.name = "tanh", .describe = "the hyperbolic tangent of z"},
    .gain = 5.0 / 3.0,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else
#include "math/vmath.h"

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    (void)args;
    return vm_tanh(z);
}

VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    (void)args;
    return vf_fnma(y, y, vf_set(1.0f));
}

#include "nn/activation/loop.h"
#endif
