/* SPDX-License-Identifier: MIT */
/* The files of tests/golden/released, a folder for each release: models, checkpoints taken amid
 * training, and what each training ends in. */
#ifndef RELEASED_H
#define RELEASED_H

#include <vae/vae.h>

#define RELEASED VAE_SOURCE_ROOT "/tests/golden/released"

enum { RELEASED_ROWS = 11, RELEASED_VALID = 5, RELEASED_BATCH = 4, RELEASED_EPOCHS = 3 };
enum { RELEASED_WIDEST = 8 };

/* The data of every checkpoint, as wide as its model wants: made-up grey rows in bytes, drawn anew
 * at every use where the likelihood is bernoulli; a target and a condition where there is one. */
typedef struct released_set {
    uint8_t pixels[RELEASED_ROWS * RELEASED_WIDEST];
    float target[RELEASED_ROWS * RELEASED_WIDEST], condition[RELEASED_ROWS * RELEASED_WIDEST];
    vae_source *sources[3]; /* input, target, condition */
} released_set;

typedef struct released_data {
    released_set train, valid;
} released_data;

void released_data_new(released_data *data, const vae_model *model);
void released_data_free(released_data *data);

/* Gives a trainer its rows, and those for validation where it has some. */
void released_data_set(const released_data *data, vae_trainer *trainer, int validation);

/* Writes the files of the version that runs into an empty folder: each kind of every family is in
 * one of them. tests/golden/make_released.py then adds to them. */
void released_write(const char *folder);

#endif
