/* SPDX-License-Identifier: MIT */
/* Pictures of what a model has learned, each one PNG of tiles. */
#ifndef EXAMPLES_VIEWER_H
#define EXAMPLES_VIEWER_H

#include <vae/infer.h>

#include "dataset.h"

typedef struct viewer {
    const vae_model *model;
    vae_workspace *workspace;
    vae_batch *batch;
    size_t width, height;
} viewer;

/* width: of an image; 0 for square ones. -1 when the model's rows are no such images or memory runs
 * out. Close with viewer_close, also after a failure. */
int viewer_open(viewer *v, const vae_model *model, size_t width, size_t threads, uint64_t seed);

void viewer_close(viewer *v);

/* Means of p(x|z) at z from the prior, its standard deviation times `temperature`. */
int viewer_samples(viewer *v, size_t rows, size_t columns, double temperature, const char *path);

/* Straight paths between pairs of such z, one in each row. */
int viewer_paths(viewer *v, size_t rows, size_t columns, double temperature, const char *path);

/* A two-dimensional latent space at the middles of equally probable cells of its normal prior, the
 * first coordinate to the right and the second upwards. */
int viewer_manifold(viewer *v, size_t rows, size_t columns, const char *path);

/* The set's first `count` images, below each its reconstruction from mu, or from a sample of
 * q(z|x). */
int viewer_reconstructions(viewer *v, const image_set *set, size_t count, size_t columns,
                           int sample, const char *path);

/* mu of q(z|x) of every image of a set: rows x latent_dim, the caller's to free. NULL when it
 * fails. */
float *viewer_means(viewer *v, const image_set *set);

#endif
