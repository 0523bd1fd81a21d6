/* SPDX-License-Identifier: MIT */
/* Calls about configurations, models, batches and what is computed with them. */
#ifndef PROGRAM_MODELS_H
#define PROGRAM_MODELS_H

#include "program.h"

static void config_new(struct program *p)
{
    vae_config **config = &p->configs[below(p, EACH)], *made = NULL;
    vae_context *context = any_context(p);
    size_t input = any_size(p), latent = any_size(p), layers = below(p, 4);
    size_t hidden[3] = {1 + below(p, 20), 1 + below(p, 8), 1 + below(p, 8)};
    MAKE(made, vae_config_new(&made, context, input, latent));
    if (made) CALL(vae_config_set_encoder(made, hidden, layers));
    vae_config_free(*config);
    *config = made;
}

static void config_set(struct program *p)
{
    vae_config *config = p->configs[below(p, EACH)];
    const char *option = vae_config_option(below(p, 32)), *text = any_text(p);
    char shown[16];
    CALL(vae_config_parse(config, option, text));
    CALL(vae_config_set_double(config, option, any_number(p)));
    CALL(vae_config_set_text(config, option, text));
    CALL(vae_config_format(config, option, shown, below(p, sizeof shown)));
}

static void model_new(struct program *p)
{
    size_t i = below(p, EACH);
    const vae_config *config = p->configs[below(p, EACH)];
    drop_model(p, i);
    MAKE(p->models[i], vae_model_new(&p->models[i], config, 1));
}

static void model_copy(struct program *p)
{
    vae_model *from = p->models[0];
    if (below(p, 4) == 3) from = NULL;
    drop_model(p, 1);
    MAKE(p->models[1], vae_model_copy(&p->models[1], from));
}

/* Refused weights, by tensor or in the open block, are not taken. */
static void model_change(struct program *p)
{
    vae_model *model = p->models[below(p, EACH)];
    const char *name = NULL;
    size_t shape[2] = {0, 0}, index = below(p, 24), n = any_size(p) % STRIDE;
    const float *values = any_floats(p);
    float *block;
    uint64_t before = weights_of(model);
    if (CALL(vae_model_tensor(model, index, &name, NULL, shape, NULL, NULL)) == VAE_OK &&
        shape[0] * shape[1] <= DATA &&
        CALL(vae_model_set_tensor(model, name, values, shape[0] * shape[1])) != VAE_OK)
        EXPECT(weights_of(model) == before);
    CALL(vae_model_set_output_mean(model, values, n));
    if (below(p, 4) != 3 || CALL(vae_model_parameters_begin(model, &block)) != VAE_OK) return;
    float kept = block[0];
    block[0] = (float)any_number(p);
    if (CALL(vae_model_parameters_end(model)) == VAE_OK) return;
    block[0] = kept;
    EXPECT(CALL(vae_model_parameters_end(model)) == VAE_OK);
}

static void model_save(struct program *p)
{
    const vae_model *model = p->models[below(p, EACH)];
    size_t n = 0, m = 0;
    CALL(vae_model_write(model, program_write, p));
    if (CALL(vae_model_save_memory(model, NULL, 0, &n)) != VAE_OK) return;
    unsigned char *file = malloc(n);
    EXPECT(file);
    if (CALL(vae_model_save_memory(model, file, n, &m)) == VAE_OK) EXPECT(n == m);
    keep(p, file, m == n ? n : 0);
}

/* What cannot be loaded leaves the model as it was. */
static void model_load(struct program *p)
{
    vae_model *model = p->models[0];
    uint64_t before = weights_of(model);
    if (CALL(vae_model_load_weights_memory(model, p->file, p->file_bytes, NULL, NULL)) != VAE_OK)
        EXPECT(weights_of(model) == before);
    drop_model(p, 1);
    p->file_read = 0;
    if (below(p, 2))
        MAKE(p->models[1], vae_model_read(&p->models[1], any_context(p), program_read, p));
    else
        MAKE(p->models[1],
             vae_model_load_memory(&p->models[1], any_context(p), p->file, p->file_bytes));
}

static void workspace_new(struct program *p)
{
    struct user *w = &p->workspaces[below(p, EACH)];
    vae_workspace *workspace = w->handle;
    const char *purpose = below(p, 2) ? "gradient" : "inference";
    size_t rows = any_size(p), samples = any_size(p);
    vae_workspace_free(workspace);
    w->model = p->models[below(p, EACH)];
    MAKE(workspace,
         vae_workspace_new(&workspace, w->model, purpose, rows, samples, 1 + below(p, 3)));
    w->handle = workspace;
}

static void compute_with(struct program *p, vae_workspace *w, const vae_model *m,
                         const vae_batch *b)
{
    size_t stride = below(p, 3) ? 0 : any_size(p);
    double loss, reconstruction, kl;
    switch (below(p, 11)) {
    case 0:
        CALL(vae_encode(w, m, b, out, stride, out + ROOM / 2, stride));
        break;
    case 1:
        CALL(vae_encode_sample(w, m, b, out, stride));
        break;
    case 2:
        CALL(vae_decode(w, m, b, out, stride));
        break;
    case 3:
        CALL(vae_decode_parameters(w, m, b, out, stride));
        break;
    case 4:
        CALL(vae_decode_sample(w, m, b, out, stride));
        break;
    case 5:
        CALL(vae_reconstruct(w, m, b, out, stride));
        break;
    case 6:
        CALL(vae_reconstruct_sample(w, m, b, out, stride));
        break;
    case 7:
        CALL(vae_sample_prior(w, m, b, ROWS, any_number(p), out, stride));
        break;
    case 8:
        CALL(vae_score(w, m, b, terms, terms + ROWS));
        break;
    case 9:
        CALL(vae_loss(w, m, b, &loss, &reconstruction, &kl));
        break;
    case 10:
        if (vae_model_parameter_count(m) > ROOM / 2) break;
        CALL(vae_loss_gradient(w, m, b, &loss, &reconstruction, &kl, out, out + ROOM / 2, stride));
        break;
    }
}

static void compute(struct program *p)
{
    struct user *w = &p->workspaces[below(p, EACH)];
    const vae_model *model = p->models[below(p, EACH)];
    uint64_t before = weights_of(model);
    compute_with(p, w->handle, model, p->batches[below(p, EACH)]);
    EXPECT(weights_of(model) == before);
}

#endif
