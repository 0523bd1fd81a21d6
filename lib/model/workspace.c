/* SPDX-License-Identifier: MIT */
#include "model/workspace.h"

#include <string.h>

vae_status vae__workspace_make(const char *who, vae_workspace **out, const vae_model *model,
                               int gradient, size_t max_rows, size_t samples, size_t threads)
{
    *out = NULL;
    vae_workspace *ws = vae__alloc(model->context, sizeof *ws);
    if (!ws) return vae__fail_memory(who, sizeof *ws);
    ws->context = vae__context_hold(model->context);
    ws->model = model;
    ws->gradient = gradient;
    ws->max_rows = max_rows;
    ws->samples = samples;
    vae_status status = vae__plan_make(who, ws, threads);
    if (status) {
        vae_workspace_free(ws);
        return status;
    }
    *out = ws;
    return VAE_OK;
}

vae_status vae_workspace_new(vae_workspace **out, const vae_model *model, const char *purpose,
                             size_t max_rows, size_t samples, size_t threads)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(model);
    VAE__NEED(purpose);
    int gradient = strcmp(purpose, "gradient") == 0;
    if (!gradient && strcmp(purpose, "inference") != 0)
        return VAE__FAIL(VAE_EUNKNOWN, "unknown purpose \"%.64s\"; known: inference gradient",
                         purpose);
    if (max_rows < 1 || max_rows > 1048576)
        return VAE__FAIL(VAE_EINVAL, "max_rows is %zu; its range is 1 to 1048576", max_rows);
    if (samples < 1 || samples > 65536)
        return VAE__FAIL(VAE_EINVAL, "samples is %zu; its range is 1 to 65536", samples);
    if (threads > 64) return VAE__FAIL(VAE_EINVAL, "threads is %zu; its range is 0 to 64", threads);
    return vae__workspace_make(__func__, out, model, gradient, max_rows, samples, threads);
}

void vae_workspace_free(vae_workspace *ws)
{
    if (!ws) return;
    vae_context *context = ws->context;
    vae__pool_free(ws->pool);
    vae__free(context, ws->block);
    vae__free(context, ws->staging);
    vae__free(context, ws->row_numbers);
    vae__free(context, ws);
    vae_context_free(context);
}

size_t vae_workspace_bytes(const vae_workspace *ws)
{
    return ws ? sizeof *ws + ws->bytes + ws->staged_floats * sizeof(float) +
                    ws->staged_rows * sizeof(uint64_t)
              : 0;
}

size_t vae_workspace_threads(const vae_workspace *ws)
{
    return ws ? vae__pool_size(ws->pool) : 0;
}

const char *vae_workspace_kernels(const vae_workspace *ws)
{
    return ws ? ws->kernels : NULL;
}

vae_status vae__workspace_fits(const char *who, const vae_workspace *ws, const vae_model *model)
{
    if (!ws) return vae__fail(VAE_EINVAL, "%s: workspace is NULL", who);
    if (!model) return vae__fail(VAE_EINVAL, "%s: model is NULL", who);
    if (ws->model != model)
        return vae__fail(VAE_EINVAL, "%s: the workspace was made for another model", who);
    if (model->open) return vae__fail(VAE_ESTATE, "%s: the model's parameters are open", who);
    return VAE_OK;
}

vae_status vae__workspace_stage(const char *who, vae_workspace *ws, size_t floats, size_t rows)
{
    if (floats > ws->staged_floats) {
        float *staging = vae__alloc_array(ws->context, floats, sizeof *staging);
        if (!staging) return vae__fail_memory(who, floats * sizeof *staging);
        vae__free(ws->context, ws->staging);
        ws->staging = staging;
        ws->staged_floats = floats;
    }
    if (rows > ws->staged_rows) {
        uint64_t *numbers = vae__alloc_array(ws->context, rows, sizeof *numbers);
        if (!numbers) return vae__fail_memory(who, rows * sizeof *numbers);
        vae__free(ws->context, ws->row_numbers);
        ws->row_numbers = numbers;
        ws->staged_rows = rows;
    }
    return VAE_OK;
}

struct blas_job {
    vae__task_fn task;
    void *job;
};

static void run_on_blas(void *job, size_t task, size_t thread)
{
    struct blas_job *inner = job;
    vae__blas_enter_thread();
    inner->task(inner->job, task, thread);
    vae__blas_leave_thread();
}

void vae__run(vae_workspace *ws, vae__task_fn task, void *job, size_t count)
{
    if (!ws->blas) {
        vae__pool_run(ws->pool, task, job, count);
        return;
    }
    struct blas_job inner = {task, job};
    vae__blas_hold();
    vae__pool_run(ws->pool, run_on_blas, &inner, count);
    vae__blas_release();
}
