/* SPDX-License-Identifier: MIT */
/* What a likelihood says of x: means, draws, reports, biases, probabilities. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/fpstate.h"
#include "support/likelihood_rows.h"

static vae__fpstate saved;

static void set_up(void)
{
    saved = vae__fp_enter();
}

static void tear_down(void)
{
    vae__fp_leave(saved);
}

START_TEST(reports_are_clamped_in_place)
{
    for (size_t kind = 0; vae__likelihoods.table[kind]; kind++) {
        likelihood_rows t, before;
        likelihood_rows_new(&t, kind, 7);
        likelihood_rows_new(&before, kind, 7);
        ck_assert_int_eq(t.kind->report != NULL, t.oracle->logvar_min != NULL);
        if (t.kind->report) {
            t.args[0] = t.range.min = -1;
            t.args[1] = t.range.max = 2;
            t.kind->report(ROWS, 7, t.p.data, t.ldp, t.args);
            for (size_t r = 0; r < ROWS; r++)
                for (size_t j = 0; j < 14; j++) {
                    double was = (double)before.p.data[r * t.ldp + j];
                    ck_assert_double_eq((double)t.p.data[r * t.ldp + j],
                                        j < 7 ? was : oracle_clamp(t.range, was));
                }
            guard_check(&t.p, t.columns, t.ldp, "p");
        }
        likelihood_rows_free(&t);
        likelihood_rows_free(&before);
    }
}
END_TEST

static void check_mean(size_t kind, size_t dim, size_t level)
{
    likelihood_rows t;
    guard out;
    size_t ld = dim + 5;
    double mean, variance;

    likelihood_rows_new(&t, kind, dim);
    out = guard_new(ROWS * ld);
    t.kind->mean[level](ROWS, dim, t.p.data, t.ldp, t.args, out.data, ld);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j < dim; j++) {
            double p[2] = {(double)t.p.data[r * t.ldp + j], 0};
            t.oracle->moments(p, t.option, &mean, &variance);
            ck_assert_double_eq_tol((double)out.data[r * ld + j], mean, 3e-7 * fabs(mean));
        }
    guard_check(&out, dim, ld, "the mean's neighbours");
    guard_check(&t.p, t.columns, t.ldp, "p");
    guard_free(&out);
    likelihood_rows_free(&t);
}

START_TEST(mean_is_the_oracles){EVERY((size_t)_i, check_mean(kind, dim, (size_t)_i))} END_TEST

    /* Every row the same parameters; many draws have the oracle's mean and variance. */
    static void check_draws(size_t kind, size_t level)
{
    enum { N = 20000, DIM = 7 };
    likelihood_rows t;
    guard noise, out;
    double mean, variance;

    likelihood_rows_new(&t, kind, DIM);
    noise = guard_new((size_t)N * DIM);
    out = guard_new((size_t)N * (DIM + 1));
    (t.kind->normal_noise ? (void)fixture_normal(noise.data, (size_t)N * DIM, 3)
                          : (void)fixture_uniform(noise.data, (size_t)N * DIM, 0, 1, 3));
    t.kind->draw[level](N, DIM, t.p.data, 0, t.args, noise.data, DIM, out.data, DIM + 1);
    guard_check(&out, DIM, DIM + 1, "the draw's neighbours");
    for (size_t j = 0; j < DIM; j++) {
        double p[2] = {(double)t.p.data[j], (double)t.p.data[DIM + j]}, sum = 0, squares = 0;
        t.oracle->moments(p, t.option, &mean, &variance);
        for (size_t r = 0; r < N; r++) {
            double x = (double)out.data[r * (DIM + 1) + j];
            sum += x;
            squares += (x - mean) * (x - mean);
            if (!t.kind->normal_noise && x != 0 && x != 1) ck_abort_msg("drew %g", x);
        }
        /* five standard errors */
        ck_assert_double_eq_tol(sum / N, mean, 5 * sqrt(variance / N));
        ck_assert_double_eq_tol(squares / N, variance, 5 * sqrt(2.0 / N) * fmax(variance, 0.1));
    }
    guard_free(&noise);
    guard_free(&out);
    likelihood_rows_free(&t);
}

