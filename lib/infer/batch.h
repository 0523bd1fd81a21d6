/* SPDX-License-Identifier: MIT */
/* A batch's inside, and how it becomes a pass over a model. */
#ifndef VAE_INFER_BATCH_H
#define VAE_INFER_BATCH_H

#include "objective/reduction.h"
#include "objective/step.h"

#include <vae/batch.h>

/* One set of rows as it was given. */
struct vae__given {
    vae__load_fn load; /* NULL: not given */
    const void *data;
    size_t rows, stride;
};

struct vae_batch {
    vae_context *context;
    struct vae__given input, target, condition, latent;
    const float *eps;
    uint64_t seed, step, first_row;
    size_t samples;
    double beta;
    const struct vae__reduction *reduction;
};

/* What a call takes from a batch. */
enum { VAE__TAKES_INPUT = 1, VAE__TAKES_TARGET = 2, VAE__TAKES_LATENT = 4 };

/* Fills a pass after checking that the workspace, the model and the batch's rows fit together. */
vae_status vae__pass_from_batch(const char *who, const vae_workspace *workspace,
                                const vae_model *model, const vae_batch *batch, int takes,
                                struct vae__pass *pass);

/* `*stride` of `rows` >= 1 rows of `dim` numbers: 0 becomes dim; less, and what cannot be
 * addressed, is VAE_ESHAPE. */
vae_status vae__check_stride(const char *who, const char *what, size_t rows, size_t dim,
                             size_t *stride);

#endif
