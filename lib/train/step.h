/* SPDX-License-Identifier: MIT */
/* The parts of a training step. */
#ifndef VAE_TRAIN_STEP_H
#define VAE_TRAIN_STEP_H

#include "objective/step.h"
#include "train/trainer.h"

/* What a step's update is made with. */
struct vae__stride {
    struct vae__update update;
    double learning_rate;
    double norm; /* of the gradient, before clipping; NaN when clipping is off */
};

/* batch.c */
void vae__begin_epoch(vae_trainer *trainer);
/* The next rows of the epoch's order; callbacks are read here, on the caller's thread. */
vae_status vae__take_batch(const char *who, vae_trainer *trainer, struct vae__pass *pass);

/* update.c: beta, mean or sum, and the optimizer's coefficients; then the move itself, which is
 * refused before any weight moves or done. */
void vae__weigh(vae_trainer *trainer, struct vae__pass *pass, struct vae__stride *stride);
vae_status vae__move_weights(const char *who, vae_trainer *trainer, const struct vae__pass *pass,
                             struct vae__stride *stride);

#endif
