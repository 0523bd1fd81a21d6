/* SPDX-License-Identifier: MIT */
/* What an encoder's heads give, h = mu | raw logvar, for the tests of posteriors' and priors'
 * kernels: rows of awkward lengths, some log-variances outside the limits. */
#ifndef HEADS_H
#define HEADS_H

#include <math.h>

#include "fixtures.h"
#include "guard.h"
#include "oracle.h"

#define HEADS_ROWS 3
#define HEADS_MIN (-3.0)
#define HEADS_MAX 2.0

typedef struct heads {
    size_t dim, ld; /* ld is more than 2 * dim */
    double args[8];
    guard h;
} heads;

/* Awkward lengths; ends with 0. */
static const size_t heads_dims[] = {1, 2, 7, 15, 16, 17, 20, 33, 200, 0};

static inline heads heads_new(size_t dim)
{
    heads t = {.dim = dim, .ld = (2 * dim + 15) / 16 * 16 + 16, .args = {HEADS_MIN, HEADS_MAX}};
    t.h = guard_new(HEADS_ROWS * t.ld);
    for (size_t r = 0; r < HEADS_ROWS; r++)
        fixture_uniform(t.h.data + r * t.ld, 2 * dim, -4, 4, 10 * dim + r);
    t.h.data[dim] = (float)HEADS_MIN;
    t.h.data[t.ld + dim] = (float)HEADS_MAX;
    return t;
}

static inline void heads_free(heads *t)
{
    guard_check(&t->h, 2 * t->dim, t->ld, "h");
    guard_free(&t->h);
}

static inline double heads_mu(const heads *t, size_t r, size_t j)
{
    return (double)t->h.data[r * t->ld + j];
}

static inline double heads_raw(const heads *t, size_t r, size_t j)
{
    return (double)t->h.data[r * t->ld + t->dim + j];
}

/* The clamped log-variance. */
static inline double heads_logvar(const heads *t, size_t r, size_t j)
{
    return oracle_clamp((oracle_range){HEADS_MIN, HEADS_MAX}, heads_raw(t, r, j));
}

#endif