START_TEST(draws_have_the_oracles_moments)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t kind = 0; vae__likelihoods.table[kind]; kind++) check_draws(kind, (size_t)_i);
}
END_TEST

static void check_draw(size_t kind, size_t dim, size_t level)
{
    likelihood_rows t;
    guard noise, out;
    size_t ld = dim + 2;

    likelihood_rows_new(&t, kind, dim);
    noise = guard_new(ROWS * ld);
    out = guard_new(ROWS * ld);
    likelihood_fill(&noise, dim, ld, 0, 1, 9);
    t.kind->draw[level](ROWS, dim, t.p.data, t.ldp, t.args, noise.data, ld, out.data, ld);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j < dim; j++) {
            double p[2] = {(double)t.p.data[r * t.ldp + j], 0}, mean, variance, expected;
            double u = (double)noise.data[r * ld + j];
            if (t.kind->parameters == 2) p[1] = (double)t.p.data[r * t.ldp + dim + j];
            t.oracle->moments(p, t.option, &mean, &variance);
            if (!t.kind->normal_noise && fabs(u - mean) < 1e-6) continue;
            expected = t.kind->normal_noise ? mean + sqrt(variance) * u : u < mean;
            ck_assert_double_eq_tol((double)out.data[r * ld + j], expected,
                                    1e-6 * (fabs(mean) + sqrt(variance)));
        }
    guard_check(&out, dim, ld, "the draw's neighbours");
    guard_free(&noise);
    guard_free(&out);
    likelihood_rows_free(&t);
}

START_TEST(draw_is_made_from_its_noise){
    EVERY((size_t)_i, check_draw(kind, dim, (size_t)_i))} END_TEST

    /* A layer that answers its bias alone gives the mean it was made from. */
    START_TEST(bias_gives_the_mean_back)
{
    for (size_t kind = 0; vae__likelihoods.table[kind]; kind++) {
        const struct vae__likelihood *k = vae__likelihoods.table[kind];
        static const double means[] = {0.3, 0.002, 0.99};
        const double args[VAE__MAX_ARGS] = {1, 1};
        for (size_t i = 0; i < 3; i++) {
            float p[16] = {(float)k->bias_from_mean(means[i])}, out;
            k->mean[0](1, 1, p, 16, args, &out, 1);
            ck_assert_double_eq_tol((double)out, means[i], 1e-6);
        }
    }
}
END_TEST

START_TEST(bernoulli_bias_stays_finite)
{
    const struct vae__likelihood *kind =
        (const void *)vae__family_find(&vae__likelihoods, "bernoulli");
    ck_assert_double_eq_tol(kind->bias_from_mean(0), log(0.001 / 0.999), 1e-12);
    ck_assert_double_eq_tol(kind->bias_from_mean(1), log(0.999 / 0.001), 1e-12);
}
END_TEST

/* exp(-nll) sums or integrates to 1 over x: the constants are all there. */
START_TEST(probabilities_add_up_to_one)
{
    for (size_t kind = 0; vae__likelihoods.table[kind]; kind++) {
        const struct vae__likelihood *k = vae__likelihoods.table[kind];
        const double args[VAE__MAX_ARGS] = {k->parameters == 1 ? 0.8 : -10, 10};
        const double h = 0.005;
        float p[16] = {0.4f, -0.9f};
        double total = 0;
        for (int i = k->normal_noise ? -1600 : 0; i <= (k->normal_noise ? 1600 : 1); i++) {
            float x = k->normal_noise ? (float)(i * h) : (float)i;
            double cost = 0;
            k->nll[0](1, 1, p, 16, &x, 1, args, &cost);
            total += exp(-cost) * (k->normal_noise ? h : 1);
        }
        ck_assert_msg(fabs(total - 1) < 1e-6, "%s: %.9g", k->kind.name, total);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, mean_is_the_oracles, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, draw_is_made_from_its_noise, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, draws_have_the_oracles_moments, 0, VAE__LEVEL_COUNT);
    tcase_add_test(tests, reports_are_clamped_in_place);
    tcase_add_test(tests, bias_gives_the_mean_back);
    tcase_add_test(tests, bernoulli_bias_stays_finite);
    tcase_add_test(tests, probabilities_add_up_to_one);
}

int main(void)
{
    return check_run("likelihood_moments", add);
}
