/* SPDX-License-Identifier: MIT */
/* A workspace's inside: the plan of one (model, largest batch, samples), cut from one block.
 *
 * Buffers hold `places` rows; for gradients the decoder's hold places * samples, sample-major. A
 * pass with gradients keeps every row of the batch in its own place; one without needs only the
 * rows that threads are working on, so shard functions take the place apart from the row. */
#ifndef VAE_MODEL_WORKSPACE_H
#define VAE_MODEL_WORKSPACE_H

#include "math/gemm.h"
#include "model/model.h"
#include "support/pool.h"

#include <vae/workspace.h>

/* A matrix of the plan: row r is at data + r * ld. */
struct vae__matrix {
    float *data;
    size_t ld;
};

/* What passes through one dense layer. Its input is the previous layer's y (or x, or zc). */
struct vae__flow {
    struct vae__matrix z; /* pre-activation; data NULL where it is y itself */
    struct vae__matrix y; /* the layer's output */
    struct vae__matrix d; /* d loss / d z; gradient workspaces (the output's shares y's memory) */
};

/* A task of the second phase: rows [first, first + rows) of a dense layer's block ((in + 1)
 * rows). */
struct vae__tile {
    size_t dense, first, rows;
};

struct vae_workspace {
    vae_context *context;
    const vae_model *model;
    int gradient; /* purpose */
    size_t level;
    int blas;
    vae__gemm_fn gemm;
    const char *kernels;
    struct vae__pool *pool;
    size_t max_rows, samples;
    size_t shard;          /* rows a task of the first phase takes at most */
    size_t places;         /* rows the buffers hold */
    size_t decoder_places; /* and the decoder's */
    size_t round;          /* rows whose terms are kept at once */

    void *block;
    size_t bytes;
    struct vae__matrix x;        /* encoder input: x | condition */
    struct vae__matrix target;   /* output_dim: the target, or noise to draw from */
    struct vae__matrix eps;      /* latent; decoder places */
    struct vae__matrix zc, dzc;  /* decoder input: z | condition, and its gradient */
    struct vae__matrix dx;       /* the encoder input's gradient */
    struct vae__flow *flow;      /* one a dense layer */
    double *reconstruction, *kl; /* [round] */
    uint32_t *magnitudes;        /* [n_shards][VAE__MAGNITUDES] */
    size_t n_shards;
    float **transposed;          /* W^T, [out][vae__leading(in)], of each dense layer */
    uint64_t transposed_version; /* the model's version they are of; 0: none yet */
    uint64_t transposed_first;   /* the same for layer 0, made only for input gradients */
    struct vae__tile *tiles;
    size_t n_tiles, tile_floats;
    float *scratch; /* [threads][tile_floats] */
    double *chunks; /* sums of the flat block's chunks */

    float *staging; /* rows read by callbacks; grown on first need */
    uint64_t *row_numbers;
    size_t staged_floats, staged_rows;
};

/* Magnitudes a shard leaves: each dense layer's input, each layer's d, and what passes between the
 * caller and the plan. */
enum {
    VAE__LOADED_INPUT,
    VAE__LOADED_TARGET,
    VAE__LOADED_CONDITION,
    VAE__LOADED_LATENT,
    VAE__STORED_INPUT_GRADIENT,
    VAE__TARGET_OUTSIDE, /* infinite when a target is where the likelihood has no probability */
    VAE__LOADED
};
#define VAE__OF_INPUT(layer) (layer)
#define VAE__OF_D(layout, layer) ((layout)->n_dense + (layer))
#define VAE__OF_LOADED(layout, what) (2 * (layout)->n_dense + (what))
#define VAE__MAGNITUDES(layout) (2 * (layout)->n_dense + VAE__LOADED)

/* The flat block is summed in chunks of this many floats. */
#define VAE__CHUNK 8192

/* plan.c: starts the threads of a workspace whose purpose and sizes are set, chooses its kernels
 * and makes its block. On failure vae_workspace_free takes what there is. */
vae_status vae__plan_make(const char *who, vae_workspace *workspace, size_t threads);

/* Runs tasks on the workspace's threads, with the BLAS held where it is used. */
void vae__run(vae_workspace *workspace, vae__task_fn task, void *job, size_t count);

/* What vae_workspace_new does, its arguments checked. */
vae_status vae__workspace_make(const char *who, vae_workspace **out, const vae_model *model,
                               int gradient, size_t max_rows, size_t samples, size_t threads);

/* VAE_EINVAL unless the workspace was made for the model; VAE_ESTATE while its parameters are
 * open. */
vae_status vae__workspace_fits(const char *who, const vae_workspace *workspace,
                               const vae_model *model);

/* Room for `rows` rows of `floats` floats in all, kept for later calls. */
vae_status vae__workspace_stage(const char *who, vae_workspace *workspace, size_t floats,
                                size_t rows);

#endif
