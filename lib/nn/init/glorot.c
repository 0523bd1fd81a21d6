/* SPDX-License-Identifier: MIT */
/* Glorot and Bengio 2010: variance 2 / (fan_in + fan_out), between what keeps the forward and what
 * keeps the backward pass at one scale. */
#include "nn/init/init.h"

#include <math.h>

static double bound(size_t fan_in, size_t fan_out, double gain)
{
    (void)gain;
    return sqrt(6.0 / ((double)fan_in + (double)fan_out));
}

static double deviation(size_t fan_in, size_t fan_out, double gain)
{
    (void)gain;
    return sqrt(2.0 / ((double)fan_in + (double)fan_out));
}

const struct vae__init vae__init_glorot_uniform = {
    .kind = {.name = "glorot_uniform",
             .describe = "uniform, bound sqrt(6 / (fan_in + fan_out)); biases 0"},
    .weight = bound,
};

const struct vae__init vae__init_glorot_normal = {
    .kind = {.name = "glorot_normal",
             .describe = "normal, deviation sqrt(2 / (fan_in + fan_out)); biases 0"},
    .normal = 1,
    .weight = deviation,
};
