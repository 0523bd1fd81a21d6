/* SPDX-License-Identifier: MIT */
/* Drawing a model's first weights. */
#ifndef VAE_MODEL_INITIALIZE_H
#define VAE_MODEL_INITIALIZE_H

#include "model/model.h"

/* Element e = o * shape[1] + i of tensor number t comes from Philox row t, dimension e % 1024, step
 * e / 1024, purpose INIT: a function of the seed alone, the same on every machine. */
void vae__model_initialize(vae_model *model, uint64_t seed);

#endif
