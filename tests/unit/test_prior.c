/* SPDX-License-Identifier: MIT */
/* Every prior's kernels at every level, against the formulas in double. */
#include "distribution/prior.h"

#include <math.h>

#include "distribution/posterior.h"
#include "support/check_main.h"
#include "support/fpstate.h"
#include "support/heads.h"

static vae__fpstate saved;

static void set_up(void)
{
    saved = vae__fp_enter();
}

static void tear_down(void)
{
    vae__fp_leave(saved);
}

static const struct vae__prior *standard_normal(void)
{
    const void *kind = vae__family_find(&vae__priors, "standard_normal");
    ck_assert_ptr_nonnull(kind);
    return kind;
}

/* Kingma and Welling 2013, appendix B, of one number. */
static double divergence(double mu, double logvar)
{
    return 0.5 * (mu * mu + exp(logvar) - logvar - 1);
}

static double kl(const heads *t, size_t level, size_t r)
{
    double out[HEADS_ROWS] = {0, 0, 0};
    standard_normal()->kl[level](HEADS_ROWS, t->dim, t->h.data, t->ld, t->args, out);
    return out[r];
}

static void check_kl(size_t dim, size_t level)
{
    heads t = heads_new(dim);
    double out[HEADS_ROWS] = {5, 5, 5}; /* it is added to what is there */

    standard_normal()->kl[level](HEADS_ROWS, dim, t.h.data, t.ld, t.args, out);
    for (size_t r = 0; r < HEADS_ROWS; r++) {
        double sum = 5;
        for (size_t j = 0; j < dim; j++)
            sum += divergence(heads_mu(&t, r, j), heads_logvar(&t, r, j));
        ck_assert_double_eq_tol(out[r], sum, 3e-7 * sum);
    }
    heads_free(&t);
}

START_TEST(kl_is_the_closed_form)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) check_kl(heads_dims[i], (size_t)_i);
}
END_TEST

START_TEST(kl_is_zero_at_the_prior_and_exact_beside_it)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (int k = 0; k < 24; k++) {
        heads t = heads_new(17);
        double lv = ldexp(k % 2 ? 1 : -1, -k), exact;
        for (size_t j = 0; j < 17; j++) {
            t.h.data[j] = 0;
            t.h.data[17 + j] = (float)lv;
        }
        /* The series where exp(lv) - lv - 1 cancels. */
        exact = fabs(lv) > 0.01 ? divergence(0, lv) : lv * lv / 4 * (1 + lv / 3 + lv * lv / 12);
        ck_assert_double_eq_tol(kl(&t, (size_t)_i, 0), 17 * exact, 17 * 1.2e-7 * fabs(lv));
        for (size_t j = 0; j < 17; j++) t.h.data[17 + j] = 0;
        ck_assert_double_eq(kl(&t, (size_t)_i, 0), 0);
        heads_free(&t);
    }
}
END_TEST

/* Limits that leave 0 out: what lies past the row's end is not a number of it. */
START_TEST(kl_is_of_the_row_alone)
{
    const double args[] = {0.5, 2};

    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) {
        heads t = heads_new(heads_dims[i]);
        double out[2] = {0, 0};
        guard dh = guard_new(t.ld);
        for (size_t j = 0; j < 2 * t.dim; j++) t.h.data[j] = j < t.dim ? 0 : 1;
        standard_normal()->kl[_i](1, t.dim, t.h.data, t.ld, args, out);
        standard_normal()->kl_gradient[_i](1, t.dim, t.h.data, t.ld, args, 1.0f, dh.data, t.ld,
                                           out + 1);
        ck_assert_double_eq_tol(out[0], (double)t.dim * divergence(0, 1), 1e-7 * (double)t.dim);
        ck_assert_double_eq(out[1], out[0]);
        guard_free(&dh);
        heads_free(&t);
    }
}
END_TEST

static void check_gradient(size_t dim, size_t level, float scale)
{
    const double h = 1e-5;
    heads t = heads_new(dim);
    guard dh = guard_new(HEADS_ROWS * t.ld);
    double out[HEADS_ROWS] = {0, 0, 0};

    standard_normal()->kl_gradient[level](HEADS_ROWS, dim, t.h.data, t.ld, t.args, scale, dh.data,
                                          t.ld, out);
    for (size_t r = 0; r < HEADS_ROWS; r++) {
        const float *d = dh.data + r * t.ld;
        ck_assert_double_eq(out[r], kl(&t, level, r));
        for (size_t j = 0; j < dim; j++) {
            double mu = heads_mu(&t, r, j), lv = heads_logvar(&t, r, j), s = (double)scale;
            double slope = s * (divergence(mu, lv + h) - divergence(mu, lv - h)) / (2 * h);
            ck_assert_double_eq_tol((double)d[j], s * mu, 1e-7 * fabs(s * mu));
            ck_assert_double_eq_tol((double)d[dim + j], slope, 5e-7 * (fabs(slope) + s * 1e-3));
        }
        for (size_t j = 2 * dim; j < t.ld; j++) ck_assert_uint_eq(guard_bits(d[j]), 0);
    }
    guard_check(&dh, 0, 0, "dh's margin");
    guard_free(&dh);
    heads_free(&t);
}

