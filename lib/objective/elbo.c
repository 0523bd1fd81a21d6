/* SPDX-License-Identifier: MIT */
/* The reparameterized ELBO over shards of rows, and the same lines reversed.
 *
 *   mu, logvar = encode(x)                              q(z|x)
 *   z_l        = mu + exp(logvar / 2) * eps_l           l = 1..L
 *   loss       = -1/L sum_l log p(x | decode(z_l)) + beta * KL(q(z|x) || p(z)) */
#include "math/block.h"
#include "math/noise.h"
#include "model/coder.h"
#include "objective/refuse.h"
#include "objective/step.h"
#include "objective/transposed.h"
#include "support/fpstate.h"

#include <math.h>
#include <string.h>

/* A pass while it runs: where rows go and which ones are under way. */
struct job {
    vae_workspace *ws;
    struct vae__pass *pass;
    size_t first; /* row of the pass that the round begins with */
    size_t rows;  /* of the round */
};

static struct vae__shard shard_of(const struct job *job, size_t task, size_t place)
{
    vae_workspace *ws = job->ws;
    size_t begin = task * ws->shard, left = job->rows - begin;
    uint32_t *magnitudes = ws->magnitudes + task * VAE__MAGNITUDES(&ws->model->layout);
    memset(magnitudes, 0, VAE__MAGNITUDES(&ws->model->layout) * sizeof *magnitudes);
    return (struct vae__shard){.ws = ws,
                               .model = job->pass->model,
                               .place = place,
                               .rows = left < ws->shard ? left : ws->shard,
                               .magnitudes = magnitudes};
}

/* eps of one sample for the shard's rows, the caller's or the library's, at decoder place d. */
static const float *sample_eps(const struct job *job, const struct vae__shard *s, size_t row,
                               size_t sample, size_t d, size_t *ld)
{
    const struct vae__pass *pass = job->pass;
    size_t latent = s->model->latent_dim;
    if (pass->given_eps) {
        const float *eps = pass->given_eps + (sample * pass->rows + row) * latent;
        for (size_t r = 0; r < s->rows; r++)
            vae__raise(&s->magnitudes[VAE__OF_LOADED(&s->model->layout, VAE__LOADED_LATENT)],
                       vae__magnitude[s->ws->level](latent, eps + r * latent));
        *ld = latent;
        return eps;
    }
    struct vae__noise noise = pass->eps;
    noise.tag += (uint32_t)sample;
    float *eps = vae__row(s->ws->eps, d);
    vae__noise_normal[s->ws->level](&noise, (size_t)pass->noise_row + row, s->rows, latent, eps,
                                    s->ws->eps.ld);
    *ld = s->ws->eps.ld;
    return eps;
}

static struct vae__matrix target_of(const struct job *job)
{
    return job->pass->target.load ? job->ws->target : job->ws->x;
}

/* Notices targets where the likelihood has no probability. Binarised rows are 0 and 1 whatever they
 * were made of, but what was loaded above 1 still shows in its magnitude. */
static void check_support(const struct job *job, const struct vae__shard *s)
{
    const struct vae__likelihood *likelihood = s->model->likelihood;
    const struct vae__layout *layout = &s->model->layout;
    const float least = (float)likelihood->least, most = (float)likelihood->most;
    const float *x = vae__row(target_of(job), s->place);
    float magnitude;
    int given = job->pass->target.load != NULL;
    if (!(least < most)) return;
    memcpy(&magnitude,
           &s->magnitudes[VAE__OF_LOADED(layout, given ? VAE__LOADED_TARGET : VAE__LOADED_INPUT)],
           sizeof magnitude);
    int outside = magnitude > most;
    for (size_t r = 0; r < s->rows && !outside; r++, x += target_of(job).ld)
        outside = vae__outside[s->ws->level](s->model->output_dim, x, least, most);
    if (outside)
        s->magnitudes[VAE__OF_LOADED(layout, VAE__TARGET_OUTSIDE)] = VAE__MAGNITUDE_INFINITE;
}

static void load_rows(const struct job *job, const struct vae__shard *s, size_t row)
{
    vae__load_input(s, &job->pass->input, &job->pass->condition, row);
    if (job->pass->target.load) vae__load_target(s, &job->pass->target, row);
    check_support(job, s);
}

