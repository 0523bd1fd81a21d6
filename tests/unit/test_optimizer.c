/* SPDX-License-Identifier: MIT */
/* Optimizers and schedules against PyTorch's, through the trainer: a gradient hook puts the
 * golden's gradients in place of the model's own. */
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/golden.h"

#define ROWS 8

/* As many weights as the goldens have: 16 + 20 + 9 + 12. */
static const fixture_case shape = {.input = 3,
                                   .latent = 2,
                                   .encoder = "4",
                                   .decoder = "3",
                                   .likelihood = "gaussian",
                                   .rows = ROWS,
                                   .beta = 1};

typedef struct setup {
    fixture f;
    golden *g;
    char name[64];
    vae_source *data;
    vae_trainer *trainer;
    const double *gradient; /* what the hook puts in next */
} setup;

static void set_options(setup *s)
{
    const char *key;
    for (size_t i = 0; (key = golden_key(s->g, i)) != NULL; i++)
        if (strncmp(key, "option.", 7) == 0)
            MUST(vae_trainer_parse(s->trainer, key + 7, golden_text(s->g, key)));
}

static void set_up(setup *s, const char *optimizer)
{
    fixture_new(&s->f, &shape, NULL);
    MUST(vae_source_from_float(&s->data, NULL, s->f.x, ROWS, 3, 0));
    MUST(vae_trainer_new(&s->trainer, s->f.model, optimizer));
    MUST(vae_trainer_set_data(s->trainer, s->data, NULL, NULL));
    MUST(vae_trainer_set_int(s->trainer, "batch_size", ROWS));
    MUST(vae_trainer_set_int(s->trainer, "threads", 1));
}

static void tear_down(setup *s)
{
    vae_trainer_free(s->trainer);
    vae_source_free(s->data);
    fixture_free(&s->f);
}

/* Puts a list of numbers into the named tensors' places of a flat block, or takes it from there. */
static void scatter(const vae_model *model, const double *values, float *flat)
{
    for (size_t t = 0; t < vae_model_tensor_count(model); t++) {
        size_t shape_of[2], offset, strides[2];
        MUST(vae_model_tensor(model, t, NULL, NULL, shape_of, &offset, strides));
        for (size_t o = 0; o < shape_of[0]; o++)
            for (size_t i = 0; i < shape_of[1]; i++)
                flat[offset + o * strides[0] + i * strides[1]] = (float)*values++;
    }
}

static void gather(const vae_model *model, double *values)
{
    for (size_t t = 0; t < vae_model_tensor_count(model); t++) {
        fixture_unpack(model, vae_model_parameters(model), t, values);
        values += fixture_tensor_size(model, t);
    }
}

static int put_gradient(float *gradient, size_t n, uint64_t step, void *user)
{
    setup *s = user;
    (void)step;
    ck_assert_uint_eq(n, vae_model_parameter_count(s->f.model));
    scatter(s->f.model, s->gradient, gradient);
    return 0;
}

static void set_weights(vae_model *model, const double *values)
{
    float *parameters;
    MUST(vae_model_parameters_begin(model, &parameters));
    scatter(model, values, parameters);
    MUST(vae_model_parameters_end(model));
}

/* Each step rounds every weight once, by half a unit in the last place. */
static void expect_weights(const setup *s, const double *start, const double *expected, size_t step)
{
    size_t n = vae_model_weight_count(s->f.model);
    double *weights = fixture_doubles(n), error = 0, moved = 0, norm = 0;

    gather(s->f.model, weights);
    for (size_t i = 0; i < n; i++) {
        error += (weights[i] - expected[i]) * (weights[i] - expected[i]);
        moved += (expected[i] - start[i]) * (expected[i] - start[i]);
        norm += expected[i] * expected[i];
    }
    ck_assert_msg(sqrt(error) <= 2e-6 * sqrt(moved) + (double)step * 0x1p-24 * sqrt(norm),
                  "%s, step %zu: off by %g after moving %g", s->name, step, sqrt(error),
                  sqrt(moved));
    ck_assert_double_gt(moved, 0);
    free(weights);
}

