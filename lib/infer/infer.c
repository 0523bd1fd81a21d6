/* SPDX-License-Identifier: MIT */
/* Inference: shards of rows go through the coder in the calling thread's own places and out. */
#include "infer/batch.h"
#include "math/block.h"
#include "math/noise.h"
#include "model/coder.h"
#include "objective/refuse.h"
#include "support/fpstate.h"

#include <vae/infer.h>

#include <stdatomic.h>
#include <string.h>

/* What one call computes. */
struct job {
    vae_workspace *ws;
    struct vae__pass pass;
    void (*compute)(const struct job *job, const struct vae__shard *shard, size_t row);
    float *out, *out_logvar;
    size_t stride, logvar_stride;
    struct vae__noise draw; /* noise of p(x|z) or p(z) */
    double temperature;
    int at_mean;
    atomic_int nonfinite;
};

static void infer_shard(void *user, size_t task, size_t thread)
{
    struct job *job = user;
    vae_workspace *ws = job->ws;
    const struct vae__layout *layout = &ws->model->layout;
    size_t row = task * ws->shard, left = job->pass.rows - row;
    uint32_t *magnitudes = ws->magnitudes + thread * VAE__MAGNITUDES(layout);
    struct vae__shard shard = {.ws = ws,
                               .model = ws->model,
                               .place = thread * ws->shard,
                               .rows = left < ws->shard ? left : ws->shard,
                               .magnitudes = magnitudes};
    memset(magnitudes, 0, VAE__MAGNITUDES(layout) * sizeof *magnitudes);
    job->compute(job, &shard, row);
    for (size_t what = 0; what < VAE__LOADED; what++)
        if (magnitudes[VAE__OF_LOADED(layout, what)] >= VAE__MAGNITUDE_INFINITE)
            atomic_store_explicit(&job->nonfinite, 1, memory_order_relaxed);
}

static vae_status run(const char *who, struct job *job)
{
    vae__run(job->ws, infer_shard, job, (job->pass.rows + job->ws->shard - 1) / job->ws->shard);
    if (atomic_load_explicit(&job->nonfinite, memory_order_relaxed))
        return vae__refuse_rows(who, job->ws, &job->pass, 0, job->pass.rows);
    return VAE_OK;
}

/* The job of a call, after everything about its arguments has been checked. */
static vae_status prepare(const char *who, vae_workspace *ws, const vae_model *model,
                          const vae_batch *batch, int takes, float *out, size_t dim, size_t stride,
                          struct job *job)
{
    memset(job, 0, sizeof *job);
    job->ws = ws;
    VAE__TRY(vae__pass_from_batch(who, ws, model, batch, takes, &job->pass));
    if (!out) return vae__fail(VAE_EINVAL, "%s: the result is NULL", who);
    VAE__TRY(vae__check_stride(who, "the result", job->pass.rows, dim, &stride));
    job->draw = vae__noise_at(batch->seed, batch->step, VAE__PURPOSE_OUTPUT, 0);
    job->out = out;
    job->stride = stride;
    return VAE_OK;
}

/* The pieces. */

static struct vae__matrix heads_of(const struct vae__shard *s)
{
    return s->ws->flow[VAE__HEADS(&s->model->layout)].y;
}

static struct vae__matrix output_of(const struct vae__shard *s)
{
    return s->ws->flow[VAE__OUTPUT(&s->model->layout)].y;
}

static void encode(const struct job *job, const struct vae__shard *s, size_t row)
{
    vae__load_input(s, &job->pass.input, &job->pass.condition, row);
    vae__encode_forward(s);
}

static void moments(const struct vae__shard *s, float *mu, size_t ldmu, float *logvar,
                    size_t ldlogvar)
{
    s->model->posterior->moments(s->rows, s->model->latent_dim, vae__row(heads_of(s), s->place),
                                 heads_of(s).ld, s->model->posterior_args, mu, ldmu, logvar,
                                 ldlogvar);
}

