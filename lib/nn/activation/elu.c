/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "nn/activation/activation.h"

#define VAE__SELF "nn/activation/elu.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("elu_alpha", 0, 100, 1,
                       "elu: minus the value far below 0; 0 to 100, default 1"),
    VAE__OPTION_END,
};

const struct vae__activation vae__activation_elu = {
    .kind = {.name = "elu",
             .describe = "z above 0, elu_alpha (exp(z) - 1) below (Clevert et al. 2016)",
             .options = options},
    .gain = 1.4142135623730951,
    .forward = VAE__LEVEL_TABLE(forward),
    .backward = VAE__LEVEL_TABLE(backward),
};

#else
#include "math/vmath.h"

VAE__INLINE VF VAE__L(value)(VF z, const double *args)
{
    VF below = vf_set((float)args[0]) * vm_expm1(vf_min(vf_set(0.0f), z));
    return vf_lt(vf_set(0.0f), z, z, below);
}

/* Below 0 the slope, alpha exp(z), is y + alpha. */
VAE__INLINE VF VAE__L(slope)(VF y, const double *args)
{
    return vf_lt(vf_set(0.0f), y, vf_set(1.0f), y + vf_set((float)args[0]));
}

#include "nn/activation/loop.h"
#endif
