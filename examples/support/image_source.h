/* SPDX-License-Identifier: MIT */
/* Images as a source of rows for the library, and what their pixels mean to it. */
#ifndef EXAMPLES_IMAGE_SOURCE_H
#define EXAMPLES_IMAGE_SOURCE_H

#include <vae/model.h>
#include <vae/source.h>

#include "dataset.h"

/* The set's rows as they are, or with "bernoulli" drawn black or white anew at every use. `*out` is
 * NULL for an empty set. -1 when the library refuses. */
int image_source_new(vae_source **out, const dataset *data, const image_set *set,
                     const char *binarize);

/* Whether every pixel a model gets from the source is 0 or 1. -1 when it cannot be read. */
int image_source_binary(int *binary, const vae_source *source, const char *binarize);

/* A sentence about pixels and likelihood: what the nats are. Static. */
const char *image_source_meaning(const vae_model *model, int binary, const char *binarize);

#endif
