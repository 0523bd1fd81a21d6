/* SPDX-License-Identifier: MIT */
/* All that the objective answers for a fixture's batch, to be compared to the bit. */
#ifndef RESULT_H
#define RESULT_H

#include "fixtures.h"

typedef struct result {
    double loss, reconstruction, kl, *rows, *rows_kl; /* each row's reconstruction and kl */
    float *gradient, *dx;
    size_t n, dx_n;
} result;

/* `rows` is how many the batch has. */
result result_of(const fixture *f, size_t rows, size_t threads);
void result_free(result *r);

/* Terms and gradients. */
void result_expect_same_bits(const result *a, const result *b);

#endif
