/* SPDX-License-Identifier: MIT */
#include "train/trainer.h"

#include "support/status.h"

#include <math.h>

static vae_status make_slots(const char *who, vae_trainer *t)
{
    size_t floats = t->model->layout.floats;
    for (size_t s = 0; s < t->optimizer->slots; s++) {
        t->slots[s] = vae__alloc_array(t->context, floats, sizeof(float));
        if (!t->slots[s]) return vae__fail_memory(who, floats * sizeof(float));
    }
    return VAE_OK;
}

static void begin(struct vae__progress *p)
{
    *p = (struct vae__progress){0};
    p->step_loss = p->step_reconstruction = p->step_kl = NAN;
    p->learning_rate = p->beta = p->gradient_norm = NAN;
    p->validation_reconstruction = p->validation_kl = NAN;
    p->best_loss = NAN;
}

vae_status vae_trainer_new(vae_trainer **out, vae_model *model, const char *optimizer)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(model);
    VAE__NEED(optimizer);
    const void *kind = vae__family_find(&vae__optimizers, optimizer);
    if (!kind) return vae__fail_kind(__func__, &vae__optimizers, optimizer);
    vae_trainer *t = vae__alloc(model->context, sizeof *t);
    if (!t) return vae__fail_memory(__func__, sizeof *t);
    t->context = vae__context_hold(model->context);
    t->model = model;
    t->optimizer = kind;
    atomic_init(&t->stop, 0);
    begin(&t->progress);
    vae_status status = vae__options_init(__func__, &t->options, t->context, &vae__trainer_schema);
    if (status == VAE_OK) status = make_slots(__func__, t);
    if (status != VAE_OK) {
        vae_trainer_free(t);
        return status;
    }
    *out = t;
    return VAE_OK;
}

void vae_trainer_free(vae_trainer *trainer)
{
    if (!trainer || trainer->busy) return;
    vae_context *context = trainer->context;
    vae__plan_clear(trainer);
    vae__free(context, trainer->plan.gradient);
    vae__free(context, trainer->best);
    for (size_t s = 0; s < VAE__MAX_SLOTS; s++) vae__free(context, trainer->slots[s]);
    vae__options_clear(&trainer->options);
    vae__free(context, trainer);
    vae_context_free(context);
}

vae_status vae__trainer_idle(const char *who, const vae_trainer *trainer)
{
    if (!trainer->busy) return VAE_OK;
    return vae__fail_in(VAE_ESTATE, who, "not allowed inside a callback of the trainer");
}

void vae__trainer_seize(vae_trainer *trainer)
{
    trainer->busy++;
    trainer->model->busy++;
}

void vae__trainer_let_go(vae_trainer *trainer)
{
    trainer->busy--;
    trainer->model->busy--;
}

vae_status vae_trainer_on_step(vae_trainer *trainer, vae_progress_fn fn, void *user)
{
    VAE__NEED(trainer);
    VAE__TRY(vae__trainer_idle(__func__, trainer));
    trainer->on_step = fn;
    trainer->on_step_user = user;
    return VAE_OK;
}

vae_status vae_trainer_on_epoch(vae_trainer *trainer, vae_progress_fn fn, void *user)
{
    VAE__NEED(trainer);
    VAE__TRY(vae__trainer_idle(__func__, trainer));
    trainer->on_epoch = fn;
    trainer->on_epoch_user = user;
    return VAE_OK;
}

vae_status vae_trainer_on_gradient(vae_trainer *trainer, vae_gradient_fn fn, void *user)
{
    VAE__NEED(trainer);
    VAE__TRY(vae__trainer_idle(__func__, trainer));
    trainer->on_gradient = fn;
    trainer->on_gradient_user = user;
    return VAE_OK;
}

#if ATOMIC_INT_LOCK_FREE != 2
#error "vae_trainer_stop is called from signal handlers and needs a lock-free int"
#endif

void vae_trainer_stop(vae_trainer *trainer)
{
    if (trainer) atomic_store(&trainer->stop, 1);
}
