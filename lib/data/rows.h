/* SPDX-License-Identifier: MIT */
/* A view of rows that a computing call can load piece by piece, from any thread: what a batch and a
 * source come down to. */
#ifndef VAE_DATA_ROWS_H
#define VAE_DATA_ROWS_H

#include "support/random.h"

#include <stdint.h>

struct vae__rows;

/* Writes columns [column, column + n) of the view's row `row` into out. Answers their magnitude
 * (math/block.h). */
typedef uint32_t (*vae__load_fn)(const struct vae__rows *view, size_t level, size_t row,
                                 size_t column, size_t n, float *out);

struct vae__rows {
    vae__load_fn load; /* NULL: no rows */
    const void *data;
    size_t dim, stride;    /* elements */
    size_t bytes_each;     /* of an element; needed with an index */
    const uint64_t *index; /* row r of the view is row index[r] of data; NULL: row first + r */
    uint64_t first;
    const uint64_t *numbers; /* what row r is called in messages; NULL: the row of data it is */
    float scale;             /* bytes */
    const struct vae__binarize *binarize; /* NULL: none */
    struct vae__noise noise; /* for binarisation: row r draws at noise row noise_row + r */
    uint64_t noise_row;
};

/* The number of the view's row r in its source. */
uint64_t vae__rows_number(const struct vae__rows *view, size_t row);

/* Rows of float, of bytes (k / scale), and of class numbers in bytes (one-hot, dim classes). */
uint32_t vae__load_float(const struct vae__rows *view, size_t level, size_t row, size_t column,
                         size_t n, float *out);
uint32_t vae__load_uint8(const struct vae__rows *view, size_t level, size_t row, size_t column,
                         size_t n, float *out);
uint32_t vae__load_labels(const struct vae__rows *view, size_t level, size_t row, size_t column,
                          size_t n, float *out);

/* Writes the view's rows [first, first + rows), binarised where the view says so, into out (row
 * stride ld, columns [0, dim)). Answers the larger of the magnitudes before and after
 * binarisation, and one above 1 where a mean was negative, so that it hides neither a NaN nor what
 * is no mean. */
uint32_t vae__rows_load(const struct vae__rows *view, size_t level, size_t first, size_t rows,
                        float *out, size_t ld);

#endif