/* z = mu + sigma * eps, the batch's first sample. */
static void reparameterize(const struct job *job, const struct vae__shard *s, size_t row, float *z,
                           size_t ldz)
{
    size_t latent = s->model->latent_dim, ldeps = s->ws->eps.ld;
    float *noise = vae__row(s->ws->eps, s->place);
    const float *eps = noise;
    if (job->pass.given_eps) {
        eps = job->pass.given_eps + row * latent;
        ldeps = latent;
        vae__raise(&s->magnitudes[VAE__OF_LOADED(&s->model->layout, VAE__LOADED_LATENT)],
                   vae__magnitude[s->ws->level](s->rows * latent, eps));
    } else {
        vae__noise_normal[s->ws->level](&job->pass.eps, (size_t)job->pass.noise_row + row, s->rows,
                                        latent, noise, ldeps);
    }
    s->model->posterior->reparameterize[s->ws->level](
        s->rows, latent, vae__row(heads_of(s), s->place), heads_of(s).ld, s->model->posterior_args,
        eps, ldeps, z, ldz);
}

static void decode(const struct job *job, const struct vae__shard *s, size_t row)
{
    vae__load_decoder_condition(s, &job->pass.condition, row);
    vae__decode_forward(s);
}

static void put_mean(const struct job *job, const struct vae__shard *s, size_t row)
{
    s->model->likelihood->mean[s->ws->level](
        s->rows, s->model->output_dim, vae__row(output_of(s), s->place), output_of(s).ld,
        s->model->likelihood_args, job->out + row * job->stride, job->stride);
}

/* The calls. */

static void compute_encode(const struct job *job, const struct vae__shard *s, size_t row)
{
    encode(job, s, row);
    moments(s, job->out ? job->out + row * job->stride : NULL, job->stride,
            job->out_logvar ? job->out_logvar + row * job->logvar_stride : NULL,
            job->logvar_stride);
}

vae_status vae_encode(vae_workspace *ws, const vae_model *model, const vae_batch *batch, float *mu,
                      size_t mu_stride, float *logvar, size_t logvar_stride)
{
    struct job job;
    size_t latent = vae_model_latent_dim(model);
    VAE__TRY(prepare(__func__, ws, model, batch, VAE__TAKES_INPUT, mu ? mu : logvar, latent,
                     mu ? mu_stride : logvar_stride, &job));
    if (logvar)
        VAE__TRY(vae__check_stride(__func__, "logvar", job.pass.rows, latent, &logvar_stride));
    job.compute = compute_encode;
    job.out = mu;
    job.out_logvar = logvar;
    job.logvar_stride = logvar_stride;
    return run(__func__, &job);
}

static void compute_encode_sample(const struct job *job, const struct vae__shard *s, size_t row)
{
    encode(job, s, row);
    reparameterize(job, s, row, job->out + row * job->stride, job->stride);
}

vae_status vae_encode_sample(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                             float *z, size_t stride)
{
    struct job job;
    VAE__TRY(prepare(__func__, ws, model, batch, VAE__TAKES_INPUT, z, vae_model_latent_dim(model),
                     stride, &job));
    job.compute = compute_encode_sample;
    return run(__func__, &job);
}

static void compute_decode(const struct job *job, const struct vae__shard *s, size_t row)
{
    vae__load_latent(s, &job->pass.latent, row);
    decode(job, s, row);
    put_mean(job, s, row);
}

vae_status vae_decode(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                      float *mean, size_t stride)
{
    struct job job;
    VAE__TRY(prepare(__func__, ws, model, batch, VAE__TAKES_LATENT, mean,
                     vae_model_output_dim(model), stride, &job));
    job.compute = compute_decode;
    return run(__func__, &job);
}

static void compute_parameters(const struct job *job, const struct vae__shard *s, size_t row)
{
    const struct vae__likelihood *likelihood = s->model->likelihood;
    struct vae__matrix output = output_of(s);
    vae__load_latent(s, &job->pass.latent, row);
    decode(job, s, row);
    if (likelihood->report)
        likelihood->report(s->rows, s->model->output_dim, vae__row(output, s->place), output.ld,
                           s->model->likelihood_args);
    for (size_t r = 0; r < s->rows; r++)
        memcpy(job->out + (row + r) * job->stride, vae__row(output, s->place + r),
               likelihood->parameters * s->model->output_dim * sizeof(float));
}

