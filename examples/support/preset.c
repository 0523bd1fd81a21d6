/* SPDX-License-Identifier: MIT */
#include "preset.h"

#include <string.h>

const char preset_names[] = "pytorch article";

/* pytorch/examples, vae: 784-400-20-400-784, ReLU, Bernoulli, Adam 1e-3, batches of 128. */
static const setting pytorch[] = {
    {"encoder", "400"},          {"decoder", "400"},        {"latent_dim", "20"},
    {"likelihood", "bernoulli"}, {"learning_rate", "1e-3"}, {"batch_size", "128"},
};

/* A narrow code to look at: the squared error summed over pixels is -log p(x|z), up to a constant,
 * of a Gaussian with variance 1/2. */
static const setting article[] = {
    {"encoder", "128,64,32"},  {"decoder", "256,128,64"},
    {"latent_dim", "2"},       {"likelihood", "gaussian"},
    {"learning_rate", "1e-3"}, {"gaussian_sigma", "0.70710678118654752"},
    {"batch_size", "256"},
};

const setting *preset_settings(const char *name, size_t *n)
{
    if (strcmp(name, "pytorch") == 0) {
        *n = sizeof pytorch / sizeof *pytorch;
        return pytorch;
    }
    if (strcmp(name, "article") == 0) {
        *n = sizeof article / sizeof *article;
        return article;
    }
    return NULL;
}
