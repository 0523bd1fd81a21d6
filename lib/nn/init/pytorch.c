/* SPDX-License-Identifier: MIT */
/* What PyTorch's Linear starts from: variance 1 / (3 fan_in), biases drawn alike. */
#include "nn/init/init.h"

#include <math.h>

static double bound(size_t fan_in, size_t fan_out, double gain)
{
    (void)fan_out, (void)gain;
    return 1.0 / sqrt((double)fan_in);
}

const struct vae__init vae__init_pytorch = {
    .kind = {.name = "pytorch", .describe = "uniform, weights and biases, bound 1 / sqrt(fan_in)"},
    .weight = bound,
    .bias = bound,
};
