/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "peak.h"

#include <time.h>

enum { TURNS = 100000, SUMS = 12 };

/* Each turn adds a product to every sum; the sums begin differently, or they would be one. */
#define EACH(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#define BEGIN(i) VF s##i = vf_set(seed + (float)i);
#define ADD(i) s##i = vf_fma(s##i, factor, step);
#define TOTAL(i) total = total + s##i;

#define VAE__SELF "peak.c"
#include "math/each_level.h"

double own_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double peak(size_t level)
{
    static void (*const turns[VAE__LEVEL_COUNT])(float, float *) = VAE__LEVEL_TABLE(turns);
    static const double lanes[] = {4, 8, 16};
    volatile float seed = 0.25f;
    float total[16];
    double start = own_seconds();
    turns[level](seed, total);
    double seconds = own_seconds() - start;
    seed = total[0];
    return 2.0 * lanes[level] * SUMS * TURNS / seconds * 1e-9;
}

#else

static void VAE__L(turns)(float seed, float *out)
{
    VF factor = vf_set(seed * 3.0f), step = vf_set(seed), total = vf_set(0.0f);
    EACH(BEGIN)
    for (int turn = 0; turn < TURNS; turn++) {
        EACH(ADD)
    }
    EACH(TOTAL)
    vf_store(out, total);
}

#endif