START_TEST(steps_are_pytorchs)
{
    setup s;
    size_t n, steps;
    double *weights, *gradients;

    ck_assert_int_eq(golden_at("optimizer-", (size_t)_i, s.name), 1);
    s.g = golden_open(s.name);
    set_up(&s, golden_text(s.g, "optimizer"));
    set_options(&s);
    weights = golden_doubles(s.g, "weights", NULL);
    gradients = golden_doubles(s.g, "gradients", &steps);
    n = vae_model_weight_count(s.f.model);
    steps /= n;
    ck_assert_uint_eq(steps, 5);
    set_weights(s.f.model, weights);
    MUST(vae_trainer_on_gradient(s.trainer, put_gradient, &s));
    for (size_t step = 0; step < steps; step++) {
        s.gradient = gradients + step * n;
        MUST(vae_trainer_step(s.trainer));
        expect_weights(&s, weights, weights + (step + 1) * n, step + 1);
    }
    golden_close(s.g);
    free(weights);
    free(gradients);
    tear_down(&s);
}
END_TEST

START_TEST(every_optimizer_has_a_golden)
{
    char name[64], prefix[64];
    for (size_t i = 0; vae_kind("optimizer", i) != NULL; i++) {
        (void)snprintf(prefix, sizeof prefix, "optimizer-%s", vae_kind("optimizer", i));
        ck_assert_msg(golden_at(prefix, 0, name), "no golden of %s", vae_kind("optimizer", i));
    }
    for (size_t i = 0; vae_kind("schedule", i) != NULL; i++) {
        (void)snprintf(prefix, sizeof prefix, "schedule-%s", vae_kind("schedule", i));
        ck_assert_msg(golden_at(prefix, 0, name), "no golden of %s", vae_kind("schedule", i));
    }
}
END_TEST

START_TEST(rates_are_pytorchs)
{
    setup s;
    size_t n, every;
    double *rates, rate, still[57] = {0};

    ck_assert_int_eq(golden_at("schedule-", (size_t)_i, s.name), 1);
    s.g = golden_open(s.name);
    set_up(&s, "sgd");
    MUST(vae_trainer_set_int(s.trainer, "batch_size", ROWS / 4)); /* an epoch has 4 steps */
    MUST(vae_trainer_set_text(s.trainer, "schedule", golden_text(s.g, "schedule")));
    set_options(&s);
    s.gradient = still; /* at these rates the model itself would run away */
    MUST(vae_trainer_on_gradient(s.trainer, put_gradient, &s));
    every = (size_t)golden_number(s.g, "every");
    rates = golden_doubles(s.g, "rates", &n);
    for (size_t step = 0; step < n * every; step++) {
        MUST(vae_trainer_step(s.trainer));
        MUST(vae_trainer_result(s.trainer, "learning_rate", &rate));
        if (step % every == 0)
            ck_assert_msg(fabs(rate - rates[step / every]) <= 1e-9, "%s, step %zu: %g, not %g",
                          s.name, step, rate, rates[step / every]);
    }
    golden_close(s.g);
    free(rates);
    tear_down(&s);
}
END_TEST

/* A gradient of ones, n weights: norm sqrt(n). */
START_TEST(clipping_scales_the_whole_gradient_to_the_norm)
{
    static const double limits[] = {1.5, 100};
    setup s;
    size_t n;
    double *ones, *before, *after, norm, factor;

    set_up(&s, "sgd");
    n = vae_model_weight_count(s.f.model);
    ones = fixture_doubles(n);
    before = fixture_doubles(n);
    after = fixture_doubles(n);
    for (size_t i = 0; i < n; i++) ones[i] = 1;
    s.gradient = ones;
    MUST(vae_trainer_on_gradient(s.trainer, put_gradient, &s));
    MUST(vae_trainer_set_double(s.trainer, "learning_rate", 0.5));
    MUST(vae_trainer_set_double(s.trainer, "clip_norm", limits[_i]));
    gather(s.f.model, before);
    MUST(vae_trainer_step(s.trainer));
    gather(s.f.model, after);
    MUST(vae_trainer_result(s.trainer, "gradient_norm", &norm));
    ck_assert_double_eq_tol(norm, sqrt((double)n), 1e-6);
    factor = norm > limits[_i] ? limits[_i] / norm : 1;
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq_tol(before[i] - after[i], 0.5 * factor, 1e-6);
    free(ones);
    free(before);
    free(after);
    tear_down(&s);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, every_optimizer_has_a_golden);
    tcase_add_loop_test(tests, steps_are_pytorchs, 0, golden_count("optimizer-"));
    tcase_add_loop_test(tests, rates_are_pytorchs, 0, golden_count("schedule-"));
    tcase_add_loop_test(tests, clipping_scales_the_whole_gradient_to_the_norm, 0, 2);
}

int main(void)
{
    return check_run("optimizer", add);
}