vae_status vae_decode_parameters(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                                 float *parameters, size_t stride)
{
    struct job job;
    VAE__TRY(prepare(__func__, ws, model, batch, VAE__TAKES_LATENT, parameters,
                     vae_model_output_parameters(model) * vae_model_output_dim(model), stride,
                     &job));
    job.compute = compute_parameters;
    return run(__func__, &job);
}

static void compute_decode_sample(const struct job *job, const struct vae__shard *s, size_t row)
{
    const struct vae__likelihood *likelihood = s->model->likelihood;
    struct vae__matrix output = output_of(s), noise = s->ws->target;
    const vae__noise_fn *fill = likelihood->normal_noise ? vae__noise_normal : vae__noise_uniform;
    vae__load_latent(s, &job->pass.latent, row);
    decode(job, s, row);
    fill[s->ws->level](&job->draw, (size_t)job->pass.noise_row + row, s->rows, s->model->output_dim,
                       vae__row(noise, s->place), noise.ld);
    likelihood->draw[s->ws->level](s->rows, s->model->output_dim, vae__row(output, s->place),
                                   output.ld, s->model->likelihood_args, vae__row(noise, s->place),
                                   noise.ld, job->out + row * job->stride, job->stride);
}

vae_status vae_decode_sample(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                             float *x, size_t stride)
{
    struct job job;
    VAE__TRY(prepare(__func__, ws, model, batch, VAE__TAKES_LATENT, x, vae_model_output_dim(model),
                     stride, &job));
    job.compute = compute_decode_sample;
    return run(__func__, &job);
}

static void compute_reconstruct(const struct job *job, const struct vae__shard *s, size_t row)
{
    struct vae__matrix zc = s->ws->zc;
    encode(job, s, row);
    if (job->at_mean)
        moments(s, vae__row(zc, s->place), zc.ld, NULL, 0);
    else
        reparameterize(job, s, row, vae__row(zc, s->place), zc.ld);
    decode(job, s, row);
    put_mean(job, s, row);
}

static vae_status reconstruct(const char *who, vae_workspace *ws, const vae_model *model,
                              const vae_batch *batch, int at_mean, float *mean, size_t stride)
{
    struct job job;
    VAE__TRY(prepare(who, ws, model, batch, VAE__TAKES_INPUT, mean, vae_model_output_dim(model),
                     stride, &job));
    job.compute = compute_reconstruct;
    job.at_mean = at_mean;
    return run(who, &job);
}

vae_status vae_reconstruct(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                           float *mean, size_t stride)
{
    return reconstruct(__func__, ws, model, batch, 1, mean, stride);
}

vae_status vae_reconstruct_sample(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                                  float *mean, size_t stride)
{
    return reconstruct(__func__, ws, model, batch, 0, mean, stride);
}

static void compute_prior(const struct job *job, const struct vae__shard *s, size_t row)
{
    float *z = job->out + row * job->stride;
    vae__noise_normal[s->ws->level](&job->draw, (size_t)job->pass.noise_row + row, s->rows,
                                    s->model->latent_dim, z, job->stride);
    s->model->prior->draw(s->rows, s->model->latent_dim, (float)job->temperature, z, job->stride);
}

vae_status vae_sample_prior(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                            size_t rows, double temperature, float *z, size_t stride)
{
    VAE__TRY(vae__workspace_fits(__func__, ws, model));
    VAE__NEED(batch);
    VAE__NEED(z);
    if (rows == 0) return VAE__FAIL(VAE_EINVAL, "rows is 0");
    VAE__TRY(vae__fp_check(__func__, "temperature", temperature, 0.0, 100.0));
    VAE__TRY(vae__check_stride(__func__, "z", rows, model->latent_dim, &stride));
    struct job job = {.ws = ws,
                      .compute = compute_prior,
                      .out = z,
                      .stride = stride,
                      .temperature = temperature,
                      .draw = vae__noise_at(batch->seed, batch->step, VAE__PURPOSE_PRIOR, 0)};
    job.pass.rows = rows;
    job.pass.noise_row = batch->first_row;
    return run(__func__, &job);
}
