/* SPDX-License-Identifier: MIT */
/* Steps, epochs and fits, and who may end them early. */
#include "train/trainer.h"

#include "support/status.h"

static vae_status check_schedule(const char *who, const vae_trainer *t)
{
    const struct vae__schedule *schedule = vae__trainer_schedule(t);
    const char *missing = schedule->check ? schedule->check(&t->options) : NULL;
    return missing ? vae__fail_in(VAE_EINVAL, who, "%s", missing) : VAE_OK;
}

/* Begins a call that trains. */
static vae_status enter(const char *who, vae_trainer *t)
{
    VAE__TRY(vae__trainer_idle(who, t));
    VAE__TRY(vae__model_writable(who, t->model));
    if (!t->data.input) return vae__fail_in(VAE_ESTATE, who, "no data is set");
    VAE__TRY(check_schedule(who, t));
    vae__trainer_seize(t);
    t->stopped = 0;
    return VAE_OK;
}

static vae_status leave(vae_trainer *t, vae_status status)
{
    vae__trainer_let_go(t);
    return status;
}

/* Honours a request to stop. */
static int stop_asked(vae_trainer *t)
{
    if (atomic_exchange(&t->stop, 0)) t->stopped = 1;
    return t->stopped;
}

static void report(vae_trainer *t, vae_progress_fn fn, void *user)
{
    if (fn && fn(t, user) != 0) t->stopped = 1;
}

static vae_status take_step(const char *who, vae_trainer *t, int closes)
{
    VAE__TRY(vae__trainer_take_step(who, t, closes));
    report(t, t->on_step, t->on_step_user);
    return VAE_OK;
}

static vae_status run_epoch(const char *who, vae_trainer *t)
{
    while (!t->progress.due) {
        if (stop_asked(t)) return VAE_OK;
        VAE__TRY(take_step(who, t, 1));
    }
    if (stop_asked(t)) return VAE_OK;
    VAE__TRY(vae__trainer_validate(who, t));
    report(t, t->on_epoch, t->on_epoch_user);
    stop_asked(t);
    return VAE_OK;
}

static vae_status run_fit(const char *who, vae_trainer *t, uint64_t epochs)
{
    while (t->progress.epoch < epochs && !t->stopped && !vae__trainer_stalled(t))
        VAE__TRY(run_epoch(who, t));
    if (vae__trainer_stalled(t)) vae__trainer_restore_best(t);
    return VAE_OK;
}

vae_status vae_trainer_step(vae_trainer *trainer)
{
    VAE__NEED(trainer);
    VAE__TRY(enter(__func__, trainer));
    vae_status status = take_step(__func__, trainer, 0);
    if (status == VAE_OK) stop_asked(trainer);
    return leave(trainer, status);
}

vae_status vae_trainer_epoch(vae_trainer *trainer)
{
    VAE__NEED(trainer);
    VAE__TRY(enter(__func__, trainer));
    return leave(trainer, run_epoch(__func__, trainer));
}

vae_status vae_trainer_fit(vae_trainer *trainer, uint64_t epochs)
{
    VAE__NEED(trainer);
    VAE__TRY(enter(__func__, trainer));
    return leave(trainer, run_fit(__func__, trainer, epochs));
}
