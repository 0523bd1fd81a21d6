/* SPDX-License-Identifier: MIT */
#include "infer/batch.h"

#include "support/fpstate.h"

#include <string.h>

vae_status vae_batch_new(vae_batch **out, vae_context *context)
{
    VAE__NEED(out);
    *out = NULL;
    vae_batch *batch = vae__alloc(context, sizeof *batch);
    if (!batch) return vae__fail_memory(__func__, sizeof *batch);
    batch->context = vae__context_hold(context);
    batch->samples = 1;
    batch->beta = 1.0;
    batch->reduction = vae__reductions.table[0];
    *out = batch;
    return VAE_OK;
}

void vae_batch_free(vae_batch *batch)
{
    if (!batch) return;
    vae_context *context = batch->context;
    vae__free(context, batch);
    vae_context_free(context);
}

void vae_batch_clear(vae_batch *batch)
{
    if (!batch) return;
    const struct vae__given none = {.load = NULL};
    batch->input = batch->target = batch->condition = batch->latent = none;
}

static vae_status give(const char *who, vae_batch *batch, size_t member, vae__load_fn load,
                       const void *data, size_t rows, size_t stride)
{
    if (!batch) return vae__fail(VAE_EINVAL, "%s: batch is NULL", who);
    if (!data) return vae__fail(VAE_EINVAL, "%s: the rows are NULL", who);
    if (rows == 0) return vae__fail(VAE_EINVAL, "%s: rows is 0", who);
    if (rows > PTRDIFF_MAX / sizeof(float) ||
        (stride && stride > PTRDIFF_MAX / sizeof(float) / rows))
        return vae__fail(VAE_EINVAL, "%s: %zu rows of stride %zu overflow", who, rows, stride);
    struct vae__given given = {load, data, rows, stride};
    memcpy((char *)batch + member, &given, sizeof given);
    return VAE_OK;
}

vae_status vae_batch_set_input(vae_batch *batch, const float *x, size_t rows, size_t stride)
{
    return give(__func__, batch, offsetof(vae_batch, input), vae__load_float, x, rows, stride);
}

vae_status vae_batch_set_input_uint8(vae_batch *batch, const uint8_t *x, size_t rows, size_t stride)
{
    return give(__func__, batch, offsetof(vae_batch, input), vae__load_uint8, x, rows, stride);
}

vae_status vae_batch_set_target(vae_batch *batch, const float *x, size_t rows, size_t stride)
{
    return give(__func__, batch, offsetof(vae_batch, target), vae__load_float, x, rows, stride);
}

vae_status vae_batch_set_target_uint8(vae_batch *batch, const uint8_t *x, size_t rows,
                                      size_t stride)
{
    return give(__func__, batch, offsetof(vae_batch, target), vae__load_uint8, x, rows, stride);
}

vae_status vae_batch_set_condition(vae_batch *batch, const float *c, size_t rows, size_t stride)
{
    return give(__func__, batch, offsetof(vae_batch, condition), vae__load_float, c, rows, stride);
}

vae_status vae_batch_set_latent(vae_batch *batch, const float *z, size_t rows, size_t stride)
{
    return give(__func__, batch, offsetof(vae_batch, latent), vae__load_float, z, rows, stride);
}

vae_status vae_batch_set_noise(vae_batch *batch, uint64_t seed, uint64_t step)
{
    VAE__NEED(batch);
    if (step > UINT32_MAX)
        return VAE__FAIL(VAE_EINVAL, "step is %llu; its range is 0 to 4294967295",
                         (unsigned long long)step);
    batch->seed = seed;
    batch->step = step;
    return VAE_OK;
}

vae_status vae_batch_set_first_row(vae_batch *batch, uint64_t first)
{
    VAE__NEED(batch);
    if (first > UINT32_MAX)
        return VAE__FAIL(VAE_EINVAL, "first is %llu; its range is 0 to 4294967295",
                         (unsigned long long)first);
    batch->first_row = first;
    return VAE_OK;
}

vae_status vae_batch_set_eps(vae_batch *batch, const float *eps)
{
    VAE__NEED(batch);
    batch->eps = eps;
    return VAE_OK;
}

