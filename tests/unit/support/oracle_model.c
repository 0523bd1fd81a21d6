/* SPDX-License-Identifier: MIT */
/* The oracle's copy of a model. */
#include <stdio.h>

#include "check_main.h"
#include "fixtures.h"
#include "oracle.h"

static size_t count_layers(const vae_model *model, const char *stem)
{
    size_t layers = 0;
    for (size_t t = 0; t < vae_model_tensor_count(model); t++) {
        const char *name;
        size_t rank;
        MUST(vae_model_tensor(model, t, &name, &rank, NULL, NULL, NULL));
        layers += rank == 2 && strncmp(name, stem, strlen(stem)) == 0;
    }
    return layers;
}

static double *copy_tensor(const vae_model *model, const char *name, size_t n)
{
    float *values = fixture_floats(n);
    double *wide;
    MUST(vae_model_get_tensor(model, name, values, n));
    wide = fixture_widen(values, n);
    free(values);
    return wide;
}

/* Shapes come from what the layers must be, not from the model: a wrong shape is an error of
 * vae_model_get_tensor. */
static oracle_dense *add_dense(oracle *o, const vae_model *model, const char *name, size_t in,
                               size_t out)
{
    oracle_dense *d = &o->dense[o->dense_count++];
    char tensor[64];

    (void)snprintf(d->name, sizeof d->name, "%s", name);
    d->in = in;
    d->out = out;
    (void)snprintf(tensor, sizeof tensor, "%s.weight", name);
    d->w = copy_tensor(model, tensor, in * out);
    (void)snprintf(tensor, sizeof tensor, "%s.bias", name);
    d->b = copy_tensor(model, tensor, out);
    d->dw = fixture_doubles(in * out);
    d->db = fixture_doubles(out);
    return d;
}

static double get_double(const vae_model *model, const char *option)
{
    double value = 0;
    if (option != NULL) MUST(vae_config_get_double(vae_model_config(model), option, &value));
    return value;
}

/* Hidden layers from `in` numbers; widths are read from the option of the same name. Answers the
 * last width. */
static size_t add_mlp(oracle *o, oracle_mlp *mlp, const vae_model *model, const char *stem,
                      size_t in)
{
    const char *widths, *activation;
    char name[32];

    MUST(vae_config_get_text(vae_model_config(model), stem, &widths));
    (void)snprintf(name, sizeof name, "%s_activation", stem);
    MUST(vae_config_get_text(vae_model_config(model), name, &activation));
    mlp->activation = oracle_find_activation(activation);
    ck_assert_msg(mlp->activation != NULL, "the oracle has no activation %s", activation);
    mlp->parameter = get_double(model, mlp->activation->option);
    mlp->layers = o->dense + o->dense_count;
    while (*widths != '\0') {
        char *end;
        size_t out = strtoul(widths, &end, 10);
        (void)snprintf(name, sizeof name, "%s.%zu", stem, mlp->n++);
        add_dense(o, model, name, in, out);
        in = out;
        widths = end + (*end == ',');
    }
    return in;
}

oracle *oracle_new(const vae_model *model)
{
    oracle *o = fixture_alloc(1, sizeof *o);
    const char *likelihood;
    size_t hidden;

    o->input = vae_model_input_dim(model);
    o->output = vae_model_output_dim(model);
    o->latent = vae_model_latent_dim(model);
    o->condition = vae_model_condition_dim(model);
    MUST(vae_config_get_text(vae_model_config(model), "likelihood", &likelihood));
    o->likelihood = oracle_find_likelihood(likelihood);
    ck_assert_msg(o->likelihood != NULL, "the oracle has no likelihood %s", likelihood);
    o->likelihood_option = get_double(model, o->likelihood->option);
    o->likelihood_range.min = get_double(model, o->likelihood->logvar_min);
    o->likelihood_range.max = get_double(model, o->likelihood->logvar_max);
    o->posterior_range.min = get_double(model, "posterior_logvar_min");
    o->posterior_range.max = get_double(model, "posterior_logvar_max");
    o->parameters = o->likelihood->parameters;

    o->dense = fixture_alloc(count_layers(model, ""), sizeof *o->dense);
    hidden = add_mlp(o, &o->encoder, model, "encoder", o->input + o->condition);
    o->mean = add_dense(o, model, "mean", hidden, o->latent);
    o->logvar = add_dense(o, model, "logvar", hidden, o->latent);
    hidden = add_mlp(o, &o->decoder, model, "decoder", o->latent + o->condition);
    o->out = add_dense(o, model, "output", hidden, o->parameters * o->output);
    ck_assert_uint_eq(o->dense_count, count_layers(model, ""));
    return o;
}

void oracle_free(oracle *o)
{
    for (size_t i = 0; i < o->dense_count; i++) {
        free(o->dense[i].w);
        free(o->dense[i].b);
        free(o->dense[i].dw);
        free(o->dense[i].db);
    }
    free(o->dense);
    free(o);
}

static oracle_dense *find_dense(oracle *o, const char *tensor, int *bias)
{
    for (size_t i = 0; i < o->dense_count; i++) {
        size_t length = strlen(o->dense[i].name);
        if (strncmp(tensor, o->dense[i].name, length) == 0 && tensor[length] == '.') {
            *bias = strcmp(tensor + length, ".bias") == 0;
            if (*bias || strcmp(tensor + length, ".weight") == 0) return &o->dense[i];
        }
    }
    ck_abort_msg("the oracle has no tensor %s", tensor);
    return NULL;
}

double *oracle_values(oracle *o, const char *tensor)
{
    int bias = 0;
    oracle_dense *d = find_dense(o, tensor, &bias);
    return bias ? d->b : d->w;
}

double *oracle_gradient(oracle *o, const char *tensor)
{
    int bias = 0;
    oracle_dense *d = find_dense(o, tensor, &bias);
    return bias ? d->db : d->dw;
}
