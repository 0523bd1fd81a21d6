/* SPDX-License-Identifier: MIT */
/* The family of initialisers: how a dense layer's weights and biases are first drawn. */
#ifndef VAE_NN_INIT_H
#define VAE_NN_INIT_H

#include "support/options.h"

struct vae__init {
    struct vae__kind kind;
    int normal; /* the distribution of weights: normal, else uniform */
    /* The standard deviation (normal) or the bound (uniform) for weights; gain is the
     * activation's that follows (1 for linear layers). 0: all zero. */
    double (*weight)(size_t fan_in, size_t fan_out, double gain);
    double (*bias)(size_t fan_in, size_t fan_out, double gain); /* uniform bound; NULL: zero */
};

extern const struct vae__family vae__inits;

#endif
