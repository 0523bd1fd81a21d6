/* SPDX-License-Identifier: MIT */
#include "train/schedule/schedule.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(constant)                                                                                  \
    row(piecewise)                                                                                 \
    row(cosine)                                                                                    \
    row(exponential)

#define DECLARE(name) extern const struct vae__schedule vae__schedule_##name;
#define POINT(name) &vae__schedule_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__schedules = {.name = "schedule", .table = table};
