/* SPDX-License-Identifier: MIT */
/* Draws have the moments of what they are drawn from, within five standard errors. */
#include <math.h>

#include "support/check_main.h"
#include "support/truth.h"

#define DRAWS 40000

/* Sums over draws of powers of (x - center). */
typedef struct powers {
    double one, two, three, four;
} powers;

static powers powers_of(const float *values, size_t stride, double center)
{
    powers p = {0, 0, 0, 0};
    for (size_t r = 0; r < DRAWS; r++) {
        double d = (double)values[r * stride] - center;
        p.one += d / DRAWS;
        p.two += d * d / DRAWS;
        p.three += d * d * d / DRAWS;
        p.four += d * d * d * d / DRAWS;
    }
    return p;
}

/* Mean and variance; standard errors from the fourth moment that was drawn. */
static void expect_moments(const powers *p, double variance, const char *what)
{
    double mean_error = sqrt(variance / DRAWS);
    double variance_error = sqrt((p->four - p->two * p->two) / DRAWS);

    ck_assert_msg(fabs(p->one) <= 5 * mean_error + 1e-6, "%s: mean off by %g, standard error %g",
                  what, p->one, mean_error);
    ck_assert_msg(fabs(p->two - variance) <= 5 * variance_error + 1e-6 * variance,
                  "%s: variance %g instead of %g, standard error %g", what, p->two, variance,
                  variance_error);
}

/* Third and fourth: of a normal distribution 0 and 3 variance^2, with variances 15 and 96. */
static void expect_normal(const powers *p, double variance, const char *what)
{
    double sigma = sqrt(variance);
    expect_moments(p, variance, what);
    ck_assert_msg(fabs(p->three) <= 5 * sqrt(15.0 / DRAWS) * sigma * variance, "%s: skew %g", what,
                  p->three);
    ck_assert_msg(fabs(p->four - 3 * variance * variance) <=
                      5 * sqrt(96.0 / DRAWS) * variance * variance,
                  "%s: fourth moment %g", what, p->four);
}

/* Every row has the same z; each output number is a distribution of its own. */
START_TEST(decode_sample_has_the_likelihoods_moments)
{
    fixture_case c = {.input = 9,
                      .latent = 3,
                      .encoder = "4",
                      .decoder = "8",
                      .activation = "tanh",
                      .likelihood = vae_kind("likelihood", (size_t)_i),
                      .rows = 1};
    float z[3] = {0.4f, -1.1f, 0.2f}, *latent = fixture_floats(DRAWS * 3);
    float *x = fixture_floats(DRAWS * 9);
    double wide[3] = {(double)z[0], (double)z[1], (double)z[2]}, parameters[18], mean[9];
    vae_workspace *workspace;
    fixture f;
    truth t;

    fixture_new(&f, &c, NULL);
    truth_new(&t, &f, &c);
    oracle_decode(t.o, wide, NULL, parameters, mean);
    for (size_t r = 0; r < DRAWS; r++) memcpy(latent + r * 3, z, sizeof z);
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_latent(f.batch, latent, DRAWS, 0));
    MUST(vae_batch_set_noise(f.batch, 9, 1));
    MUST(vae_workspace_new(&workspace, f.model, "inference", 512, 1, 2));
    MUST(vae_decode_sample(workspace, f.model, f.batch, x, 0));
    for (size_t i = 0; i < 9; i++) {
        double own[2] = {parameters[i], t.o->parameters > 1 ? parameters[9 + i] : 0}, m, variance;
        powers p = powers_of(x + i, 9, mean[i]);
        t.o->likelihood->moments(own, t.o->likelihood_option, &m, &variance);
        expect_moments(&p, variance, c.likelihood);
    }
    vae_workspace_free(workspace);
    truth_free(&t);
    fixture_free(&f);
    free(latent);
    free(x);
}
END_TEST

