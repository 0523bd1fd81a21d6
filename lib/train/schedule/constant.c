/* SPDX-License-Identifier: MIT */
#include "train/schedule/schedule.h"

static double rate(const struct vae__options *options, double base, uint64_t step,
                   uint64_t epoch_steps)
{
    (void)options, (void)step, (void)epoch_steps;
    return base;
}

const struct vae__schedule vae__schedule_constant = {
    .kind = {.name = "constant", .describe = "learning_rate at every step"},
    .rate = rate,
};
