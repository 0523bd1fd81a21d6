/* SPDX-License-Identifier: MIT */
/* The tests' own truth is true: its gradients against central differences, in double. */
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/truth.h"

static const fixture_case small = {.input = 4,
                                   .latent = 2,
                                   .output = 3,
                                   .condition = 1,
                                   .encoder = "5,3",
                                   .decoder = "4",
                                   .rows = 3,
                                   .samples = 2,
                                   .beta = 0.7,
                                   .target = 1};

typedef struct setup {
    fixture f;
    truth t;
} setup;

static void set_up(setup *s, const char *activation, const char *likelihood)
{
    fixture_case c = small;
    c.activation = activation;
    c.likelihood = likelihood;
    fixture_new(&s->f, &c, NULL);
    truth_new(&s->t, &s->f, &c);
}

static void tear_down(setup *s)
{
    truth_free(&s->t);
    fixture_free(&s->f);
}

static double loss(setup *s)
{
    return oracle_elbo(s->t.o, &s->t.batch, NULL, NULL, NULL).loss;
}

/* Moves each of n numbers by h both ways. */
static double *differences(setup *s, double *values, size_t n)
{
    const double h = 1e-5;
    double *slopes = fixture_doubles(n);
    for (size_t i = 0; i < n; i++) {
        double middle = values[i];
        values[i] = middle + h;
        slopes[i] = loss(s);
        values[i] = middle - h;
        slopes[i] = (slopes[i] - loss(s)) / (2 * h);
        values[i] = middle;
    }
    return slopes;
}

static void expect_slopes(setup *s, double *values, const double *gradient, size_t n,
                          const char *what)
{
    double *slopes = differences(s, values, n), error;
    error = fixture_relative_error(gradient, slopes, n);
    ck_assert_msg(error < 1e-7, "%s %s %s: relative error %g", s->t.o->encoder.activation->name,
                  s->t.o->likelihood->name, what, error);
    free(slopes);
}

START_TEST(gradients_are_the_slopes_of_the_loss)
{
    setup s;
    double *input_gradient, *gradient;
    const char *activation = vae_kind("activation", (size_t)_i);

    for (size_t k = 0; vae_kind("likelihood", k) != NULL; k++) {
        set_up(&s, activation, vae_kind("likelihood", k));
        for (size_t t = 0; t < vae_model_tensor_count(s.f.model); t++) {
            const char *name;
            size_t n = fixture_tensor_size(s.f.model, t);
            MUST(vae_model_tensor(s.f.model, t, &name, NULL, NULL, NULL, NULL));
            loss(&s);
            gradient = fixture_doubles(n);
            memcpy(gradient, oracle_gradient(s.t.o, name), n * sizeof *gradient);
            expect_slopes(&s, oracle_values(s.t.o, name), gradient, n, name);
            free(gradient);
        }
        input_gradient = fixture_doubles(small.rows * small.input);
        oracle_elbo(s.t.o, &s.t.batch, NULL, NULL, input_gradient);
        expect_slopes(&s, s.t.x, input_gradient, small.rows * small.input, "input");
        free(input_gradient);
        tear_down(&s);
    }
}
END_TEST

START_TEST(sum_is_rows_times_mean_and_terms_are_means_of_rows)
{
    setup s;
    double reconstruction[3], kl[3], mean;
    oracle_terms terms;

    set_up(&s, "tanh", "gaussian_diag");
    terms = oracle_elbo(s.t.o, &s.t.batch, reconstruction, kl, NULL);
    mean = oracle_gradient(s.t.o, "encoder.0.weight")[0];
    ck_assert_double_eq_tol(terms.kl, (kl[0] + kl[1] + kl[2]) / 3, 1e-14);
    ck_assert_double_eq_tol(terms.loss, terms.reconstruction + small.beta * terms.kl, 1e-14);
    ck_assert_double_eq_tol(terms.reconstruction,
                            (reconstruction[0] + reconstruction[1] + reconstruction[2]) / 3, 1e-14);
    s.t.batch.sum = 1;
    ck_assert_double_eq_tol(oracle_elbo(s.t.o, &s.t.batch, NULL, NULL, NULL).loss, terms.loss,
                            1e-14);
    ck_assert_double_eq_tol(oracle_gradient(s.t.o, "encoder.0.weight")[0], 3 * mean, 1e-14);
    tear_down(&s);
}
END_TEST

/* Integrating exp(-nll) over x gives 1: the constants are all there. */
START_TEST(densities_integrate_to_one)
{
    static const char *const names[] = {"gaussian", "gaussian_diag"};
    const oracle_likelihood *p = oracle_find_likelihood(names[_i]);
    double parameters[2] = {0.4, -0.9}, d[2], total = 0, mean = 0, square = 0, m, v;

    for (int i = -4000; i <= 4000; i++) {
        double x = 0.4 + i * 0.0025, density = exp(-p->nll(x, parameters, 0.8, d)) * 0.0025;
        total += density;
        mean += x * density;
        square += x * x * density;
    }
    p->moments(parameters, 0.8, &m, &v);
    ck_assert_double_eq_tol(total, 1, 1e-9);
    ck_assert_double_eq_tol(mean, m, 1e-9);
    ck_assert_double_eq_tol(square - mean * mean, v, 1e-9);
}
END_TEST

START_TEST(bernoulli_probabilities_add_up_to_one)
{
    const oracle_likelihood *p = oracle_find_likelihood("bernoulli");
    double logit = -1.3, d, mean, variance, one = exp(-p->nll(1, &logit, 0, &d));

    p->moments(&logit, 0, &mean, &variance);
    ck_assert_double_eq_tol(one + exp(-p->nll(0, &logit, 0, &d)), 1, 1e-14);
    ck_assert_double_eq_tol(one, mean, 1e-14);
    ck_assert_double_eq_tol(variance, one * (1 - one), 1e-14);
}
END_TEST

START_TEST(clamps_pass_only_what_points_back_in)
{
    static const struct {
        double raw, g, passes;
    } rows[] = {{3, -1, 0}, {3, 1, 1},    {2, -1, 0},  {2, 1, 1},    {-3, 1, 0}, {-3, -1, 1},
                {-2, 1, 0}, {1.9, -1, 1}, {1.9, 1, 1}, {-1.9, 1, 1}, {0, -1, 1}, {-2, -1, 1}};
    oracle_range range = {-2, 2};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(oracle_clamp_gradient(range, rows[i].raw, rows[i].g) ==
                          rows[i].passes * rows[i].g,
                      "raw %g, gradient %g", rows[i].raw, rows[i].g);
    ck_assert_double_eq(oracle_clamp(range, 5), 2);
    ck_assert_double_eq(oracle_clamp(range, -5), -2);
    ck_assert_double_eq(oracle_clamp(range, 0.5), 0.5);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, gradients_are_the_slopes_of_the_loss, 0,
                        fixture_kind_count("activation"));
    tcase_add_test(tests, sum_is_rows_times_mean_and_terms_are_means_of_rows);
    tcase_add_loop_test(tests, densities_integrate_to_one, 0, 2);
    tcase_add_test(tests, bernoulli_probabilities_add_up_to_one);
    tcase_add_test(tests, clamps_pass_only_what_points_back_in);
}

int main(void)
{
    return check_run("oracle", add);
}
