/* SPDX-License-Identifier: MIT */
/* Every posterior's kernels at every level, against the formulas in double. */
#include "distribution/posterior.h"

#include <math.h>

#include "math/block.h"
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

static const struct vae__posterior *gaussian_diag(void)
{
    const void *kind = vae__family_find(&vae__posteriors, "gaussian_diag");
    ck_assert_ptr_nonnull(kind);
    return kind;
}

/* Noise, or a gradient in z: rows of dim floats with gaps of 3. */
static guard small_rows(const heads *t, uint64_t seed)
{
    guard g = guard_new(HEADS_ROWS * (t->dim + 3));
    for (size_t r = 0; r < HEADS_ROWS; r++)
        fixture_normal(g.data + r * (t->dim + 3), t->dim, seed + r);
    return g;
}

static uint32_t magnitude_of(const float *v, size_t rows, size_t columns, size_t ld)
{
    uint32_t most = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++) {
            uint32_t bits = guard_bits(v[r * ld + j]) & INT32_MAX;
            if (bits > most) most = bits;
        }
    return most;
}

static void check_reparameterize(size_t dim, size_t level)
{
    heads t = heads_new(dim);
    guard eps = small_rows(&t, 5), z = guard_new(HEADS_ROWS * (dim + 2));
    uint32_t magnitude = gaussian_diag()->reparameterize[level](
        HEADS_ROWS, dim, t.h.data, t.ld, t.args, eps.data, dim + 3, z.data, dim + 2);

    for (size_t r = 0; r < HEADS_ROWS; r++)
        for (size_t j = 0; j < dim; j++) {
            double sigma = exp(0.5 * heads_logvar(&t, r, j)),
                   e = (double)eps.data[r * (dim + 3) + j];
            ck_assert_double_eq_tol((double)z.data[r * (dim + 2) + j],
                                    heads_mu(&t, r, j) + sigma * e,
                                    5e-7 * (fabs(heads_mu(&t, r, j)) + sigma * fabs(e)));
        }
    ck_assert_uint_eq(magnitude, magnitude_of(z.data, HEADS_ROWS, dim, dim + 2));
    guard_check(&z, dim, dim + 2, "z's neighbours");
    guard_free(&eps);
    guard_free(&z);
    heads_free(&t);
}

START_TEST(reparameterize_is_mu_plus_sigma_eps)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) check_reparameterize(heads_dims[i], (size_t)_i);
}
END_TEST

/* sum dz * z of one number, in double. */
static double weighed(double mu, double logvar, double eps, double dz)
{
    return dz * (mu + exp(0.5 * logvar) * eps);
}

static void check_gradient(size_t dim, size_t level)
{
    const double h = 1e-5;
    heads t = heads_new(dim);
    guard eps = small_rows(&t, 5), dz = small_rows(&t, 50), dh = guard_new(HEADS_ROWS * t.ld);

    for (size_t r = 0; r < HEADS_ROWS; r++)
        for (size_t j = 0; j < 2 * dim; j++) dh.data[r * t.ld + j] = 1; /* it is added */
    gaussian_diag()->gradient[level](HEADS_ROWS, dim, t.h.data, t.ld, t.args, eps.data, dim + 3,
                                     dz.data, dim + 3, dh.data, t.ld);
    for (size_t r = 0; r < HEADS_ROWS; r++)
        for (size_t j = 0; j < dim; j++) {
            double mu = heads_mu(&t, r, j), logvar = heads_logvar(&t, r, j);
            double e = (double)eps.data[r * (dim + 3) + j], d = (double)dz.data[r * (dim + 3) + j];
            double slope =
                (weighed(mu, logvar + h, e, d) - weighed(mu, logvar - h, e, d)) / (2 * h);
            ck_assert_double_eq_tol((double)dh.data[r * t.ld + j], 1 + d, 3e-7 * (1 + fabs(d)));
            ck_assert_double_eq_tol((double)dh.data[r * t.ld + dim + j], 1 + slope,
                                    5e-7 * (1 + fabs(slope)));
        }
    guard_check(&dh, 2 * dim, t.ld, "dh's neighbours");
    guard_free(&eps);
    guard_free(&dz);
    guard_free(&dh);
    heads_free(&t);
}

