/* SPDX-License-Identifier: MIT */
#include "timing.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void time_calls(struct times *times, double seconds, timed_fn call, void *user)
{
    call(user);
    double start = now(), end = start + seconds;
    for (size_t i = 0; times->n < TIMES_MOST && (i < 3 || start < end); i++) {
        call(user);
        double stop = now();
        times->seconds[times->n++] = stop - start;
        start = stop;
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double quantile(struct times *times, double q)
{
    if (times->n == 0) return NAN;
    qsort(times->seconds, times->n, sizeof *times->seconds, ascending);
    return times->seconds[(size_t)(q * (double)(times->n - 1) + 0.5)];
}

double fitted_exponent(size_t n, const double *x, const double *y)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < n; i++) {
        double u = log(x[i]), v = log(y[i]);
        sx += u;
        sy += v;
        sxx += u * u;
        sxy += u * v;
    }
    return ((double)n * sxy - sx * sy) / ((double)n * sxx - sx * sx);
}
