/* SPDX-License-Identifier: MIT */
/* Memory that shows what a kernel touched: every float starts as one particular NaN, and margins of
 * it lie before and after. A kernel that reads too far computes NaN, one that writes too far is
 * seen. */
#ifndef GUARD_H
#define GUARD_H

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GUARD_MARGIN 64
#define GUARD_BITS UINT32_C(0x7fc0dead)

typedef struct guard {
    float *memory, *data; /* data: n floats aligned to 64 bytes */
    size_t n;
} guard;

static inline uint32_t guard_bits(float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static inline guard guard_new(size_t n)
{
    size_t floats = (n + 2 * GUARD_MARGIN + 15) / 16 * 16;
    guard g = {aligned_alloc(64, floats * sizeof(float)), NULL, n};
    const uint32_t bits = GUARD_BITS;

    ck_assert_ptr_nonnull(g.memory);
    for (size_t i = 0; i < floats; i++) memcpy(g.memory + i, &bits, sizeof bits);
    g.data = g.memory + GUARD_MARGIN;
    return g;
}

/* n floats from p on are as they began. */
static inline void guard_untouched(const float *p, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(guard_bits(p[i]) == GUARD_BITS, "%s was touched at %zu", what, i);
}

/* Both margins, and columns [columns, ld) of every row. */
static inline void guard_check(const guard *g, size_t columns, size_t ld, const char *what)
{
    guard_untouched(g->memory, GUARD_MARGIN, what);
    guard_untouched(g->data + g->n, GUARD_MARGIN, what);
    for (size_t i = 0; ld > 0 && i + ld <= g->n; i += ld)
        guard_untouched(g->data + i + columns, ld - columns, what);
}

static inline void guard_free(guard *g)
{
    free(g->memory);
    g->memory = g->data = NULL;
}

#endif
