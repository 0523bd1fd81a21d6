/* SPDX-License-Identifier: MIT */
/* The built-in matrix product. C is cut into tiles of a few rows by a few vectors, each held in
 * registers while p runs over k; A and B are read where they are. Every element is one chain of
 * sums in the order of p and no tile is padded, so the bits do not show the tiles' shape. */
#ifndef VAE__LEVEL
#include "math/gemm.h"

#include <stdint.h>

struct tile {
    size_t k;
    const float *a;
    size_t a_row, a_col;
    const float *b;
    size_t ldb;
    const float *start; /* what the sums begin with */
    size_t start_row;
    float *c;
    size_t ldc;
    uintptr_t fetch; /* lines of the cache to fetch ahead: the first, those after it, the rows */
    size_t fetch_line, fetch_row;
};

typedef void (*tile_fn)(const struct tile *tile);

/* Products of one or two rows have wider tiles, to keep WIDE independent sums in flight. */
#define WIDE 8
#define LOW_SHAPES(DO) DO(1, 2) DO(1, 4) DO(1, 6) DO(1, 8) DO(2, 2) DO(2, 4)

/* Longer sums are made in parts, so that what a tile reads of A and B stays in the second-level
 * cache for the tiles beside it. */
#define DEEP 1024

static const float zeros[WIDE * 16];

/* The first of the fewest nearly equal parts of at most `most`: 9 rows are 5 + 4, not 8 + 1. */
static size_t even_part(size_t left, size_t most)
{
    size_t parts = (left + most - 1) / most;
    return (left + parts - 1) / parts;
}

/* B may come from far away, a few lines from each of its rows, which no processor foresees. The
 * tiles of a panel fetch the next between them, a line a step or so; a lone tile, its own rows. */
#define LINE 64
#define ROWS_AHEAD 24

static void plan_fetch(struct tile *tile, size_t index, size_t tiles, size_t lines, int last)
{
    size_t first = index * lines / tiles, end = (index + 1) * lines / tiles;
    tile->fetch_row = tile->ldb * sizeof(float);
    tile->fetch = (uintptr_t)tile->b;
    tile->fetch_line = 0;
    if (tiles == 1) {
        tile->fetch += ROWS_AHEAD * tile->fetch_row;
        tile->fetch_line = LINE;
    } else if (!last && first < end) {
        tile->fetch += (lines + first) * LINE;
        if (lines > 1) tile->fetch_line = (end - first - 1) * LINE / (lines - 1);
    }
}

/* Slot s is the accumulator of row s / nv, vector s % nv. Slots are variables with names because
 * compilers leave an array of them in memory. */
#define SLOTS(DO)                                                                                  \
    DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13)        \
    DO(14) DO(15) DO(16) DO(17) DO(18) DO(19) DO(20) DO(21) DO(22) DO(23)
#define SLOT_DECLARE(s) VF c##s = vf_set(0.0f);
#define SLOT_START(s)                                                                              \
    if ((s) < rows * nv) c##s = vf_load(start + (s) / nv * start_row + (s) % nv * VF_N);
#define SLOT_ADD(s)                                                                                \
    if ((s) < rows * nv)                                                                           \
        c##s = vf_fma(vf_set(a[(s) / nv * a_row]), vf_load(b + (s) % nv * VF_N), c##s);