START_TEST(gradient_is_the_slope_of_reparameterize)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) check_gradient(heads_dims[i], (size_t)_i);
}
END_TEST

static void check_clamp_gradient(size_t dim, size_t level)
{
    const oracle_range range = {HEADS_MIN, HEADS_MAX};
    heads t = heads_new(dim);
    guard dh = guard_new(HEADS_ROWS * t.ld);
    float *before = fixture_floats(HEADS_ROWS * t.ld);
    uint32_t magnitude;

    for (size_t r = 0; r < HEADS_ROWS; r++)
        fixture_normal(dh.data + r * t.ld, 2 * dim, 7 * dim + r);
    memcpy(before, dh.data, HEADS_ROWS * t.ld * sizeof *before);
    magnitude = gaussian_diag()->clamp_gradient[level](HEADS_ROWS, dim, t.h.data, t.ld, t.args,
                                                       dh.data, t.ld);
    for (size_t r = 0; r < HEADS_ROWS; r++)
        for (size_t j = 0; j < 2 * dim; j++) {
            double was = (double)before[r * t.ld + j];
            double expected =
                j < dim ? was : oracle_clamp_gradient(range, heads_raw(&t, r, j - dim), was);
            ck_assert_double_eq((double)dh.data[r * t.ld + j], expected);
        }
    ck_assert_uint_eq(magnitude, magnitude_of(dh.data, HEADS_ROWS, 2 * dim, t.ld));
    guard_check(&dh, 2 * dim, t.ld, "dh's neighbours");
    guard_free(&dh);
    free(before);
    heads_free(&t);
}

START_TEST(clamped_slopes_only_lead_back_in)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) check_clamp_gradient(heads_dims[i], (size_t)_i);
}
END_TEST

/* Exactly at a limit, beyond it and within, with either sign: what passes. */
START_TEST(limits_count_as_outside)
{
    static const struct {
        float raw, g, passes;
    } rows[] = {{2, -1, 0},     {2, 1, 1},         {2.5f, -1, 0},    {2.5f, 1, 1},
                {1.99f, -1, 1}, {1.99f, 1, 1},     {-3, -1, 1},      {-3, 1, 0},
                {-4, -1, 1},    {-4, 1, 0},        {-2.99f, -1, 1},  {-2.99f, 1, 1},
                {0, -1, 1},     {INFINITY, -1, 0}, {-INFINITY, 1, 0}};
    const double args[] = {HEADS_MIN, HEADS_MAX};

    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        float h[16] = {0, rows[i].raw}, dh[16] = {0, rows[i].g};
        gaussian_diag()->clamp_gradient[_i](1, 1, h, 16, args, dh, 16);
        ck_assert_msg(dh[1] == rows[i].passes * rows[i].g, "raw %g, slope %g: %g",
                      (double)rows[i].raw, (double)rows[i].g, (double)dh[1]);
    }
}
END_TEST

START_TEST(moments_are_clamped_and_optional)
{
    heads t = heads_new(7);
    guard mu = guard_new(HEADS_ROWS * 9), logvar = guard_new(HEADS_ROWS * 8);

    gaussian_diag()->moments(HEADS_ROWS, 7, t.h.data, t.ld, t.args, NULL, 0, NULL, 0);
    gaussian_diag()->moments(HEADS_ROWS, 7, t.h.data, t.ld, t.args, mu.data, 9, NULL, 0);
    gaussian_diag()->moments(HEADS_ROWS, 7, t.h.data, t.ld, t.args, NULL, 0, logvar.data, 8);
    for (size_t r = 0; r < HEADS_ROWS; r++)
        for (size_t j = 0; j < 7; j++) {
            ck_assert_double_eq((double)mu.data[r * 9 + j], heads_mu(&t, r, j));
            ck_assert_double_eq((double)logvar.data[r * 8 + j], heads_logvar(&t, r, j));
        }
    guard_check(&mu, 7, 9, "mu's neighbours");
    guard_check(&logvar, 7, 8, "logvar's neighbours");
    guard_free(&mu);
    guard_free(&logvar);
    heads_free(&t);
}
END_TEST

