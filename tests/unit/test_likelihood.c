/* SPDX-License-Identifier: MIT */
/* Every likelihood's cost and gradient at every level, on rows of awkward lengths, against the
 * oracle. */
#include <math.h>

#include "math/block.h"
#include "support/check_main.h"
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

static void nll(const likelihood_rows *t, size_t level, double out[ROWS])
{
    for (size_t r = 0; r < ROWS; r++) out[r] = 0;
    t->kind->nll[level](ROWS, t->dim, t->p.data, t->ldp, t->x.data, t->ldx, t->args, out);
}

static uint32_t gradient(likelihood_rows *t, size_t level, float scale, double out[ROWS])
{
    for (size_t r = 0; r < ROWS; r++) out[r] = 0;
    return t->kind->gradient[level](ROWS, t->dim, t->p.data, t->ldp, t->x.data, t->ldx, t->args,
                                    scale, out);
}

static void check_nll(size_t kind, size_t dim, size_t level)
{
    likelihood_rows t;
    double out[ROWS], d[2];

    likelihood_rows_new(&t, kind, dim);
    for (size_t r = 0; r < ROWS; r++) out[r] = 5; /* it is added to what is there */
    t.kind->nll[level](ROWS, dim, t.p.data, t.ldp, t.x.data, t.ldx, t.args, out);
    for (size_t r = 0; r < ROWS; r++) {
        double sum = 5, size = 5;
        for (size_t j = 0; j < dim; j++) {
            double cost = likelihood_truth(&t, r, j, d);
            sum += cost;
            size += fabs(cost) + 1;
        }
        ck_assert_msg(fabs(out[r] - sum) <= 5e-7 * size, "%s, dim %zu: %.9g, not %.9g",
                      t.kind->kind.name, dim, out[r], sum);
    }
    guard_check(&t.p, t.columns, t.ldp, "p");
    likelihood_rows_free(&t);
}

static void check_gradient(size_t kind, size_t dim, size_t level, float scale)
{
    likelihood_rows t, before;
    double out[ROWS], plain[ROWS], d[2] = {0, 0};
    uint32_t magnitude, largest = 0;

    likelihood_rows_new(&t, kind, dim);
    likelihood_rows_new(&before, kind, dim);
    nll(&t, level, plain);
    magnitude = gradient(&t, level, scale, out);
    for (size_t r = 0; r < ROWS; r++) {
        const float *g = t.p.data + r * t.ldp;
        ck_assert_double_eq(out[r], plain[r]);
        for (size_t j = 0; j < dim; j++) {
            likelihood_truth(&before, r, j, d);
            for (size_t k = 0; k < t.kind->parameters; k++) {
                double expected = (double)scale * d[k], got = (double)g[k * dim + j];
                ck_assert_msg(fabs(got - expected) <= 1e-6 * (fabs(expected) + (double)scale),
                              "%s, dim %zu, number %zu, parameter %zu: %.9g, not %.9g",
                              t.kind->kind.name, dim, j, k, got, expected);
            }
        }
        for (size_t j = 0; j < t.columns; j++)
            if ((guard_bits(g[j]) & INT32_MAX) > largest) largest = guard_bits(g[j]) & INT32_MAX;
        for (size_t j = t.columns; j < t.ldp; j++) ck_assert_uint_eq(guard_bits(g[j]), 0);
    }
    ck_assert_uint_eq(magnitude, largest);
    guard_check(&t.p, 0, 0, "p's margin");
    likelihood_rows_free(&t);
    likelihood_rows_free(&before);
}

START_TEST(nll_is_the_oracles){EVERY((size_t)_i, check_nll(kind, dim, (size_t)_i))} END_TEST

    START_TEST(gradient_is_the_oracles_and_pads_with_zero)
{
    EVERY((size_t)_i, check_gradient(kind, dim, (size_t)_i, 1.0f);
          check_gradient(kind, dim, (size_t)_i, 1.0f / 128))
}
END_TEST

/* Central differences of the kernel's own cost, one number at a time. */
static void check_slopes(size_t kind, size_t level)
{
    const size_t dim = 7;
    const float h = 0x1p-6f;
    likelihood_rows t, slopes;
    double above[ROWS], below[ROWS];

    likelihood_rows_new(&t, kind, dim);
    likelihood_rows_new(&slopes, kind, dim);
    gradient(&slopes, level, 1.0f, above);
    for (size_t j = 0; j < t.columns; j++) {
        float middle = t.p.data[t.ldp + j];
        double expected, got = (double)slopes.p.data[t.ldp + j];
        t.p.data[t.ldp + j] = middle + h;
        nll(&t, level, above);
        t.p.data[t.ldp + j] = middle - h;
        nll(&t, level, below);
        t.p.data[t.ldp + j] = middle;
        expected = (above[1] - below[1]) / (2 * (double)h);
        ck_assert_msg(fabs(got - expected) <= 2e-3 * (1 + fabs(expected)), "%s, column %zu: %g, %g",
                      t.kind->kind.name, j, got, expected);
    }
    likelihood_rows_free(&t);
    likelihood_rows_free(&slopes);
}

START_TEST(gradient_is_the_slope_of_nll)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t kind = 0; vae__likelihoods.table[kind]; kind++) check_slopes(kind, (size_t)_i);
}
END_TEST

