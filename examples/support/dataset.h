/* SPDX-License-Identifier: MIT */
/* The images a program works on: where --data points, or what this machine has. */
#ifndef EXAMPLES_DATASET_H
#define EXAMPLES_DATASET_H

#include <stddef.h>
#include <stdint.h>

/* Rows of `size` bytes with their labels, which are NULL when there are none. */
typedef struct image_set {
    uint8_t *pixels;
    uint8_t *labels;
    size_t rows, size;
} image_set;

typedef struct dataset {
    char name[512]; /* what it is and where it was found */
    size_t width, height;
    image_set train;
    image_set test; /* rows 0: none */
    uint8_t *memory[4];
} dataset;

/* Loads what `data` names: "synthetic" (20,000 digits to train on, 4,000 to test), "synthetic:N"
 * (N and N/5), a folder of MNIST's four IDX files with or without .gz (test files and labels may be
 * missing), or a folder of PNGs of one size, in the order of their names. NULL: $VAE_DATA, else
 * Debian's Fashion-MNIST (package dataset-fashion-mnist), else "synthetic". With binarize
 * "threshold" every pixel becomes black or white, at 1/2. -1 with a sentence when that fails;
 * `*out` is then empty. Free with dataset_free. */
int dataset_load(dataset *out, const char *data, const char *binarize);

/* Makes the last `rows` training rows the test set; 0: no test set. SIZE_MAX: a tenth of them,
 * unless there is a test set. -1 when none would be left to train on. */
int dataset_hold_out(dataset *data, size_t rows);

/* The test set, or the training set when there is no other. */
const image_set *dataset_evaluated(const dataset *data);

void dataset_free(dataset *data);

#endif