START_TEST(gradient_is_the_slope_of_kl_and_pads_with_zero)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) {
        check_gradient(heads_dims[i], (size_t)_i, 1.0f);
        check_gradient(heads_dims[i], (size_t)_i, 0.3f);
    }
}
END_TEST

static void check_nan(size_t dim, size_t level)
{
    for (size_t place = 0; place < 4; place++) {
        heads t = heads_new(dim);
        guard dh = guard_new(HEADS_ROWS * t.ld);
        double out[HEADS_ROWS] = {0, 0, 0};
        size_t column = place % 2 * dim + (place / 2 ? dim - 1 : 0);
        t.h.data[t.ld + column] = NAN;
        standard_normal()->kl_gradient[level](HEADS_ROWS, dim, t.h.data, t.ld, t.args, 1.0f,
                                              dh.data, t.ld, out);
        ck_assert_msg(isnan(out[1]) && isfinite(out[0]) && isfinite(out[2]), "dim %zu", dim);
        ck_assert_msg(isnan(kl(&t, level, 1)) && isfinite(kl(&t, level, 0)), "dim %zu", dim);
        ck_assert_msg(isnan(dh.data[t.ld + column]), "dim %zu", dim);
        guard_free(&dh);
        heads_free(&t);
    }
}

START_TEST(nan_comes_through)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) check_nan(heads_dims[i], (size_t)_i);
}
END_TEST

/* The mean of log q(z|x) - log p(z) over draws of the posterior is the closed form. */
START_TEST(kl_is_what_sampling_finds)
{
    enum { N = 50000, DIM = 5 };
    const struct vae__posterior *q = vae__posteriors.table[0];
    double sum = 0, squares = 0, mean;

    if (!vae__level_supported((size_t)_i)) return;
    heads t = heads_new(DIM);
    guard eps = guard_new((size_t)N * DIM), z = guard_new((size_t)N * DIM);
    fixture_normal(eps.data, (size_t)N * DIM, 3);
    q->reparameterize[_i](N, DIM, t.h.data, 0, t.args, eps.data, DIM, z.data, DIM);
    for (size_t r = 0; r < N; r++) {
        double ratio = 0;
        for (size_t j = 0; j < DIM; j++) {
            double lv = heads_logvar(&t, 0, j), v = (double)z.data[r * DIM + j];
            double u = v - heads_mu(&t, 0, j);
            ratio += 0.5 * (v * v - lv - u * u * exp(-lv));
        }
        sum += ratio;
        squares += ratio * ratio;
    }
    mean = sum / N;
    /* five standard errors */
    ck_assert_double_eq_tol(mean, kl(&t, (size_t)_i, 0), 5 * sqrt((squares / N - mean * mean) / N));
    guard_free(&eps);
    guard_free(&z);
    heads_free(&t);
}
END_TEST

START_TEST(draws_are_scaled_by_temperature)
{
    heads t = heads_new(7);
    float before[7];

    memcpy(before, t.h.data + t.ld, sizeof before);
    standard_normal()->draw(HEADS_ROWS, 7, 0.5f, t.h.data, t.ld);
    for (size_t j = 0; j < 7; j++) ck_assert_float_eq(t.h.data[t.ld + j], 0.5f * before[j]);
    ck_assert_float_eq(t.h.data[7], (float)HEADS_MIN); /* what lies beside z */
    standard_normal()->draw(HEADS_ROWS, 7, 0.0f, t.h.data, t.ld);
    for (size_t j = 0; j < 7; j++) ck_assert_float_eq(t.h.data[t.ld + j], 0.0f);
    heads_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, kl_is_the_closed_form, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, kl_is_zero_at_the_prior_and_exact_beside_it, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, kl_is_of_the_row_alone, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, gradient_is_the_slope_of_kl_and_pads_with_zero, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, nan_comes_through, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, kl_is_what_sampling_finds, 0, VAE__LEVEL_COUNT);
    tcase_add_test(tests, draws_are_scaled_by_temperature);
}

int main(void)
{
    return check_run("prior", add);
}
