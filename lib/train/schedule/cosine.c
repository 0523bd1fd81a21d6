/* SPDX-License-Identifier: MIT */
#include "train/schedule/schedule.h"

#include <math.h>

#define PI 3.14159265358979323846
#define MOST_STEPS 9007199254740992.0 /* 2^53 */

static const struct vae__option options[] = {
    VAE__OPTION_INT("schedule_warmup_steps", 0.0, MOST_STEPS, 0.0,
                    "cosine: steps over which the rate rises linearly; 0 to 2^53, default 0"),
    VAE__OPTION_INT("schedule_steps", 0.0, MOST_STEPS, 0.0,
                    "cosine: steps after which the floor is reached, warm-up included; 0 to 2^53, "
                    "default 0 (no fall)"),
    VAE__OPTION_DOUBLE("schedule_floor", 0.0, 1.0, 0.0,
                       "cosine: the fraction of learning_rate it ends at; 0 to 1, default 0"),
    VAE__OPTION_END};

static double rate(const struct vae__options *o, double base, uint64_t step, uint64_t epoch_steps)
{
    uint64_t warmup = (uint64_t)vae__option_int(o, "schedule_warmup_steps");
    uint64_t steps = (uint64_t)vae__option_int(o, "schedule_steps");
    double lowest = vae__option_double(o, "schedule_floor");
    (void)epoch_steps;

    if (step < warmup) return base * ((double)step + 1.0) / (double)warmup;
    if (steps == 0) return base;
    if (step >= steps) return base * lowest;
    double progress = (double)(step - warmup) / (double)(steps - warmup);
    return base * (lowest + (1.0 - lowest) * 0.5 * (1.0 + cos(PI * progress)));
}

static const char *check(const struct vae__options *o)
{
    int says_nothing = vae__option_int(o, "schedule_steps") == 0 &&
                       vae__option_int(o, "schedule_warmup_steps") == 0;
    return says_nothing ? "schedule cosine needs schedule_steps, the steps until its end" : NULL;
}

const struct vae__schedule vae__schedule_cosine = {
    .kind = {.name = "cosine",
             .describe = "linear warm-up, then half a cosine from learning_rate to schedule_floor",
             .options = options},
    .rate = rate,
    .check = check,
};
