/* SPDX-License-Identifier: MIT */
/* A run of dense layers over one shard of rows, forward and backward. */
#ifndef VAE_MODEL_MLP_H
#define VAE_MODEL_MLP_H

#include "model/workspace.h"

/* A shard of rows at its place in the workspace's buffers. */
struct vae__shard {
    vae_workspace *ws;
    const vae_model *model;
    size_t place, rows;
    uint32_t *magnitudes;
};

/* Layers first .. first + hidden, all but the last with the activation:
 *   z_l = y_(l-1) W_l + b_l,  y_l = f(z_l)
 * from rows `place` of `input` into the layers' flow. */
struct vae__mlp {
    size_t first, hidden;
    const struct vae__hidden *activation;
    struct vae__matrix input, d_input; /* d_input.data NULL: not wanted */
};

void vae__mlp_forward(const struct vae__shard *shard, const struct vae__mlp *mlp);

/* The same lines reversed, from the last layer's d:
 *   d_(l-1) = d_l W_l^T * f'(z_(l-1)) */
void vae__mlp_backward(const struct vae__shard *shard, const struct vae__mlp *mlp);

static inline float *vae__row(struct vae__matrix matrix, size_t row)
{
    return matrix.data + row * matrix.ld;
}

static inline void vae__raise(uint32_t *magnitude, uint32_t candidate)
{
    if (candidate > *magnitude) *magnitude = candidate;
}

#endif
