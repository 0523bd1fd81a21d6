/* SPDX-License-Identifier: MIT */
/* Means of the ELBO's terms over whole sets. */
#include "objective/step.h"

#include <vae/objective.h>

struct set {
    const vae_source *input, *target, *condition; /* the last two may be NULL */
};

vae_status vae__check_sources(const char *who, const vae_model *model, const vae_source *input,
                              const vae_source *target, const vae_source *condition)
{
    const struct {
        const char *what;
        const vae_source *source;
        size_t dim;
    } parts[] = {{"input", input, model->input_dim},
                 {"target", target, model->output_dim},
                 {"condition", condition, model->condition_dim}};
    for (size_t i = 0; i < 3; i++) {
        const vae_source *source = parts[i].source;
        if (!source) continue;
        if (vae_source_dim(source) != parts[i].dim)
            return vae__fail(VAE_ESHAPE, "%s: the %s has %zu numbers a row; the model takes %zu",
                             who, parts[i].what, vae_source_dim(source), parts[i].dim);
        if (vae_source_rows(source) != vae_source_rows(input))
            return vae__fail(VAE_ESHAPE, "%s: the %s has %zu rows, the input %zu", who,
                             parts[i].what, vae_source_rows(source), vae_source_rows(input));
    }
    if (!target && model->input_dim != model->output_dim)
        return vae__fail(VAE_ESHAPE, "%s: a target is needed: input_dim is %zu, output_dim %zu",
                         who, model->input_dim, model->output_dim);
    if (!condition && model->condition_dim > 0)
        return vae__fail(VAE_ESHAPE, "%s: a condition is needed: condition_dim is %zu", who,
                         model->condition_dim);
    return VAE_OK;
}

/* Rows of callbacks lie in memory: max_rows at a time, in whole shards. */
static size_t rows_at_once(const vae_workspace *ws, const struct set *set)
{
    const vae_source *sources[] = {set->input, set->target, set->condition};
    size_t most = (ws->max_rows + ws->shard - 1) / ws->shard * ws->shard;
    for (size_t i = 0; i < 3; i++)
        if (sources[i] && vae__source_staging(sources[i], 1) > 0)
            return most < ws->round ? most : ws->round;
    return ws->round;
}

/* Views of rows first.. of the set; callbacks are read into the workspace's staging. */
static vae_status view_set(const char *who, vae_workspace *ws, const struct set *set,
                           uint64_t first, struct vae__noise binarize, struct vae__pass *pass)
{
    const vae_source *sources[] = {set->input, set->target, set->condition};
    struct vae__rows *views[] = {&pass->input, &pass->target, &pass->condition};
    size_t floats = 0, used = 0;
    for (size_t i = 0; i < 3; i++)
        if (sources[i]) floats += vae__source_staging(sources[i], pass->rows);
    if (floats > 0) VAE__TRY(vae__workspace_stage(who, ws, floats, pass->rows));
    for (size_t i = 0; i < 3; i++) {
        if (!sources[i]) continue;
        size_t staged = vae__source_staging(sources[i], pass->rows);
        VAE__TRY(vae__source_view(who, sources[i], NULL, first, pass->rows,
                                  staged ? ws->staging + used : NULL, ws->row_numbers, binarize,
                                  first, views[i]));
        used += staged;
    }
    return VAE_OK;
}

vae_status vae__evaluate_sources(const char *who, vae_workspace *ws, const vae_model *model,
                                 const vae_source *input, const vae_source *target,
                                 const vae_source *condition, size_t samples, struct vae__noise eps,
                                 struct vae__noise binarize, double *reconstruction, double *kl)
{
    const struct set set = {input, target, condition};
    size_t rows = vae_source_rows(input), most = rows_at_once(ws, &set);
    VAE__TRY(vae__check_sources(who, model, input, target, condition));
    struct vae__pass pass = {.model = model, .samples = samples, .beta = 1.0, .eps = eps};
    for (size_t first = 0; first < rows; first += most) {
        pass.noise_row = first;
        pass.rows = rows - first < most ? rows - first : most;
        VAE__TRY(view_set(who, ws, &set, first, binarize, &pass));
        VAE__TRY(vae__pass_score(who, ws, &pass));
    }
    vae__pass_means(&pass, rows, NULL, reconstruction, kl);
    return VAE_OK;
}

vae_status vae_evaluate(vae_workspace *ws, const vae_model *model, const vae_source *input,
                        const vae_source *target, const vae_source *condition, size_t samples,
                        uint64_t seed, double *reconstruction, double *kl)
{
    VAE__TRY(vae__workspace_fits(__func__, ws, model));
    VAE__NEED(input);
    if (samples < 1 || samples > 65536)
        return VAE__FAIL(VAE_EINVAL, "samples is %zu; its range is 1 to 65536", samples);
    return vae__evaluate_sources(__func__, ws, model, input, target, condition, samples,
                                 vae__noise_at(seed, 0, VAE__PURPOSE_EPS, 0),
                                 vae__noise_at(seed, 0, VAE__PURPOSE_BINARIZE, 0), reconstruction,
                                 kl);
}
