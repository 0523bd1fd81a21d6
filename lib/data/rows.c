/* SPDX-License-Identifier: MIT */
#include "data/rows.h"

#include "data/binarize.h"
#include "math/block.h"
#include "math/noise.h"

#include <string.h>

#define PIECE 256       /* columns that are binarised at a time */
#define ONE 0x3f800000u /* 1.0f as a magnitude */
#define BEYOND (ONE + 1)

static uint64_t row_of_data(const struct vae__rows *view, size_t row)
{
    return view->index ? view->index[row] : view->first + row;
}

uint64_t vae__rows_number(const struct vae__rows *view, size_t row)
{
    return view->numbers ? view->numbers[row] : row_of_data(view, row);
}

static size_t offset_of(const struct vae__rows *view, size_t row, size_t column)
{
    return (size_t)row_of_data(view, row) * view->stride + column;
}

uint32_t vae__load_float(const struct vae__rows *view, size_t level, size_t row, size_t column,
                         size_t n, float *out)
{
    const float *x = view->data;
    return vae__from_float[level](n, x + offset_of(view, row, column), out);
}

uint32_t vae__load_uint8(const struct vae__rows *view, size_t level, size_t row, size_t column,
                         size_t n, float *out)
{
    const uint8_t *k = view->data;
    return vae__from_uint8[level](n, k + offset_of(view, row, column), view->scale, out);
}

uint32_t vae__load_labels(const struct vae__rows *view, size_t level, size_t row, size_t column,
                          size_t n, float *out)
{
    const uint8_t *label = view->data;
    size_t hot = label[offset_of(view, row, 0)];
    for (size_t i = 0; i < n; i++) out[i] = column + i == hot ? 1.0f : 0.0f;
    return vae__magnitude[level](n, out);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* out holds the row's uniform noise where the kind wants it. */
static uint32_t load_binary(const struct vae__rows *view, size_t level, size_t row, float *out)
{
    float x[PIECE];
    uint32_t magnitude = ONE;
    for (size_t column = 0; column < view->dim; column += PIECE) {
        size_t n = view->dim - column < PIECE ? view->dim - column : PIECE;
        magnitude = larger(magnitude, view->load(view, level, row, column, n, x));
        if (vae__outside[level](n, x, 0.0f, 1.0f)) magnitude = larger(magnitude, BEYOND);
        view->binarize->apply(level, n, view->binarize->noisy ? out + column : NULL, x);
        memcpy(out + column, x, n * sizeof *x);
    }
    return magnitude;
}

/* Processors do not foresee the next row of a shuffled batch, only a long one's later lines. */
#define ROWS_AHEAD 4
#define LINE 64
#define FETCHED 4096

static void fetch_row(const struct vae__rows *view, size_t row)
{
    uintptr_t at = (uintptr_t)view->data + offset_of(view, row, 0) * view->bytes_each;
    size_t bytes = view->stride * view->bytes_each;
    for (size_t i = 0; i < bytes && i < FETCHED; i += LINE)
        __builtin_prefetch((const void *)(at + i));
}

uint32_t vae__rows_load(const struct vae__rows *view, size_t level, size_t first, size_t rows,
                        float *out, size_t ld)
{
    uint32_t magnitude = 0;
    int binary = view->binarize && view->binarize->apply;
    if (binary && view->binarize->noisy)
        vae__noise_uniform[level](&view->noise, (size_t)view->noise_row + first, rows, view->dim,
                                  out, ld);
    for (size_t r = 0; r < rows; r++, out += ld) {
        if (view->index && r + ROWS_AHEAD < rows) fetch_row(view, first + r + ROWS_AHEAD);
        uint32_t of_row = binary ? load_binary(view, level, first + r, out)
                                 : view->load(view, level, first + r, 0, view->dim, out);
        magnitude = larger(magnitude, of_row);
    }
    return magnitude;
}
