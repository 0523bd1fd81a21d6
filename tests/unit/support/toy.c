/* SPDX-License-Identifier: MIT */
#include "toy.h"

#include <math.h>

#include "check_main.h"
#include "fixtures.h"
#include "valgrind.h"

#define ALL (TOY_ROWS + TOY_VALID)

/* Rows are one of four bars, more or less bright, on dim noise. */
static float *make_rows(void)
{
    float *x = fixture_floats(ALL * TOY_DIM), bright[ALL];
    fixture_uniform(x, ALL * TOY_DIM, 0.0, 0.15, 100);
    fixture_uniform(bright, ALL, 0.5, 0.8, 101);
    for (size_t r = 0; r < ALL; r++)
        for (size_t d = 0; d < TOY_DIM / 4; d++) x[r * TOY_DIM + r % 4 * 6 + d] += bright[r];
    return x;
}

void toy_new(toy *t, const toy_case *c, uint64_t seed, vae_context *context)
{
    static const size_t encoder[] = {20}, decoder[] = {17};
    vae_config *config;

    t->x = make_rows();
    MUST(vae_config_new(&config, context, TOY_DIM, 3));
    MUST(vae_config_set_encoder(config, encoder, 1));
    MUST(vae_config_set_decoder(config, decoder, 1));
    MUST(vae_model_new(&t->model, config, seed));
    vae_config_free(config);
    MUST(vae_source_from_float(&t->data, context, t->x, TOY_ROWS, TOY_DIM, 0));
    MUST(vae_source_from_float(&t->validation, context, t->x + TOY_ROWS * TOY_DIM, TOY_VALID,
                               TOY_DIM, 0));
    if (c->binarize) {
        MUST(vae_source_set_binarize(t->data, c->binarize));
        MUST(vae_source_set_binarize(t->validation, c->binarize));
    }
    MUST(vae_trainer_new(&t->trainer, t->model, c->optimizer));
    MUST(vae_trainer_set_int(t->trainer, "batch_size", TOY_BATCH));
    MUST(vae_trainer_set_int(t->trainer, "threads", 2));
    for (size_t i = 0; c->options[i]; i += 2)
        MUST(vae_trainer_parse(t->trainer, c->options[i], c->options[i + 1]));
}

void toy_set_data(toy *t, const toy_case *c)
{
    MUST(vae_trainer_set_data(t->trainer, t->data, NULL, NULL));
    if (c->validation) MUST(vae_trainer_set_validation(t->trainer, t->validation, NULL, NULL));
}

void toy_ready(toy *t, const toy_case *c)
{
    toy_new(t, c, 1, NULL);
    toy_set_data(t, c);
}

void toy_free(toy *t)
{
    vae_trainer_free(t->trainer);
    vae_source_free(t->data);
    vae_source_free(t->validation);
    vae_model_free(t->model);
    free(t->x);
}

double toy_result(const toy *t, const char *name)
{
    double value;
    MUST(vae_trainer_result(t->trainer, name, &value));
    return value;
}

static size_t weight_bytes(const toy *t)
{
    return vae_model_parameter_count(t->model) * sizeof(float);
}

float *toy_weights(const toy *t)
{
    float *copy = fixture_alloc(weight_bytes(t), 1);
    return memcpy(copy, vae_model_parameters(t->model), weight_bytes(t));
}

/* To the bit; but valgrind computes 0 - 0 * g, which is what padding becomes, as -0. */
int toy_has(const toy *t, const float *weights)
{
    const float *w = vae_model_parameters(t->model);
    for (size_t i = 0; i < vae_model_parameter_count(t->model); i++)
        if (memcmp(&w[i], &weights[i], sizeof *w) != 0 &&
            !(under_valgrind() && fpclassify(w[i]) == FP_ZERO && fpclassify(weights[i]) == FP_ZERO))
            return 0;
    return 1;
}

void toy_expect_same(const toy *a, const toy *b)
{
    ck_assert(toy_has(a, vae_model_parameters(b->model)));
}
