/* SPDX-License-Identifier: MIT */
/* One training step: a batch, its gradient, the update. */
#include "train/step.h"

#include "support/fpstate.h"
#include "support/status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void add_seconds(vae_trainer *t, int64_t took)
{
    vae__fpstate saved = vae__fp_enter();
    t->seconds += 1e-9 * (double)took;
    t->epoch_seconds += 1e-9 * (double)took;
    vae__fp_leave(saved);
}

static void account(vae_trainer *t, const struct vae__pass *pass, const struct vae__stride *stride,
                    int closes)
{
    struct vae__progress *p = &t->progress;
    vae__fpstate saved = vae__fp_enter();
    double rows = (double)pass->rows, loss = pass->reconstruction + pass->beta * pass->kl;
    p->step_loss = loss / rows;
    p->step_reconstruction = pass->reconstruction / rows;
    p->step_kl = pass->kl / rows;
    p->learning_rate = stride->learning_rate;
    p->beta = pass->beta;
    p->gradient_norm = stride->norm;
    p->sum_loss += loss;
    p->sum_reconstruction += pass->reconstruction;
    p->sum_kl += pass->kl;
    if (p->epoch_step == 0) t->epoch_seconds = t->epoch_rows = 0.0;
    t->epoch_rows += rows;
    vae__fp_leave(saved);
    p->place += pass->rows;
    p->step++;
    p->epoch_step++;
    p->running = p->place < t->data.rows;
    if (p->running) return;
    if (closes)
        p->due = 1;
    else
        p->epoch++;
}

static void note_kernels(vae_trainer *t)
{
    const char *kernels = vae_workspace_kernels(t->plan.workspace);
    if (t->kernels[0] && strcmp(t->kernels, kernels) != 0) t->progress.kernels_changed = 1;
    snprintf(t->kernels, sizeof t->kernels, "%s", kernels);
}

static vae_status step(const char *who, vae_trainer *t, int closes)
{
    struct vae__pass pass;
    struct vae__stride stride;
    if (!t->progress.running || t->progress.place == 0) vae__begin_epoch(t);
    VAE__TRY(vae__plan_update(who, t));
    VAE__TRY(vae__take_batch(who, t, &pass));
    vae__weigh(t, &pass, &stride);
    VAE__TRY(vae__pass_gradient(who, t->plan.workspace, &pass));
    VAE__TRY(vae__move_weights(who, t, &pass, &stride));
    account(t, &pass, &stride, closes);
    note_kernels(t);
    return VAE_OK;
}

vae_status vae__at_step(const vae_trainer *t, const char *where, vae_status status)
{
    return vae__fail(status, "%s (%s %llu)", vae_last_error(), where,
                     (unsigned long long)t->progress.step);
}

vae_status vae__trainer_take_step(const char *who, vae_trainer *t, int closes)
{
    const struct vae__progress before = t->progress;
    int64_t began = nanoseconds();
    vae_status status = step(who, t, closes);
    int64_t took = nanoseconds() - began;
    if (status != VAE_OK) {
        t->progress = before;
        return vae__at_step(t, "step", status);
    }
    add_seconds(t, took);
    return VAE_OK;
}
