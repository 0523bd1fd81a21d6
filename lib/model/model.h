/* SPDX-License-Identifier: MIT */
/* A model's inside. */
#ifndef VAE_MODEL_MODEL_H
#define VAE_MODEL_MODEL_H

#include "distribution/likelihood.h"
#include "distribution/posterior.h"
#include "distribution/prior.h"
#include "model/layout.h"
#include "nn/activation/activation.h"

#include <vae/model.h>

#include <stdatomic.h>

/* An activation with the values of its options. */
struct vae__hidden {
    const struct vae__activation *activation;
    double args[VAE__MAX_ARGS];
};

struct vae_model {
    vae_context *context;
    vae_config *config;
    struct vae__layout layout;
    size_t input_dim, output_dim, latent_dim, condition_dim;
    struct vae__hidden encoder, decoder;
    const struct vae__likelihood *likelihood;
    double likelihood_args[VAE__MAX_ARGS];
    const struct vae__posterior *posterior;
    double posterior_args[VAE__MAX_ARGS]; /* logvar_min, logvar_max */
    const struct vae__prior *prior;
    float *parameters; /* layout.floats */
    uint64_t version;  /* grows whenever parameters change */
    int open;          /* between parameters_begin and _end */
    atomic_int busy;   /* calls of trainers under way, in any thread, that need it as it is */
};

/* A model with zero weights. */
vae_status vae__model_build(const char *who, vae_model **out, const vae_config *config);
/* VAE_ESTATE when the weights may not be written now. */
vae_status vae__model_writable(const char *who, const vae_model *model);
/* The first tensor that holds a number beyond +-most in a block, or NaN; NULL: none. */
const char *vae__model_beyond(const vae_model *model, const float *block, float most);

#endif
