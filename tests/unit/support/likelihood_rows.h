/* SPDX-License-Identifier: MIT */
/* Rows of parameters and data that the tests of likelihoods' kernels work on. */
#ifndef LIKELIHOOD_ROWS_H
#define LIKELIHOOD_ROWS_H

#include "distribution/likelihood.h"
#include "guard.h"
#include "oracle.h"

#define ROWS 3

/* Awkward lengths of rows; ends with 0. */
extern const size_t likelihood_dims[];

/* One likelihood, its oracle, and rows of parameters p and data x. */
typedef struct likelihood_rows {
    const struct vae__likelihood *kind;
    const oracle_likelihood *oracle;
    double args[VAE__MAX_ARGS], option;
    oracle_range range;
    size_t dim, ldp, ldx, columns;
    guard p, x;
} likelihood_rows;

/* The index-th likelihood of the family, options at their defaults but a sigma of 0.7. */
void likelihood_rows_new(likelihood_rows *t, size_t kind, size_t dim);
/* Fails the test when a kernel wrote to the data. */
void likelihood_rows_free(likelihood_rows *t);

/* Uniform numbers for the first `columns` of each row. */
void likelihood_fill(guard *g, size_t columns, size_t ld, double low, double high, uint64_t seed);

/* The cost of number j of row r, and its slopes in the raw parameters. */
double likelihood_truth(const likelihood_rows *t, size_t r, size_t j, double d[2]);

/* Runs a check for every kind and length at one level. */
#define EVERY(level, ...)                                                                          \
    if (!vae__level_supported(level)) return;                                                      \
    for (size_t kind = 0; vae__likelihoods.table[kind]; kind++)                                    \
        for (size_t i = 0; likelihood_dims[i] != 0; i++) {                                         \
            size_t dim = likelihood_dims[i];                                                       \
            __VA_ARGS__;                                                                           \
        }

#endif
