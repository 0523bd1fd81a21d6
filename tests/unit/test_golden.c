/* SPDX-License-Identifier: MIT */
/* PyTorch in float64 computed the same terms and gradients (tests/golden/make_goldens.py). */
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/golden.h"

#define TOLERANCE 5e-6 /* of a gradient's norm: float against double */

typedef struct setup {
    char name[64];
    golden *g;
    vae_model *model;
    vae_batch *batch;
    vae_workspace *workspace;
    float *x, *target, *eps, *condition;
    size_t rows, samples;
} setup;

static vae_config *golden_config(const golden *g)
{
    vae_config *config;
    const char *key;
    MUST(vae_config_new(&config, NULL, 1, 1));
    for (size_t i = 0; (key = golden_key(g, i)) != NULL; i++)
        if (strncmp(key, "config.", 7) == 0)
            MUST(vae_config_parse(config, key + 7, golden_text(g, key)));
    return config;
}

static void set_weights(setup *s)
{
    for (size_t t = 0; t < vae_model_tensor_count(s->model); t++) {
        const char *name;
        char key[64];
        size_t n;
        MUST(vae_model_tensor(s->model, t, &name, NULL, NULL, NULL, NULL));
        (void)snprintf(key, sizeof key, "weight.%s", name);
        float *values = golden_floats(s->g, key, &n);
        MUST(vae_model_set_tensor(s->model, name, values, n));
        free(values);
    }
}

static void set_batch(setup *s)
{
    size_t n;
    MUST(vae_batch_new(&s->batch, NULL));
    s->samples = (size_t)golden_number(s->g, "samples");
    s->x = golden_floats(s->g, "x", &n);
    s->rows = n / vae_model_input_dim(s->model);
    s->target = golden_floats(s->g, "target", NULL);
    s->eps = golden_floats(s->g, "eps", NULL);
    MUST(vae_batch_set_input(s->batch, s->x, s->rows, 0));
    MUST(vae_batch_set_target(s->batch, s->target, s->rows, 0));
    MUST(vae_batch_set_samples(s->batch, s->samples));
    MUST(vae_batch_set_eps(s->batch, s->eps));
    MUST(vae_batch_set_beta(s->batch, golden_number(s->g, "beta")));
    MUST(vae_batch_set_reduction(s->batch, golden_text(s->g, "reduction")));
    if (golden_has(s->g, "condition")) {
        s->condition = golden_floats(s->g, "condition", NULL);
        MUST(vae_batch_set_condition(s->batch, s->condition, s->rows, 0));
    }
}

static void set_up(setup *s, int index)
{
    vae_config *config;
    memset(s, 0, sizeof *s);
    ck_assert_int_eq(golden_at("elbo-", (size_t)index, s->name), 1);
    s->g = golden_open(s->name);
    config = golden_config(s->g);
    MUST(vae_model_new(&s->model, config, 0));
    vae_config_free(config);
    set_weights(s);
    set_batch(s);
    MUST(vae_workspace_new(&s->workspace, s->model, "gradient", s->rows, s->samples, 1));
}

static void tear_down(setup *s)
{
    vae_workspace_free(s->workspace);
    vae_batch_free(s->batch);
    vae_model_free(s->model);
    golden_close(s->g);
    free(s->x);
    free(s->target);
    free(s->eps);
    free(s->condition);
}

static void expect_near(const setup *s, const double *values, size_t n, const char *tensor)
{
    size_t golden_n;
    double *truth = golden_doubles(s->g, tensor, &golden_n), error;
    ck_assert_uint_eq(n, golden_n);
    error = fixture_relative_error(values, truth, n);
    ck_assert_msg(error < TOLERANCE, "%s: %s: relative error %g", s->name, tensor, error);
    free(truth);
}

START_TEST(gradients_are_pytorchs)
{
    setup s;
    double terms[3], *values;
    float *gradient, *input_gradient;
    size_t n;

    set_up(&s, _i);
    n = s.rows * vae_model_input_dim(s.model);
    gradient = fixture_floats(vae_model_parameter_count(s.model));
    input_gradient = fixture_floats(n);
    MUST(vae_loss_gradient(s.workspace, s.model, s.batch, &terms[0], &terms[1], &terms[2], gradient,
                           input_gradient, 0));
    expect_near(&s, &terms[0], 1, "loss");
    values = fixture_widen(input_gradient, n);
    expect_near(&s, values, n, "input_gradient");
    free(values);
    for (size_t t = 0; t < vae_model_tensor_count(s.model); t++) {
        const char *name;
        char key[64];
        MUST(vae_model_tensor(s.model, t, &name, NULL, NULL, NULL, NULL));
        (void)snprintf(key, sizeof key, "gradient.%s", name);
        n = fixture_tensor_size(s.model, t);
        values = fixture_doubles(n);
        fixture_unpack(s.model, gradient, t, values);
        expect_near(&s, values, n, key);
        free(values);
    }
    free(gradient);
    free(input_gradient);
    tear_down(&s);
}
END_TEST

START_TEST(row_terms_are_pytorchs)
{
    setup s;
    double *reconstruction, *kl;

    set_up(&s, _i);
    reconstruction = fixture_doubles(s.rows);
    kl = fixture_doubles(s.rows);
    MUST(vae_score(s.workspace, s.model, s.batch, reconstruction, kl));
    expect_near(&s, reconstruction, s.rows, "reconstruction");
    expect_near(&s, kl, s.rows, "kl");
    free(reconstruction);
    free(kl);
    tear_down(&s);
}
END_TEST

/* A new kind needs a golden: make_goldens.py. */
START_TEST(every_activation_and_likelihood_has_a_golden)
{
    char name[128];
    for (size_t a = 0; vae_kind("activation", a) != NULL; a++)
        for (size_t k = 0; vae_kind("likelihood", k) != NULL; k++) {
            (void)snprintf(name, sizeof name, "elbo-%s-%s", vae_kind("activation", a),
                           vae_kind("likelihood", k));
            golden_close(golden_open(name));
        }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, every_activation_and_likelihood_has_a_golden);
    tcase_add_loop_test(tests, gradients_are_pytorchs, 0, golden_count("elbo-"));
    tcase_add_loop_test(tests, row_terms_are_pytorchs, 0, golden_count("elbo-"));
}

int main(void)
{
    return check_run("golden", add);
}