#define SLOT_STORE(s)                                                                              \
    if ((s) < rows * nv) vf_store(c + (s) / nv * ldc + (s) % nv * VF_N, c##s);

/* How many lines of the cache a row of a panel has. */
#define LINES(nv) (((nv) * VF_N + 15) / 16)

#define TILE_NAME(rows, nv) VAE__L(tile_##rows##x##nv)
#define TILE_DEFINE(rows, nv)                                                                      \
    static void TILE_NAME(rows, nv)(const struct tile *tile) { VAE__L(tile)(rows, nv, tile); }
#define TILE_ENTRY(rows, nv) [(rows) - 1][(nv) - 1] = TILE_NAME(rows, nv),

#define VAE__SELF "math/gemm_builtin.c"
#include "math/each_level.h"

const vae__gemm_fn vae__gemm_builtin[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(gemm);

#else /* per level */

/* The tallest and usual tile; every width is a multiple of STEP, as n is. */
#if VF_N == 16
#define ROWS 8
#define VECTORS 3
#define STEP 1
#define HIGH_SHAPES(DO)                                                                            \
    DO(1, 1) DO(1, 3) DO(1, 5) DO(1, 7) DO(2, 1) DO(2, 3) DO(3, 1) DO(3, 2) DO(3, 3) DO(4, 1)      \
    DO(4, 2) DO(4, 3) DO(5, 1) DO(5, 2) DO(5, 3) DO(6, 1) DO(6, 2) DO(6, 3) DO(7, 1) DO(7, 2)      \
    DO(7, 3) DO(8, 1) DO(8, 2) DO(8, 3)
#elif VF_N == 8
#define ROWS 6
#define VECTORS 2
#define STEP 2
#define HIGH_SHAPES(DO) DO(3, 2) DO(4, 2) DO(5, 2) DO(6, 2)
#else
#define ROWS 4
#define VECTORS 2
#define STEP 2
#define HIGH_SHAPES(DO) DO(3, 2) DO(4, 2)
#endif

VAE__INLINE void VAE__L(tile)(const size_t rows, const size_t nv, const struct tile *tile)
{
    const float *a = tile->a, *b = tile->b, *start = tile->start;
    float *c = tile->c;
    size_t a_row = tile->a_row, start_row = tile->start_row, ldc = tile->ldc;
    SLOTS(SLOT_DECLARE)
    SLOTS(SLOT_START)
    const size_t a_col = tile->a_col, ldb = tile->ldb, fetch_line = tile->fetch_line;
    const size_t fetch_row = tile->fetch_row;
    uintptr_t fetch = tile->fetch;
    size_t p = tile->k;
    do {
        for (size_t line = 0; line < LINES(nv); line++)
            __builtin_prefetch((const void *)(fetch + line * fetch_line));
        SLOTS(SLOT_ADD)
        fetch += fetch_row;
        a += a_col;
        b += ldb;
    } while (--p > 0);
    SLOTS(SLOT_STORE)
}

LOW_SHAPES(TILE_DEFINE)
HIGH_SHAPES(TILE_DEFINE)
static const tile_fn VAE__L(tiles)[ROWS][WIDE] = {LOW_SHAPES(TILE_ENTRY) HIGH_SHAPES(TILE_ENTRY)};

/* One panel of columns stays in the cache while all of A's rows pass over it. */
static void VAE__L(panel)(const struct vae__product *product, size_t column, size_t nv)
{
    struct tile tile = {.k = product->k, .a = product->a, .a_row = product->a_row,
                        .a_col = product->a_col, .b = product->b + column, .ldb = product->ldb,
                        .c = product->c + column, .ldc = product->ldc};
    size_t tiles = (product->m + ROWS - 1) / ROWS, left = product->m;
    int last = column + nv * VF_N >= product->n;
    if (product->accumulate) tile.start_row = product->ldc;
    tile.start = product->accumulate ? tile.c : product->bias ? product->bias + column : zeros;
    for (size_t i = 0; i < tiles; i++) {
        size_t rows = even_part(left, ROWS);
        plan_fetch(&tile, i, tiles, LINES(nv), last);
        VAE__L(tiles)[rows - 1][nv - 1](&tile);
        tile.a += rows * tile.a_row;
        tile.start += rows * tile.start_row;
        tile.c += rows * tile.ldc;
        left -= rows;
    }
}

/* With k = 1 nearly all the time goes into writing C, which is quickest row by row. */
static void VAE__L(outer)(const struct vae__product *product)
{
    for (size_t i = 0; i < product->m; i++) {
        float *c = product->c + i * product->ldc;
        const float *start = product->accumulate ? c : product->bias;
        const VF a = vf_set(product->a[i * product->a_row]);
        for (size_t j = 0; j < product->n; j += VF_N) {
            VF sum = start ? vf_load(start + j) : vf_set(0.0f);
            vf_store(c + j, vf_fma(a, vf_load(product->b + j), sum));
        }
    }
}

static void VAE__L(part)(const struct vae__product *product)
{
    size_t few = product->m == 1 || product->m == 2, most = few ? WIDE / product->m : VECTORS;
    for (size_t vector = 0, end = product->n / VF_N; vector < end;) {
        size_t nv = STEP * even_part((end - vector) / STEP, most / STEP);
        VAE__L(panel)(product, vector * VF_N, nv);
        vector += nv;
    }
}

static void VAE__L(gemm)(const struct vae__product *product)
{
    struct vae__product part = *product;
    if (product->k == 1) {
        VAE__L(outer)(product);
        return;
    }
    for (size_t p = 0; p < product->k; p += part.k) {
        part.k = even_part(product->k - p, DEEP);
        part.a = product->a + p * product->a_col;
        part.b = product->b + p * product->ldb;
        VAE__L(part)(&part);
        part.accumulate = 1;
        part.bias = NULL;
    }
}

#undef ROWS
#undef VECTORS
#undef STEP
#undef HIGH_SHAPES
#endif
