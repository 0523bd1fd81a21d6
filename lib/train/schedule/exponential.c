/* SPDX-License-Identifier: MIT */
#include "train/schedule/schedule.h"

#include <math.h>

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("schedule_decay", 0.0, 1.0, 0.95,
                       "exponential: factor per epoch, applied smoothly; 0 to 1, default 0.95"),
    VAE__OPTION_END};

static double rate(const struct vae__options *o, double base, uint64_t step, uint64_t epoch_steps)
{
    double epochs = (double)step / (double)(epoch_steps ? epoch_steps : 1);
    return base * pow(vae__option_double(o, "schedule_decay"), epochs);
}

const struct vae__schedule vae__schedule_exponential = {
    .kind = {.name = "exponential",
             .describe = "learning_rate * schedule_decay^epochs, smooth within an epoch",
             .options = options},
    .rate = rate,
};
