/* SPDX-License-Identifier: MIT */
/* A small set that is quickly learned, and a trainer on it: 53 rows for training in batches of 16
 * (the last one is smaller), 19 for validation. */
#ifndef TOY_H
#define TOY_H

#include <vae/vae.h>

#define TOY_ROWS 53
#define TOY_VALID 19
#define TOY_DIM 24
#define TOY_BATCH 16
#define TOY_STEPS 4 /* of an epoch */

/* What a trainer is made with. */
typedef struct toy_case {
    const char *name, *optimizer;
    const char *options[12]; /* name, text, name, text ... NULL */
    const char *binarize;    /* of the source; NULL: none */
    int validation;          /* nonzero: with a validation set */
} toy_case;

typedef struct toy {
    float *x; /* rows for training, then those for validation */
    vae_model *model;
    vae_source *data, *validation;
    vae_trainer *trainer;
} toy;

/* A model with the weights of `seed`, a source over rows that are the same for all toys, a trainer.
 * context may be NULL. Data is not yet set. */
void toy_new(toy *t, const toy_case *c, uint64_t seed, vae_context *context);
/* Sets data, and validation where the case has one. */
void toy_set_data(toy *t, const toy_case *c);
/* Both. */
void toy_ready(toy *t, const toy_case *c);
void toy_free(toy *t);

double toy_result(const toy *t, const char *name);

/* A copy of the weights, to be freed; and whether the model still has, or has, those. */
float *toy_weights(const toy *t);
int toy_has(const toy *t, const float *weights);
void toy_expect_same(const toy *a, const toy *b);

#endif
