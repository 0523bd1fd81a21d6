/* SPDX-License-Identifier: MIT */
/* LeCun et al. 1998, "Efficient backprop": variance 1 / fan_in. */
#include "nn/init/init.h"

#include <math.h>

static double bound(size_t fan_in, size_t fan_out, double gain)
{
    (void)fan_out, (void)gain;
    return sqrt(3.0 / (double)fan_in);
}

static double deviation(size_t fan_in, size_t fan_out, double gain)
{
    (void)fan_out, (void)gain;
    return sqrt(1.0 / (double)fan_in);
}

const struct vae__init vae__init_lecun_uniform = {
    .kind = {.name = "lecun_uniform", .describe = "uniform, bound sqrt(3 / fan_in); biases 0"},
    .weight = bound,
};

const struct vae__init vae__init_lecun_normal = {
    .kind = {.name = "lecun_normal", .describe = "normal, deviation 1 / sqrt(fan_in); biases 0"},
    .normal = 1,
    .weight = deviation,
};
