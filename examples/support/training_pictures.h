/* SPDX-License-Identifier: MIT */
/* What a finished training leaves to look at: samples, reconstructions, charts. */
#ifndef EXAMPLES_TRAINING_PICTURES_H
#define EXAMPLES_TRAINING_PICTURES_H

#include "training.h"
#include "viewer.h"

/* Writes samples.png, reconstructions.png and loss.svg, with two latent dimensions also
 * manifold.png and latent.svg, into the training's folder. */
int training_pictures(const training *t, viewer *v, const dataset *data);

#endif