/* A NaN in mu, logvar or the noise, in the first and the last place of a row. */
static void check_nan(size_t dim, size_t level)
{
    for (int place = 0; place < 6; place++) {
        heads t = heads_new(dim);
        guard eps = small_rows(&t, 5), z = guard_new(HEADS_ROWS * dim);
        size_t j = place % 2 ? dim - 1 : 0;
        float *row = place < 4 ? t.h.data + t.ld : eps.data + dim + 3;
        row[place / 2 == 1 ? dim + j : j] = NAN;
        ck_assert_uint_gt(gaussian_diag()->reparameterize[level](HEADS_ROWS, dim, t.h.data, t.ld,
                                                                 t.args, eps.data, dim + 3, z.data,
                                                                 dim),
                          VAE__MAGNITUDE_INFINITE);
        guard_free(&eps);
        guard_free(&z);
        heads_free(&t);
    }
}

static void check_nan_slope(size_t dim, size_t level)
{
    for (size_t place = 0; place < 2; place++) {
        heads t = heads_new(dim);
        guard dh = guard_new(HEADS_ROWS * t.ld);
        for (size_t r = 0; r < HEADS_ROWS; r++) fixture_normal(dh.data + r * t.ld, 2 * dim, r);
        /* place 1: the log-variance of row 1 that lies at its upper limit */
        dh.data[t.ld + place * dim] = NAN;
        ck_assert_uint_gt(gaussian_diag()->clamp_gradient[level](HEADS_ROWS, dim, t.h.data, t.ld,
                                                                 t.args, dh.data, t.ld),
                          VAE__MAGNITUDE_INFINITE);
        guard_free(&dh);
        heads_free(&t);
    }
}

START_TEST(nan_comes_through)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t i = 0; heads_dims[i]; i++) {
        check_nan(heads_dims[i], (size_t)_i);
        check_nan_slope(heads_dims[i], (size_t)_i);
    }
}
END_TEST

START_TEST(draws_have_the_posteriors_moments)
{
    enum { N = 20000, DIM = 7 };

    if (!vae__level_supported((size_t)_i)) return;
    heads t = heads_new(DIM);
    guard eps = guard_new((size_t)N * DIM), z = guard_new((size_t)N * DIM);
    fixture_normal(eps.data, (size_t)N * DIM, 3);
    gaussian_diag()->reparameterize[_i](N, DIM, t.h.data, 0, t.args, eps.data, DIM, z.data, DIM);
    for (size_t j = 0; j < DIM; j++) {
        double mu = heads_mu(&t, 0, j), variance = exp(heads_logvar(&t, 0, j)), sum = 0,
               squares = 0;
        for (size_t r = 0; r < N; r++) {
            double x = (double)z.data[r * DIM + j] - mu;
            sum += x;
            squares += x * x;
        }
        /* five standard errors */
        ck_assert_double_eq_tol(sum / N, 0, 5 * sqrt(variance / N));
        ck_assert_double_eq_tol(squares / N, variance, 5 * sqrt(2.0 / N) * variance);
    }
    guard_free(&eps);
    guard_free(&z);
    heads_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, reparameterize_is_mu_plus_sigma_eps, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, gradient_is_the_slope_of_reparameterize, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, clamped_slopes_only_lead_back_in, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, limits_count_as_outside, 0, VAE__LEVEL_COUNT);
    tcase_add_test(tests, moments_are_clamped_and_optional);
    tcase_add_loop_test(tests, nan_comes_through, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, draws_have_the_posteriors_moments, 0, VAE__LEVEL_COUNT);
}

int main(void)
{
    return check_run("posterior", add);
}
