/* SPDX-License-Identifier: MIT */
/* Validation, the best weights, and when there is no hope of better ones. */
#include "train/trainer.h"

#include "objective/step.h"
#include "support/fpstate.h"
#include "support/random.h"
#include "support/status.h"

#include <math.h>
#include <string.h>

static int is_better(const vae_trainer *t, double *loss)
{
    const struct vae__progress *p = &t->progress;
    double least = vae__option_double(&t->options, "min_delta");
    vae__fpstate saved = vae__fp_enter();
    *loss = p->validation_reconstruction + p->validation_kl;
    int better = p->best_epoch == 0 || *loss < p->best_loss - least;
    vae__fp_leave(saved);
    return better;
}

static vae_status keep_best(const char *who, vae_trainer *t)
{
    struct vae__progress *p = &t->progress;
    size_t bytes = t->model->layout.floats * sizeof(float);
    double loss;
    if (!is_better(t, &loss)) return VAE_OK;
    if (!t->best) t->best = vae__alloc(t->context, bytes);
    if (!t->best) return vae__fail_memory(who, bytes);
    memcpy(t->best, t->model->parameters, bytes);
    p->best_loss = loss;
    p->best_epoch = p->epoch + 1;
    return VAE_OK;
}

/* The same noise every epoch, so that epochs compare. */
static vae_status evaluate(const char *who, vae_trainer *t)
{
    const struct vae__set *set = &t->validation;
    uint64_t seed = (uint64_t)vae__option_int(&t->options, "seed");
    double reconstruction, kl;
    VAE__TRY(vae__plan_update(who, t));
    VAE__TRY(vae__evaluate_sources(
        who, t->plan.workspace, t->model, set->input, set->target, set->condition, t->plan.samples,
        vae__noise_at(seed, 0, VAE__PURPOSE_VALID_EPS, 0),
        vae__noise_at(seed, 0, VAE__PURPOSE_VALID_BINARIZE, 0), &reconstruction, &kl));
    t->progress.validation_reconstruction = reconstruction;
    t->progress.validation_kl = kl;
    return VAE_OK;
}

vae_status vae__trainer_validate(const char *who, vae_trainer *t)
{
    if (t->validation.input) {
        vae_status status = evaluate(who, t);
        if (status != VAE_OK) return vae__at_step(t, "validation after step", status);
        VAE__TRY(keep_best(who, t));
    }
    t->progress.due = 0;
    t->progress.epoch++;
    return VAE_OK;
}

/* The epoch in which beta has risen to its full value; before, a validation loss (beta = 1) may
 * well rise. */
static uint64_t warm_epoch(const vae_trainer *t)
{
    uint64_t warmup = (uint64_t)vae__option_int(&t->options, "beta_warmup");
    uint64_t steps = vae__trainer_epoch_steps(t);
    return steps == 0 ? 0 : warmup / steps + (warmup % steps != 0);
}

int vae__trainer_stalled(const vae_trainer *t)
{
    uint64_t patience = (uint64_t)vae__option_int(&t->options, "patience");
    uint64_t since = t->progress.best_epoch, warm = warm_epoch(t);
    if (patience == 0 || since == 0) return 0;
    if (since < warm) since = warm;
    return t->progress.epoch >= since && t->progress.epoch - since >= patience;
}

void vae__trainer_restore_best(vae_trainer *t)
{
    size_t bytes = t->model->layout.floats * sizeof(float);
    if (!t->best || memcmp(t->model->parameters, t->best, bytes) == 0) return;
    memcpy(t->model->parameters, t->best, bytes);
    t->model->version++;
}

vae_status vae_trainer_use_best(vae_trainer *trainer)
{
    VAE__NEED(trainer);
    VAE__TRY(vae__trainer_idle(__func__, trainer));
    VAE__TRY(vae__model_writable(__func__, trainer->model));
    if (trainer->progress.best_epoch == 0)
        return VAE__FAIL(VAE_ESTATE, "there was no validation yet");
    vae__trainer_restore_best(trainer);
    return VAE_OK;
}
