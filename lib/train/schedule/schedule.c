/* SPDX-License-Identifier: MIT */
#include "train/schedule/schedule.h"

extern const struct vae__schedule vae__schedule_constant, vae__schedule_piecewise,
    vae__schedule_cosine, vae__schedule_exponential;

static const void *const table[] = {&vae__schedule_constant, &vae__schedule_piecewise,
                                    &vae__schedule_cosine, &vae__schedule_exponential, NULL};

const struct vae__family vae__schedules = {.name = "schedule", .table = table};
