/* SPDX-License-Identifier: MIT */
/* A config's inside: a set of options and the widths they spell. */
#ifndef VAE_MODEL_CONFIG_H
#define VAE_MODEL_CONFIG_H

#include "support/options.h"

#include <vae/config.h>

#define VAE__MAX_LAYERS 64
#define VAE__MAX_DIM 1048576

struct vae_config {
    vae_context *context;
    struct vae__options options;
};

extern const struct vae__schema vae__config_schema;

/* What vae_config_copy does, for other functions. */
vae_status vae__config_copy(const char *who, vae_config **out, const vae_config *config);

/* VAE_EINVAL when a model cannot be built from it: what vae_config_check says, for other
 * functions. */
vae_status vae__config_check(const char *who, const vae_config *config);

/* The first option in which two configs describe different models, in the schema's order; NULL:
 * none. How weights are first drawn does not count, nor do options of kinds that neither uses. */
const char *vae__config_difference(const vae_config *a, const vae_config *b);

/* The widths a text like "512,256" spells; NULL or a sentence. */
const char *vae__parse_widths(const char *text, size_t widths[VAE__MAX_LAYERS], size_t *n);

#endif