/* z = mu + sigma * eps for one sample, with its condition, decoded. Answers eps. */
static const float *decode_sample(const struct job *job, const struct vae__shard *encoder,
                                  const struct vae__shard *decoder, size_t row, size_t sample,
                                  size_t *ldeps)
{
    const vae_model *model = encoder->model;
    struct vae__matrix heads = job->ws->flow[VAE__HEADS(&model->layout)].y, zc = job->ws->zc;
    const float *eps = sample_eps(job, encoder, row, sample, decoder->place, ldeps);
    uint32_t magnitude = model->posterior->reparameterize[job->ws->level](
        encoder->rows, model->latent_dim, vae__row(heads, encoder->place), heads.ld,
        model->posterior_args, eps, *ldeps, vae__row(zc, decoder->place), zc.ld);
    vae__raise(&encoder->magnitudes[VAE__OF_INPUT(model->layout.encoder + 1)], magnitude);
    vae__load_decoder_condition(decoder, &job->pass->condition, row);
    vae__decode_forward(decoder);
    return eps;
}

static void average(double *terms, size_t rows, size_t samples)
{
    for (size_t r = 0; samples > 1 && r < rows; r++) terms[r] /= (double)samples;
}

static void store_input_gradient(const struct job *job, const struct vae__shard *s, size_t row)
{
    const struct vae__pass *pass = job->pass;
    uint32_t *magnitude =
        &s->magnitudes[VAE__OF_LOADED(&s->model->layout, VAE__STORED_INPUT_GRADIENT)];
    for (size_t r = row; r < row + s->rows; r++)
        vae__raise(magnitude, vae__from_float[s->ws->level](
                                  s->model->input_dim, vae__row(s->ws->dx, r),
                                  pass->input_gradient + r * pass->input_gradient_stride));
}

static void gradient_shard(void *user, size_t task, size_t thread)
{
    (void)thread;
    const struct job *job = user;
    struct vae__pass *pass = job->pass;
    vae_workspace *ws = job->ws;
    const vae_model *model = pass->model;
    const struct vae__layout *layout = &model->layout;
    size_t row = task * ws->shard, level = ws->level, latent = model->latent_dim;
    struct vae__shard s = shard_of(job, task, row);
    struct vae__flow heads = ws->flow[VAE__HEADS(layout)], output = ws->flow[VAE__OUTPUT(layout)];
    float *h = vae__row(heads.y, row), *dh = vae__row(heads.d, row);
    double *reconstruction = ws->reconstruction + row, *kl = ws->kl + row;
    memset(reconstruction, 0, s.rows * sizeof *reconstruction);
    memset(kl, 0, s.rows * sizeof *kl);

    load_rows(job, &s, row);
    vae__encode_forward(&s);
    model->prior->kl_gradient[level](s.rows, latent, h, heads.y.ld, model->posterior_args,
                                     (float)(pass->scale * pass->beta), dh, heads.d.ld, kl);
    for (size_t l = 0; l < pass->samples; l++) {
        struct vae__shard d = s;
        d.place = l * pass->rows + row;
        size_t ldeps;
        const float *eps = decode_sample(job, &s, &d, row, l, &ldeps);
        uint32_t magnitude = model->likelihood->gradient[level](
            s.rows, model->output_dim, vae__row(output.y, d.place), output.y.ld,
            vae__row(target_of(job), row), target_of(job).ld, model->likelihood_args,
            (float)(pass->scale / (double)pass->samples), reconstruction);
        vae__raise(&s.magnitudes[VAE__OF_D(layout, VAE__OUTPUT(layout))], magnitude);
        vae__decode_backward(&d);
        model->posterior->gradient[level](s.rows, latent, h, heads.y.ld, model->posterior_args, eps,
                                          ldeps, vae__row(ws->dzc, d.place), ws->dzc.ld, dh,
                                          heads.d.ld);
    }
    average(reconstruction, s.rows, pass->samples);
    uint32_t magnitude = model->posterior->clamp_gradient[level](
        s.rows, latent, h, heads.y.ld, model->posterior_args, dh, heads.d.ld);
    vae__raise(&s.magnitudes[VAE__OF_D(layout, VAE__HEADS(layout))], magnitude);
    vae__encode_backward(&s, pass->input_gradient != NULL);
    if (pass->input_gradient) store_input_gradient(job, &s, row);
}

