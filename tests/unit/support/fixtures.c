/* SPDX-License-Identifier: MIT */
#include "fixtures.h"

#include <math.h>

#include "check_main.h"

void *fixture_alloc(size_t n, size_t size)
{
    void *memory = calloc(n > 0 ? n : 1, size);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

float *fixture_floats(size_t n)
{
    return fixture_alloc(n, sizeof(float));
}

double *fixture_doubles(size_t n)
{
    return fixture_alloc(n, sizeof(double));
}

double *fixture_widen(const float *values, size_t n)
{
    double *wide = fixture_doubles(n);
    for (size_t i = 0; i < n; i++) wide[i] = (double)values[i];
    return wide;
}

/* SplitMix64: any 64-bit seed gives an unrelated stream. */
static double next_uniform(uint64_t *state)
{
    uint64_t u = *state += UINT64_C(0x9E3779B97F4A7C15);
    u = (u ^ (u >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    u = (u ^ (u >> 27)) * UINT64_C(0x94D049BB133111EB);
    return ((double)((u ^ (u >> 31)) >> 11) + 0.5) * 0x1p-53;
}

void fixture_uniform(float *values, size_t n, double low, double high, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) values[i] = (float)(low + (high - low) * next_uniform(&seed));
}

void fixture_normal(float *values, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        double radius = sqrt(-2 * log(next_uniform(&seed)));
        values[i] = (float)(radius * cos(6.283185307179586 * next_uniform(&seed)));
    }
}

double fixture_relative_error(const double *a, const double *b, size_t n)
{
    double difference = 0, norm = 0;
    for (size_t i = 0; i < n; i++) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        norm += b[i] * b[i];
    }
    if (difference == 0) return 0;
    return isnan(difference) ? INFINITY : sqrt(difference / norm);
}

int fixture_kind_count(const char *family)
{
    int n = 0;
    while (vae_kind(family, (size_t)n) != NULL) n++;
    return n;
}

size_t fixture_tensor_size(const vae_model *model, size_t index)
{
    size_t shape[2];
    MUST(vae_model_tensor(model, index, NULL, NULL, shape, NULL, NULL));
    return shape[0] * shape[1];
}

void fixture_unpack(const vae_model *model, const float *flat, size_t tensor, double *values)
{
    size_t shape[2], strides[2], offset;
    MUST(vae_model_tensor(model, tensor, NULL, NULL, shape, &offset, strides));
    for (size_t o = 0; o < shape[0]; o++)
        for (size_t i = 0; i < shape[1]; i++)
            values[o * shape[1] + i] = (double)flat[offset + o * strides[0] + i * strides[1]];
}

/* A bias takes the fan-in of the weight before it. */
void fixture_weights(vae_model *model, double scale, uint64_t seed)
{
    double bound = scale;
    for (size_t t = 0; t < vae_model_tensor_count(model); t++) {
        const char *name;
        size_t rank, shape[2];
        MUST(vae_model_tensor(model, t, &name, &rank, shape, NULL, NULL));
        if (rank == 2) bound = scale / sqrt((double)shape[1]);
        float *values = fixture_floats(shape[0] * shape[1]);
        fixture_uniform(values, shape[0] * shape[1], -bound, bound, seed * 1000 + t);
        MUST(vae_model_set_tensor(model, name, values, shape[0] * shape[1]));
        free(values);
    }
}

void fixture_fill(vae_model *model, const char *tensor, float value)
{
    for (size_t t = 0; t < vae_model_tensor_count(model); t++) {
        const char *name;
        MUST(vae_model_tensor(model, t, &name, NULL, NULL, NULL, NULL));
        if (strcmp(name, tensor) != 0) continue;
        size_t n = fixture_tensor_size(model, t);
        float *values = fixture_floats(n);
        for (size_t i = 0; i < n; i++) values[i] = value;
        MUST(vae_model_set_tensor(model, name, values, n));
        free(values);
        return;
    }
    ck_abort_msg("the model has no tensor %s", tensor);
}

vae_config *fixture_config(const fixture_case *c, vae_context *context)
{
    vae_config *config;
    MUST(vae_config_new(&config, context, c->input, c->latent));
    MUST(vae_config_set_output_dim(config, c->output));
    MUST(vae_config_set_condition_dim(config, c->condition));
    MUST(vae_config_set_text(config, "encoder", c->encoder ? c->encoder : ""));
    MUST(vae_config_set_text(config, "decoder", c->decoder ? c->decoder : ""));
    MUST(vae_config_set_activation(config, c->activation ? c->activation : "relu"));
    MUST(vae_config_set_likelihood(config, c->likelihood ? c->likelihood : "bernoulli"));
    for (size_t i = 0; i < 4 && c->options[i].name != NULL; i++)
        MUST(vae_config_parse(config, c->options[i].name, c->options[i].text));
    return config;
}

static float *random_rows(size_t rows, size_t dim, uint64_t seed)
{
    float *values = fixture_floats(rows * dim);
    fixture_uniform(values, rows * dim, 0, 1, seed);
    return values;
}

static void fill_batch(fixture *f, const fixture_case *c, vae_context *context)
{
    MUST(vae_batch_new(&f->batch, context));
    f->x = random_rows(f->rows, f->input, 1);
    MUST(vae_batch_set_input(f->batch, f->x, f->rows, 0));
    if (c->target || f->output != f->input) {
        f->target = random_rows(f->rows, f->output, 2);
        MUST(vae_batch_set_target(f->batch, f->target, f->rows, 0));
    }
    if (c->condition > 0) {
        f->condition = random_rows(f->rows, c->condition, 3);
        MUST(vae_batch_set_condition(f->batch, f->condition, f->rows, 0));
    }
    f->eps = fixture_floats(f->samples * f->rows * f->latent);
    fixture_normal(f->eps, f->samples * f->rows * f->latent, 4);
    MUST(vae_batch_set_eps(f->batch, f->eps));
    MUST(vae_batch_set_samples(f->batch, f->samples));
    MUST(vae_batch_set_beta(f->batch, c->beta));
    MUST(vae_batch_set_reduction(f->batch, c->reduction ? c->reduction : "mean"));
}

void fixture_new(fixture *f, const fixture_case *c, vae_context *context)
{
    vae_config *config = fixture_config(c, context);

    memset(f, 0, sizeof *f);
    f->input = c->input;
    f->latent = c->latent;
    f->output = c->output ? c->output : c->input;
    f->condition_dim = c->condition;
    f->rows = c->rows;
    f->samples = c->samples ? c->samples : 1;
    MUST(vae_model_new(&f->model, config, 7));
    vae_config_free(config);
    fixture_weights(f->model, 1.5, 5);
    fill_batch(f, c, context);
}

void fixture_free(fixture *f)
{
    vae_batch_free(f->batch);
    vae_model_free(f->model);
    free(f->x);
    free(f->target);
    free(f->condition);
    free(f->eps);
}
