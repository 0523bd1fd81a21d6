/* SPDX-License-Identifier: MIT */
/* Which rows a step works on, and where their noise comes from. */
#include "train/step.h"

#include "support/random.h"

uint64_t vae__trainer_epoch_steps(const vae_trainer *t)
{
    uint64_t batch = (uint64_t)vae__option_int(&t->options, "batch_size");
    return (t->data.rows + batch - 1) / batch;
}

void vae__begin_epoch(vae_trainer *t)
{
    struct vae__progress *p = &t->progress;
    p->epoch += p->due;
    p->due = 0;
    p->running = 1;
    p->place = 0;
    p->epoch_step = 0;
    p->order_seed = (uint64_t)vae__option_int(&t->options, "seed");
    p->order_shuffled = (uint64_t)vae__option_int(&t->options, "shuffle");
    p->sum_loss = p->sum_reconstruction = p->sum_kl = 0.0;
}

vae_status vae__take_batch(const char *who, vae_trainer *t, struct vae__pass *pass)
{
    const struct vae__plan *plan = &t->plan;
    const struct vae__progress *p = &t->progress;
    const vae_source *sources[3] = {t->data.input, t->data.target, t->data.condition};
    struct vae__rows *views[3] = {&pass->input, &pass->target, &pass->condition};
    const uint64_t *index = p->order_shuffled ? plan->order + p->place : NULL;
    uint64_t seed = (uint64_t)vae__option_int(&t->options, "seed");
    struct vae__noise noise = vae__noise_at(seed, p->step, VAE__PURPOSE_BINARIZE, 0);
    size_t left = t->data.rows - (size_t)p->place;

    *pass = (struct vae__pass){.model = t->model, .samples = plan->samples};
    pass->rows = left < plan->batch ? left : plan->batch;
    pass->eps = vae__noise_at(seed, p->step, VAE__PURPOSE_EPS, 0);
    for (size_t i = 0; i < 3; i++)
        if (sources[i])
            VAE__TRY(vae__source_view(who, sources[i], index, p->place, pass->rows,
                                      plan->staging + plan->offset[i], plan->numbers, noise, 0,
                                      views[i]));
    return VAE_OK;
}
