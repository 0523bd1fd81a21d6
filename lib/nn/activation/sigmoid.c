/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/sigmoid.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_sigmoid = {
    .kind = {.name = "sigmoid", .describe = "1 / (1 + exp(-z))"},
    .gain = 1.0,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else
#include "math/vmath.h"

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    (void)args;
    return vm_sigmoid(z);
}

VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    (void)args;
    return y * (vf_set(1.0f) - y);
}

#include "nn/activation/loop.h"
#endif