START_TEST(bernoulli_draws_are_zeros_and_ones)
{
    fixture_case c = {.input = 9, .latent = 3, .decoder = "8", .rows = 300};
    float *latent = fixture_floats(900), *x = fixture_floats(2700);
    vae_workspace *workspace;
    fixture f;

    fixture_new(&f, &c, NULL);
    fixture_normal(latent, 900, 3);
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_latent(f.batch, latent, 300, 0));
    MUST(vae_workspace_new(&workspace, f.model, "inference", 64, 1, 1));
    MUST(vae_decode_sample(workspace, f.model, f.batch, x, 0));
    for (size_t i = 0; i < 2700; i++) ck_assert(x[i] == 0.0f || x[i] == 1.0f);
    vae_workspace_free(workspace);
    fixture_free(&f);
    free(latent);
    free(x);
}
END_TEST

static float *prior_draws(uint64_t seed, uint64_t step, double temperature)
{
    fixture_case c = {.input = 2, .latent = 5, .rows = 1};
    float *z = fixture_floats(DRAWS * 6);
    vae_workspace *workspace;
    fixture f;

    fixture_new(&f, &c, NULL);
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_noise(f.batch, seed, step));
    MUST(vae_workspace_new(&workspace, f.model, "inference", 1000, 1, 2));
    MUST(vae_sample_prior(workspace, f.model, f.batch, DRAWS, temperature, z, 6));
    vae_workspace_free(workspace);
    fixture_free(&f);
    return z;
}

START_TEST(sample_prior_is_normal_with_the_temperature_as_deviation)
{
    static const double temperatures[] = {1, 0.5, 3};
    double variance = temperatures[_i] * temperatures[_i];
    float *z = prior_draws(1, 0, temperatures[_i]);

    for (size_t j = 0; j < 5; j++) {
        powers p = powers_of(z + j, 6, 0);
        expect_normal(&p, variance, "prior");
    }
    for (size_t r = 0; r < DRAWS; r++) ck_assert_float_eq(z[r * 6 + 5], 0); /* the gap */
    free(z);
}
END_TEST

START_TEST(temperature_scales_the_same_draws)
{
    float *one = prior_draws(1, 0, 1), *two = prior_draws(1, 0, 2), *zero = prior_draws(1, 0, 0);

    for (size_t i = 0; i < DRAWS * 6; i++) {
        ck_assert_float_eq(two[i], 2 * one[i]);
        ck_assert_float_eq(zero[i], 0);
    }
    free(one);
    free(two);
    free(zero);
}
END_TEST

/* Correlations of n draws have standard error 1 / sqrt(n). */
static double correlation(const float *a, const float *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)a[i * 6] * (double)b[i * 6] / (double)n;
    return sum;
}

START_TEST(dimensions_rows_seeds_and_steps_are_independent)
{
    float *z = prior_draws(1, 0, 1), *seed = prior_draws(2, 0, 1), *step = prior_draws(1, 1, 1);
    double limit = 5 / sqrt(DRAWS - 1.0);

    for (size_t j = 0; j < 5; j++) {
        ck_assert_double_le(fabs(correlation(z + j, z + (j + 1) % 5, DRAWS)), limit);
        ck_assert_double_le(fabs(correlation(z + j, z + j + 6, DRAWS - 1)), limit);
        ck_assert_double_le(fabs(correlation(z + j, seed + j, DRAWS)), limit);
        ck_assert_double_le(fabs(correlation(z + j, step + j, DRAWS)), limit);
    }
    free(z);
    free(seed);
    free(step);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, decode_sample_has_the_likelihoods_moments, 0,
                        fixture_kind_count("likelihood"));
    tcase_add_test(tests, bernoulli_draws_are_zeros_and_ones);
    tcase_add_loop_test(tests, sample_prior_is_normal_with_the_temperature_as_deviation, 0, 3);
    tcase_add_test(tests, temperature_scales_the_same_draws);
    tcase_add_test(tests, dimensions_rows_seeds_and_steps_are_independent);
}

int main(void)
{
    return check_run("moments", add);
}
