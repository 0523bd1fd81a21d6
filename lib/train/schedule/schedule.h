/* SPDX-License-Identifier: MIT */
/* The family of learning-rate schedules: one file each, one row each in schedule.c. */
#ifndef VAE_TRAIN_SCHEDULE_H
#define VAE_TRAIN_SCHEDULE_H

#include "support/options.h"

struct vae__schedule {
    struct vae__kind kind;
    /* The learning rate of step 0, 1, 2, ...; epoch_steps is the number of steps of an epoch. */
    double (*rate)(const struct vae__options *options, double base, uint64_t step,
                   uint64_t epoch_steps);
    /* NULL, or what is missing among the options; NULL: nothing can be. */
    const char *(*check)(const struct vae__options *options);
};

extern const struct vae__family vae__schedules;

#endif
