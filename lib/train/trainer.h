/* SPDX-License-Identifier: MIT */
/* A trainer's inside. A step reads (options, progress, data) and writes (weights, slots, progress):
 * everything an exact resume needs is in those. */
#ifndef VAE_TRAIN_TRAINER_H
#define VAE_TRAIN_TRAINER_H

#include "data/source.h"
#include "model/model.h"
#include "model/workspace.h"
#include "support/options.h"
#include "train/optimizer/optimizer.h"
#include "train/schedule/schedule.h"

#include <vae/trainer.h>

#include <stdatomic.h>

/* The rows of a set. target NULL: the input; condition NULL: none; input NULL: no set. */
struct vae__set {
    const vae_source *input, *target, *condition;
    size_t rows;
};

/* Which data a set is: what a checkpoint remembers of it. rows 0: nothing known. */
struct vae__print {
    uint64_t rows, input, target, condition;
};

/* Where training is. Saved field by field (checkpoint_fields.c). */
struct vae__progress {
    uint64_t step, epoch;                /* completed */
    uint64_t running;                    /* an epoch has begun and not all of its rows are used */
    uint64_t place;                      /* rows used of the running or latest epoch */
    uint64_t epoch_step;                 /* steps of it */
    uint64_t order_seed, order_shuffled; /* its order of rows */
    uint64_t due; /* its rows are used, but it is not complete: validation is to come */
    double sum_loss, sum_reconstruction, sum_kl;    /* over the rows used */
    double step_loss, step_reconstruction, step_kl; /* of the latest step; NaN before */
    double learning_rate, beta, gradient_norm;
    double validation_reconstruction, validation_kl;
    double best_loss;
    uint64_t best_epoch; /* 0: none yet */
    uint64_t kernels_changed;
};

/* What a step needs memory for, made by the first and remade when sizes change. */
struct vae__plan {
    vae_workspace *workspace;
    size_t batch_size, samples, threads; /* as the options were */
    size_t batch;                        /* rows of a step at most */
    uint64_t *order;                     /* the data's rows; NULL: not shuffled */
    uint64_t order_epoch, order_seed; /* which order it holds: the epoch + 1 (0: none), the seed */
    uint64_t *numbers;                /* batch row numbers for callbacks */
    float *staging;                   /* a batch of callbacks' rows: input, target, condition */
    size_t offset[3];                 /* of each in it */
    size_t staging_floats;
    float *gradient; /* made when a step first needs it in memory */
};

struct vae_trainer {
    vae_context *context;
    vae_model *model;
    const struct vae__optimizer *optimizer;
    struct vae__options options;
    float *slots[VAE__MAX_SLOTS]; /* blocks laid out as the parameters */
    float *best;                  /* weights of the best validation loss; NULL: none yet */
    struct vae__set data, validation;
    struct vae__print data_print, validation_print;       /* of the sets */
    struct vae__print expected_data, expected_validation; /* of a loaded checkpoint */
    struct vae__progress progress;
    struct vae__plan plan;
    char kernels[32]; /* that computed the latest step; "": none yet */

    vae_progress_fn on_step, on_epoch;
    vae_gradient_fn on_gradient;
    void *on_step_user, *on_epoch_user, *on_gradient_user;

    int busy;                         /* calls under way that train or call back */
    int stopped;                      /* the latest such call ended at someone's wish */
    atomic_int stop;                  /* asked for */
    double seconds;                   /* of all steps made here */
    double epoch_seconds, epoch_rows; /* of the running or latest epoch's steps made here */
};

extern const struct vae__schema vae__trainer_schema;

/* Refuses a call that is not allowed from inside a callback. */
vae_status vae__trainer_idle(const char *who, const vae_trainer *trainer);
/* Until let go as often, the trainer refuses to be changed or freed, its model to be changed. */
void vae__trainer_seize(vae_trainer *trainer);
void vae__trainer_let_go(vae_trainer *trainer);

/* plan.c: memory for the data and the options as they are, with the running epoch's order in it. */
vae_status vae__plan_update(const char *who, vae_trainer *trainer);
vae_status vae__plan_gradient(const char *who, vae_trainer *trainer);
/* Forgets what depends on the data. */
void vae__plan_clear(vae_trainer *trainer);

/* step.c: one step; `closes`: the caller validates after the epoch's last step. A failed step
 * leaves weights, optimizer and progress as they were. */
vae_status vae__trainer_take_step(const char *who, vae_trainer *trainer, int closes);
/* step.c: the status again, and its sentence with "(where step)" after it. */
vae_status vae__at_step(const vae_trainer *trainer, const char *where, vae_status status);

/* validate.c: the validation of an epoch that is due, and the weights it found best. */
vae_status vae__trainer_validate(const char *who, vae_trainer *trainer);
int vae__trainer_stalled(const vae_trainer *trainer);
void vae__trainer_restore_best(vae_trainer *trainer);

/* The schedule the options name. */
const struct vae__schedule *vae__trainer_schedule(const vae_trainer *trainer);

/* A schedule's steps in an epoch: 0 before there is data. */
uint64_t vae__trainer_epoch_steps(const vae_trainer *trainer);

/* Whether a set can be what the checkpoint knows (VAE_EDATA). */
vae_status vae__print_check(const char *who, const char *what, const struct vae__print *expected,
                            const struct vae__print *found);

#endif