vae_status vae_batch_set_samples(vae_batch *batch, size_t samples)
{
    VAE__NEED(batch);
    if (samples < 1 || samples > 65536)
        return VAE__FAIL(VAE_EINVAL, "samples is %zu; its range is 1 to 65536", samples);
    batch->samples = samples;
    return VAE_OK;
}

vae_status vae_batch_set_beta(vae_batch *batch, double beta)
{
    VAE__NEED(batch);
    VAE__TRY(vae__fp_check(__func__, "beta", beta, 0.0, 1e6));
    batch->beta = beta;
    return VAE_OK;
}

vae_status vae_batch_set_reduction(vae_batch *batch, const char *reduction)
{
    VAE__NEED(batch);
    VAE__NEED(reduction);
    const struct vae__kind *kind = vae__family_find(&vae__reductions, reduction);
    if (!kind) return vae__fail_kind(__func__, &vae__reductions, reduction);
    batch->reduction = (const void *)kind;
    return VAE_OK;
}

vae_status vae__check_stride(const char *who, const char *what, size_t rows, size_t dim,
                             size_t *stride)
{
    if (*stride == 0) *stride = dim;
    if (*stride < dim)
        return vae__fail(VAE_ESHAPE, "%s: the stride of %s is %zu, less than a row's %zu numbers",
                         who, what, *stride, dim);
    if (*stride > PTRDIFF_MAX / sizeof(double) / rows)
        return vae__fail_in(VAE_ESHAPE, who, "%zu rows of %s with stride %zu do not fit in memory",
                            rows, what, *stride);
    return VAE_OK;
}

/* One set of rows as a view; `rows` is the batch's number so far (0: not known yet). */
static vae_status view_of(const char *who, const char *what, const struct vae__given *given,
                          size_t dim, size_t *rows, struct vae__rows *view)
{
    if (!given->load) return vae__fail(VAE_ESHAPE, "%s: the batch has no %s", who, what);
    if (*rows == 0) *rows = given->rows;
    if (given->rows != *rows)
        return vae__fail(VAE_ESHAPE, "%s: the batch has %zu rows of %s and %zu of others", who,
                         given->rows, what, *rows);
    *view = (struct vae__rows){.load = given->load,
                               .data = given->data,
                               .dim = dim,
                               .stride = given->stride,
                               .scale = 255.0f};
    return vae__check_stride(who, what, *rows, dim, &view->stride);
}

static vae_status check_target(const char *who, const vae_model *model, const vae_batch *batch,
                               struct vae__pass *pass)
{
    if (batch->target.load)
        return view_of(who, "target", &batch->target, model->output_dim, &pass->rows,
                       &pass->target);
    if (model->input_dim != model->output_dim)
        return vae__fail(VAE_ESHAPE,
                         "%s: the batch needs a target: input_dim is %zu, output_dim %zu", who,
                         model->input_dim, model->output_dim);
    return VAE_OK;
}

vae_status vae__pass_from_batch(const char *who, const vae_workspace *ws, const vae_model *model,
                                const vae_batch *batch, int takes, struct vae__pass *pass)
{
    VAE__TRY(vae__workspace_fits(who, ws, model));
    if (!batch) return vae__fail(VAE_EINVAL, "%s: batch is NULL", who);
    *pass = (struct vae__pass){
        .model = model, .samples = batch->samples, .beta = batch->beta, .given_eps = batch->eps};
    pass->noise_row = batch->first_row;
    pass->eps = vae__noise_at(batch->seed, batch->step, VAE__PURPOSE_EPS, 0);
    if (takes & VAE__TAKES_INPUT)
        VAE__TRY(view_of(who, "input", &batch->input, model->input_dim, &pass->rows, &pass->input));
    if (takes & VAE__TAKES_LATENT)
        VAE__TRY(
            view_of(who, "latent", &batch->latent, model->latent_dim, &pass->rows, &pass->latent));
    if (takes & VAE__TAKES_TARGET) VAE__TRY(check_target(who, model, batch, pass));
    if (model->condition_dim > 0)
        VAE__TRY(view_of(who, "condition", &batch->condition, model->condition_dim, &pass->rows,
                         &pass->condition));
    else if (batch->condition.load)
        return vae__fail(VAE_ESHAPE, "%s: the batch has a condition, the model has none", who);
    vae__fpstate saved = vae__fp_enter();
    pass->scale = batch->reduction->scale(pass->rows);
    vae__fp_leave(saved);
    return VAE_OK;
}