/* One NaN, in the parameters or the data, shows in its own row's cost and in the magnitude. */
static void check_nan(size_t kind, size_t dim, size_t level)
{
    for (size_t place = 0; place < 2; place++)
        for (size_t step = 0; step < 2; step++) {
            likelihood_rows t;
            double out[ROWS];
            float *row;
            size_t column;

            likelihood_rows_new(&t, kind, dim);
            row = place ? t.x.data + t.ldx : t.p.data + t.ldp;
            column = step ? (place ? dim : t.columns) - 1 : 0;
            row[column] = NAN;
            nll(&t, level, out);
            ck_assert_msg(isnan(out[1]), "%s, dim %zu", t.kind->kind.name, dim);
            ck_assert_msg(isfinite(out[0]) && isfinite(out[2]), "%s", t.kind->kind.name);
            ck_assert_uint_gt(gradient(&t, level, 1.0f, out), VAE__MAGNITUDE_INFINITE);
            ck_assert_msg(isnan(out[1]), "%s, dim %zu", t.kind->kind.name, dim);
            ck_assert_msg(isfinite(out[0]) && isfinite(out[2]), "%s", t.kind->kind.name);
            likelihood_rows_free(&t);
        }
}

START_TEST(nan_comes_through){EVERY((size_t)_i, check_nan(kind, dim, (size_t)_i))} END_TEST

    START_TEST(bernoulli_is_exact_for_any_logit)
{
    static const float logits[] = {0.0f,   -0.0f, 1e4f,   -1e4f, 100.0f, -100.0f, 20.0f,
                                   -20.0f, 88.0f, -88.0f, 1e-8f, -1e-8f, 3e38f,   -3e38f};
    const struct vae__likelihood *kind =
        (const void *)vae__family_find(&vae__likelihoods, "bernoulli");
    size_t level = (size_t)_i;

    if (!vae__level_supported(level)) return;
    for (size_t i = 0; i < sizeof logits / sizeof *logits; i++)
        for (int k = 0; k <= 2; k++) {
            float x = (float)k / 2, p[16] = {logits[i]};
            double out = 0, l = (double)p[0], e = exp(-fabs(l)), part = (l >= 0) - (double)x;
            double cost = part * l + log1p(e), grey = k == 1 ? (double)x : 0;
            double slope = part + (l < 0 ? e : -e) / (1 + e);
            uint32_t magnitude = kind->gradient[level](1, 1, p, 16, &x, 1, NULL, 1.0f, &out);
            ck_assert_msg(fabs(out - cost) <= 4e-7 * cost + 1e-37, "logit %g, x %g: %.9g, not %.9g",
                          l, (double)x, out, cost);
            ck_assert_msg(fabs((double)p[0] - slope) <= 4e-7 * (fabs(slope) + grey) + 1e-37,
                          "logit %g, x %g: slope %.9g, not %.9g", l, (double)x, (double)p[0],
                          slope);
            ck_assert_uint_eq(magnitude, guard_bits(fabsf(p[0])));
        }
}
END_TEST

/* At, beyond and within the limits; errors small and large, so that slopes have either sign. */
START_TEST(gaussian_diag_is_clamped_and_its_slope_leads_back)
{
    static const float raws[] = {-11, -10, -9.5f, 0, 9.5f, 10, 11, 1e30f, -1e30f};
    static const float errors[] = {0, 1e-4f, 1, 400};
    const size_t kind = 2, n = sizeof raws / sizeof *raws, m = sizeof errors / sizeof *errors;
    likelihood_rows t, before;
    double out[ROWS], d[2];

    if (!vae__level_supported((size_t)_i)) return;
    likelihood_rows_new(&t, kind, n * m);
    likelihood_rows_new(&before, kind, n * m);
    ck_assert_str_eq(t.kind->kind.name, "gaussian_diag");
    for (size_t j = 0; j < n * m; j++) {
        before.p.data[j] = t.p.data[j] = t.x.data[j] + errors[j % m];
        before.p.data[n * m + j] = t.p.data[n * m + j] = raws[j / m];
        before.x.data[j] = t.x.data[j];
    }
    gradient(&t, (size_t)_i, 1.0f, out);
    for (size_t j = 0; j < n * m; j++) {
        likelihood_truth(&before, 0, j, d);
        for (size_t k = 0; k < 2; k++)
            ck_assert_msg(fabs((double)t.p.data[k * n * m + j] - d[k]) <= 2e-6 * (fabs(d[k]) + 1),
                          "raw %g, error %g, parameter %zu: %g, not %g", (double)raws[j / m],
                          (double)errors[j % m], k, (double)t.p.data[k * n * m + j], d[k]);
        if (d[1] == 0) ck_assert_float_eq(t.p.data[n * m + j], 0);
    }
    likelihood_rows_free(&t);
    likelihood_rows_free(&before);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, nll_is_the_oracles, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, gradient_is_the_oracles_and_pads_with_zero, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, gradient_is_the_slope_of_nll, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, nan_comes_through, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, bernoulli_is_exact_for_any_logit, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, gaussian_diag_is_clamped_and_its_slope_leads_back, 0,
                        VAE__LEVEL_COUNT);
}

int main(void)
{
    return check_run("likelihood", add);
}
