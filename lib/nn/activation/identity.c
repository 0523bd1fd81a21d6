/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/identity.c"
#include "math/each_level.h"

const struct vae__activation vae__activation_identity = {
    .kind = {.name = "identity", .describe = "z"},
    .gain = 1.0,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    (void)args;
    return z;
}

VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    (void)y, (void)args;
    return vf_set(1.0f);
}

#include "nn/activation/loop.h"
#endif
