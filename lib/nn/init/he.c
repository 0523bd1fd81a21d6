/* SPDX-License-Identifier: MIT */
/* He et al. 2015: variance gain^2 / fan_in, gain^2 = 2 for relu, which halves the second moment. */
#include "nn/init/init.h"

#include <math.h>

static double bound(size_t fan_in, size_t fan_out, double gain)
{
    (void)fan_out;
    return gain * sqrt(3.0 / (double)fan_in);
}

static double deviation(size_t fan_in, size_t fan_out, double gain)
{
    (void)fan_out;
    return gain * sqrt(1.0 / (double)fan_in);
}

const struct vae__init vae__init_he_uniform = {
    .kind = {.name = "he_uniform", .describe = "uniform, bound gain sqrt(3 / fan_in); biases 0"},
    .weight = bound,
};

const struct vae__init vae__init_he_normal = {
    .kind = {.name = "he_normal",
             .describe = "normal, deviation gain / sqrt(fan_in), gain sqrt(2) for relu; biases 0"},
    .normal = 1,
    .weight = deviation,
};
