/* SPDX-License-Identifier: MIT */
/* How long calls take: every call is timed by itself, so that what other programs do to some of
 * them can be told from what the call costs. */
#ifndef TIMING_H
#define TIMING_H

#include <stddef.h>

enum { TIMES_MOST = 20000 };

struct times {
    size_t n;
    double seconds[TIMES_MOST];
};

/* Seconds of a clock that only goes forward. */
double now(void);

typedef void (*timed_fn)(void *user);

/* Calls once untimed, then times calls for `seconds` (at least 3) and adds them to `times`. */
void time_calls(struct times *times, double seconds, timed_fn call, void *user);

/* The q-quantile, q from 0 to 1; sorts. NaN when there are none. */
double quantile(struct times *times, double q);

/* The exponent p of y = c x^p that fits best, by least squares in logarithms. */
double fitted_exponent(size_t n, const double *x, const double *y);

#endif
