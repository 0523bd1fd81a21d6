/* SPDX-License-Identifier: MIT */
#include "objective/reduction.h"

static double scale_mean(size_t rows)
{
    return 1.0 / (double)rows;
}

static double scale_sum(size_t rows)
{
    (void)rows;
    return 1.0;
}

static const struct vae__reduction mean = {
    .kind = {.name = "mean", .describe = "the mean over the batch's rows"}, .scale = scale_mean};
static const struct vae__reduction sum = {
    .kind = {.name = "sum", .describe = "the sum over the batch's rows"}, .scale = scale_sum};

static const void *const table[] = {&mean, &sum, NULL};

const struct vae__family vae__reductions = {.name = "reduction", .table = table};
