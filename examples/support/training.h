/* SPDX-License-Identifier: MIT */
/* A training to be watched, stopped and taken up again: progress, log, checkpoints, signals. */
#ifndef EXAMPLES_TRAINING_H
#define EXAMPLES_TRAINING_H

#include <vae/trainer.h>

#include "progress.h"

typedef struct training {
    vae_trainer *trainer;
    uint64_t epochs;
    size_t checkpoint_every; /* steps; 0: after each epoch only */
    int quiet;
    const char *folder;
    progress line;
    int fresh;  /* nothing saved yet: what is in the folder is an earlier training's. The caller
                 * sets it to 1 */
    int broken; /* a callback could not write: the failure says what */
} training;

/* FOLDER/NAME into `path`. -1 when it is too long. */
int training_path(const training *t, const char *name, char *path, size_t size);

/* Loads the folder's checkpoint, to go on from there. */
int training_load(training *t);

/* Trains until `epochs` are done, writing log.csv and checkpoint.safetensors into the folder: those
 * of an earlier training stay until the first step has succeeded, and a loaded one's log goes on. 0
 * when they are, -1 on failure, or the number of the signal (SIGHUP, SIGINT, SIGTERM) that ended it
 * early: the checkpoint then holds where it stopped, unless `fresh` is 1 still. */
int training_run(training *t);

/* A result of the trainer, NaN when it has none. */
double training_result(const vae_trainer *trainer, const char *name);

#endif
