/* SPDX-License-Identifier: MIT */
/* The two halves of a model over one shard of rows: x [, c] -> mu | logvar, and z [, c] ->
 * output. */
#ifndef VAE_MODEL_CODER_H
#define VAE_MODEL_CODER_H

#include "data/rows.h"
#include "model/mlp.h"

/* Loads rows first.. of the views into the shard's places, noting what is not finite. */
void vae__load_input(const struct vae__shard *shard, const struct vae__rows *input,
                     const struct vae__rows *condition, size_t first);
void vae__load_target(const struct vae__shard *shard, const struct vae__rows *target, size_t first);
void vae__load_latent(const struct vae__shard *shard, const struct vae__rows *latent, size_t first);
/* The condition beside z. */
void vae__load_decoder_condition(const struct vae__shard *shard, const struct vae__rows *condition,
                                 size_t first);

/* From ws->x to the heads' y; and back from the heads' d, to ws->dx when wanted. */
void vae__encode_forward(const struct vae__shard *shard);
void vae__encode_backward(const struct vae__shard *shard, int input_gradient);

/* From ws->zc to the output's y; and back from its d to ws->dzc. */
void vae__decode_forward(const struct vae__shard *shard);
void vae__decode_backward(const struct vae__shard *shard);

#endif
