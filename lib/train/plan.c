/* SPDX-License-Identifier: MIT */
/* What steps need memory for, made once. */
#include "train/trainer.h"

#include "support/random.h"

#include <string.h>

void vae__plan_clear(vae_trainer *t)
{
    struct vae__plan *plan = &t->plan;
    vae_workspace_free(plan->workspace);
    vae__free(t->context, plan->order);
    vae__free(t->context, plan->numbers);
    vae__free(t->context, plan->staging);
    *plan = (struct vae__plan){.gradient = plan->gradient};
}

static vae_status take(const char *who, vae_trainer *t, size_t n, size_t bytes_each, void *memory)
{
    void *taken = vae__alloc_array(t->context, n, bytes_each);
    if (!taken) return vae__fail_memory(who, n * bytes_each);
    memcpy(memory, &taken, sizeof taken);
    return VAE_OK;
}

/* Where the rows of the input, the target and the condition lie in staging. */
static size_t place_rows(vae_trainer *t)
{
    const vae_source *sources[3] = {t->data.input, t->data.target, t->data.condition};
    size_t floats = 0;
    for (size_t i = 0; i < 3; i++) {
        t->plan.offset[i] = floats;
        if (sources[i]) floats += vae__source_staging(sources[i], t->plan.batch);
    }
    return floats;
}

static vae_status make(const char *who, vae_trainer *t, size_t batch_size, size_t samples,
                       size_t threads)
{
    struct vae__plan *plan = &t->plan;
    vae__plan_clear(t);
    plan->batch_size = batch_size;
    plan->samples = samples;
    plan->threads = threads;
    plan->batch = batch_size < t->data.rows ? batch_size : t->data.rows;
    plan->staging_floats = place_rows(t);
    VAE__TRY(take(who, t, plan->batch, sizeof *plan->numbers, &plan->numbers));
    VAE__TRY(take(who, t, plan->staging_floats, sizeof *plan->staging, &plan->staging));
    return vae__workspace_make(who, &plan->workspace, t->model, 1, plan->batch, samples, threads);
}

static vae_status update_order(const char *who, vae_trainer *t)
{
    const struct vae__progress *now = &t->progress;
    struct vae__plan *plan = &t->plan;
    if (!now->order_shuffled) return VAE_OK;
    if (plan->order_epoch == now->epoch + 1 && plan->order_seed == now->order_seed) return VAE_OK;
    if (!plan->order) VAE__TRY(take(who, t, t->data.rows, sizeof *plan->order, &plan->order));
    vae__shuffle(now->order_seed, now->epoch, plan->order, t->data.rows);
    plan->order_epoch = now->epoch + 1;
    plan->order_seed = now->order_seed;
    return VAE_OK;
}

vae_status vae__plan_update(const char *who, vae_trainer *t)
{
    const struct vae__plan *plan = &t->plan;
    size_t batch_size = (size_t)vae__option_int(&t->options, "batch_size");
    size_t samples = (size_t)vae__option_int(&t->options, "samples");
    size_t threads = (size_t)vae__option_int(&t->options, "threads");
    if (!plan->workspace || plan->batch_size != batch_size || plan->samples != samples ||
        plan->threads != threads)
        VAE__TRY(make(who, t, batch_size, samples, threads));
    return update_order(who, t);
}

vae_status vae__plan_gradient(const char *who, vae_trainer *t)
{
    if (t->plan.gradient) return VAE_OK;
    return take(who, t, t->model->layout.floats, sizeof(float), &t->plan.gradient);
}

size_t vae_trainer_bytes(const vae_trainer *trainer)
{
    if (!trainer || !trainer->plan.workspace) return 0;
    const struct vae__plan *plan = &trainer->plan;
    return vae_workspace_bytes(plan->workspace) + plan->batch * sizeof *plan->numbers +
           plan->staging_floats * sizeof *plan->staging +
           (plan->order ? trainer->data.rows * sizeof *plan->order : 0) +
           (plan->gradient ? trainer->model->layout.floats * sizeof *plan->gradient : 0);
}
