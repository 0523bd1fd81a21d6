/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/leaky_relu.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("leaky_relu_slope", 0, 1, 0.01,
                       "leaky_relu: the slope below 0; 0 to 1, default 0.01"),
    VAE__OPTION_END,
};

const struct vae__activation vae__activation_leaky_relu = {
    .kind = {.name = "leaky_relu",
             .describe = "z above 0, leaky_relu_slope z below (Maas et al. 2013)",
             .options = options},
    .gain = 1.4141428569978354,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    return vf_lt(vf_set(0.0f), z, z, vf_set((float)args[0]) * z);
}

VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    return vf_lt(vf_set(0.0f), y, vf_set(1.0f), vf_set((float)args[0]));
}

#include "nn/activation/loop.h"
#endif
