/* SPDX-License-Identifier: MIT */
/* The workspace's transposed weights, which the backward pass multiplies by. */
#ifndef VAE_OBJECTIVE_TRANSPOSED_H
#define VAE_OBJECTIVE_TRANSPOSED_H

#include "model/workspace.h"

/* Copies one tile of the model's weights (the bias row left out). */
void vae__store_transposed(vae_workspace *workspace, const struct vae__tile *tile);

/* Brings them up to date with the model; the first layer's only when it is asked for. */
void vae__refresh_transposed(vae_workspace *workspace, int first_layer);

#endif