static void score_shard(void *user, size_t task, size_t thread)
{
    const struct job *job = user;
    struct vae__pass *pass = job->pass;
    vae_workspace *ws = job->ws;
    const vae_model *model = pass->model;
    const struct vae__layout *layout = &model->layout;
    size_t in_round = task * ws->shard, row = job->first + in_round;
    struct vae__shard s = shard_of(job, task, thread * ws->shard);
    struct vae__matrix heads = ws->flow[VAE__HEADS(layout)].y;
    struct vae__matrix output = ws->flow[VAE__OUTPUT(layout)].y;
    double *reconstruction = ws->reconstruction + in_round, *kl = ws->kl + in_round;
    memset(reconstruction, 0, s.rows * sizeof *reconstruction);
    memset(kl, 0, s.rows * sizeof *kl);

    load_rows(job, &s, row);
    vae__encode_forward(&s);
    model->prior->kl[ws->level](s.rows, model->latent_dim, vae__row(heads, s.place), heads.ld,
                                model->posterior_args, kl);
    for (size_t l = 0; l < pass->samples; l++) {
        size_t ldeps;
        decode_sample(job, &s, &s, row, l, &ldeps);
        model->likelihood->nll[ws->level](s.rows, model->output_dim, vae__row(output, s.place),
                                          output.ld, vae__row(target_of(job), s.place),
                                          target_of(job).ld, model->likelihood_args,
                                          reconstruction);
    }
    average(reconstruction, s.rows, pass->samples);
}

/* What passed between the caller and the plan in the latest round was finite. */
static vae_status check_loaded(const char *who, const struct job *job)
{
    const vae_workspace *ws = job->ws;
    const struct vae__layout *layout = &ws->model->layout;
    const uint32_t *magnitudes = ws->magnitudes;
    for (size_t first = 0; first < job->rows;
         first += ws->shard, magnitudes += VAE__MAGNITUDES(layout)) {
        size_t rows = job->rows - first < ws->shard ? job->rows - first : ws->shard;
        if (magnitudes[VAE__OF_LOADED(layout, VAE__STORED_INPUT_GRADIENT)] >=
            VAE__MAGNITUDE_INFINITE)
            return vae__fail(VAE_ENONFINITE,
                             "%s: the gradient of rows %zu to %zu of the input is not finite", who,
                             first, first + rows - 1);
        for (size_t what = 0; what < VAE__LOADED; what++)
            if (magnitudes[VAE__OF_LOADED(layout, what)] >= VAE__MAGNITUDE_INFINITE)
                return vae__refuse_rows(who, ws, job->pass, job->first + first, rows);
    }
    return VAE_OK;
}

/* The latest round's terms added up in the order of rows; what is not finite is an error. */
static vae_status add_rows(const char *who, const struct job *job)
{
    const vae_workspace *ws = job->ws;
    struct vae__pass *pass = job->pass;
    for (size_t r = 0; r < job->rows; r++) {
        double reconstruction = ws->reconstruction[r], kl = ws->kl[r];
        if (!isfinite(reconstruction) || !isfinite(kl))
            return vae__fail(VAE_ENONFINITE, "%s: row %llu has reconstruction %g and kl %g", who,
                             (unsigned long long)vae__rows_number(&pass->input, job->first + r),
                             reconstruction, kl);
        pass->reconstruction += reconstruction;
        pass->kl += kl;
        if (pass->row_reconstruction) pass->row_reconstruction[job->first + r] = reconstruction;
        if (pass->row_kl) pass->row_kl[job->first + r] = kl;
    }
    return VAE_OK;
}

static vae_status collect(const char *who, const struct job *job)
{
    VAE__TRY(check_loaded(who, job));
    vae__fpstate saved = vae__fp_enter();
    vae_status status = add_rows(who, job);
    vae__fp_leave(saved);
    return status;
}

vae_status vae__pass_gradient(const char *who, vae_workspace *ws, struct vae__pass *pass)
{
    struct job job = {.ws = ws, .pass = pass, .first = 0, .rows = pass->rows};
    vae__refresh_transposed(ws, pass->input_gradient != NULL);
    vae__run(ws, gradient_shard, &job, (pass->rows + ws->shard - 1) / ws->shard);
    return collect(who, &job);
}

vae_status vae__pass_score(const char *who, vae_workspace *ws, struct vae__pass *pass)
{
    struct job job = {.ws = ws, .pass = pass};
    for (; job.first < pass->rows; job.first += ws->round) {
        size_t left = pass->rows - job.first;
        job.rows = left < ws->round ? left : ws->round;
        vae__run(ws, score_shard, &job, (job.rows + ws->shard - 1) / ws->shard);
        VAE__TRY(collect(who, &job));
    }
    return VAE_OK;
}
