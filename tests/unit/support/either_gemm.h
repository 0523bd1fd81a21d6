/* SPDX-License-Identifier: MIT */
/* What is computed in several threads and processes, with either matrix product. */
#ifndef EITHER_GEMM_H
#define EITHER_GEMM_H

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/toy.h"

enum { ROWS = 70 };

static const fixture_case shape = {.input = 33,
                                   .latent = 5,
                                   .output = 33,
                                   .condition = 3,
                                   .encoder = "40,24",
                                   .decoder = "48",
                                   .activation = "tanh",
                                   .likelihood = "gaussian_diag",
                                   .rows = ROWS,
                                   .samples = 2,
                                   .beta = 0.7,
                                   .target = 1};

static const toy_case training = {.optimizer = "adam",
                                  .options = {"samples", "2", NULL},
                                  .binarize = "bernoulli",
                                  .validation = 1};

/* NULL when this build has no such matrix product. */
static inline vae_context *context_of(int index)
{
    static const char *const gemms[] = {"builtin", "blas"};
    vae_context *context;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (vae_context_set_text(context, "gemm", gemms[index]) == VAE_OK) return context;
    vae_context_free(context);
    return NULL;
}

#endif
