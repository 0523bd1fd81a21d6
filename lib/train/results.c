/* SPDX-License-Identifier: MIT */
/* Where training is, by name. */
#include "train/trainer.h"

#include "support/fpstate.h"
#include "support/status.h"

#include <math.h>
#include <string.h>

/* Fields of the progress that are results as they are. */
/* clang-format off */
#define COUNT(field) {#field, offsetof(struct vae__progress, field), 1, NULL}
#define NUMBER(field) {#field, offsetof(struct vae__progress, field), 0, NULL}
#define COMPUTED(name) {#name, 0, 0, name}
/* clang-format on */

static double epoch_steps(const vae_trainer *t)
{
    return t->data.input ? (double)vae__trainer_epoch_steps(t) : NAN;
}

/* Before the first step there is no mean. */
static double over_rows(const vae_trainer *t, double sum)
{
    return t->progress.place ? sum / (double)t->progress.place : NAN;
}

static double train_loss(const vae_trainer *t)
{
    return over_rows(t, t->progress.sum_loss);
}

static double train_reconstruction(const vae_trainer *t)
{
    return over_rows(t, t->progress.sum_reconstruction);
}

static double train_kl(const vae_trainer *t)
{
    return over_rows(t, t->progress.sum_kl);
}

static double validation_loss(const vae_trainer *t)
{
    return t->progress.validation_reconstruction + t->progress.validation_kl;
}

static double best_validation_loss(const vae_trainer *t)
{
    return t->progress.best_loss;
}

static double best_epoch(const vae_trainer *t)
{
    return t->progress.best_epoch ? (double)t->progress.best_epoch : NAN;
}

static double rows_per_second(const vae_trainer *t)
{
    return t->epoch_seconds > 0.0 ? t->epoch_rows / t->epoch_seconds : NAN;
}

static double seconds(const vae_trainer *t)
{
    return t->seconds;
}

static double early_stopped(const vae_trainer *t)
{
    return (double)vae__trainer_stalled(t);
}

static double stopped(const vae_trainer *t)
{
    return t->stopped;
}

static const struct result {
    const char *name;
    size_t offset;
    int count;
    double (*compute)(const vae_trainer *t);
} results[] = {
    COUNT(epoch),
    COUNT(step),
    COMPUTED(epoch_steps),
    COUNT(epoch_step),
    COMPUTED(train_loss),
    COMPUTED(train_reconstruction),
    COMPUTED(train_kl),
    NUMBER(step_loss),
    NUMBER(step_reconstruction),
    NUMBER(step_kl),
    COMPUTED(validation_loss),
    NUMBER(validation_reconstruction),
    NUMBER(validation_kl),
    COMPUTED(best_validation_loss),
    COMPUTED(best_epoch),
    NUMBER(learning_rate),
    NUMBER(beta),
    NUMBER(gradient_norm),
    COMPUTED(rows_per_second),
    COMPUTED(seconds),
    COMPUTED(stopped),
    COMPUTED(early_stopped),
    COUNT(kernels_changed),
};

#define N_RESULTS (sizeof results / sizeof results[0])

const char *vae_trainer_result_name(size_t index)
{
    return index < N_RESULTS ? results[index].name : NULL;
}

static double read_result(const vae_trainer *t, const struct result *result)
{
    const char *field = (const char *)&t->progress + result->offset;
    uint64_t count;
    double number;
    if (result->compute) return result->compute(t);
    memcpy(&count, field, sizeof count);
    memcpy(&number, field, sizeof number);
    return result->count ? (double)count : number;
}

vae_status vae_trainer_result(const vae_trainer *trainer, const char *name, double *value)
{
    VAE__NEED(trainer);
    VAE__NEED(name);
    VAE__NEED(value);
    for (size_t i = 0; i < N_RESULTS; i++) {
        if (strcmp(results[i].name, name) != 0) continue;
        vae__fpstate saved = vae__fp_enter();
        *value = read_result(trainer, &results[i]);
        vae__fp_leave(saved);
        return VAE_OK;
    }
    return VAE__FAIL(VAE_EUNKNOWN, "a trainer has no result \"%.64s\"", name);
}
