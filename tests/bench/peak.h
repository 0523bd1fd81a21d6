/* SPDX-License-Identifier: MIT */
#ifndef PEAK_H
#define PEAK_H

#include "math/level.h"

/* GFLOP/s of one core at a level when it does nothing but multiply and add in registers. */
double peak(size_t level);

/* Seconds of this thread's own time, which a busy machine does not stretch. */
double own_seconds(void);

#endif
