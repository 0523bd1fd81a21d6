/* SPDX-License-Identifier: MIT */
/* Using a model: every call against the oracle, with more rows than the workspace holds. */
#include <math.h>

#include "support/check_main.h"
#include "support/truth.h"

#define TOLERANCE 1e-5
#define ROWS 70
#define STRIDE 100 /* wider than any row here */

static const fixture_case shape = {.input = 19,
                                   .latent = 5,
                                   .output = 23,
                                   .condition = 3,
                                   .encoder = "33,18",
                                   .decoder = "17,40",
                                   .activation = "gelu",
                                   .rows = ROWS,
                                   .samples = 1};

typedef struct setup {
    fixture f;
    truth t;
    vae_workspace *workspace;
    float *latent, *out;
} setup;

/* Index = kind of likelihood. The batch asks about the condition only; tests add what they need. */
static void set_up(setup *s, int index)
{
    fixture_case c = shape;

    c.likelihood = vae_kind("likelihood", (size_t)index);
    fixture_new(&s->f, &c, NULL);
    truth_new(&s->t, &s->f, &c);
    s->latent = fixture_floats(ROWS * c.latent);
    fixture_normal(s->latent, ROWS * c.latent, 8);
    s->out = fixture_floats(ROWS * STRIDE);
    MUST(vae_workspace_new(&s->workspace, s->f.model, "inference", 16, 1, 2));
    vae_batch_clear(s->f.batch);
    MUST(vae_batch_set_condition(s->f.batch, s->f.condition, ROWS, 0));
}

static void tear_down(setup *s)
{
    vae_workspace_free(s->workspace);
    truth_free(&s->t);
    fixture_free(&s->f);
    free(s->latent);
    free(s->out);
}

static void set_input(setup *s)
{
    MUST(vae_batch_set_input(s->f.batch, s->f.x, ROWS, 0));
}

static void set_latent(setup *s)
{
    MUST(vae_batch_set_latent(s->f.batch, s->latent, ROWS, 0));
}

static void expect_row(const float *row, const double *expected, size_t n, const char *what)
{
    double *wide = fixture_widen(row, n), error = fixture_relative_error(wide, expected, n);
    ck_assert_msg(error < TOLERANCE, "%s: relative error %g", what, error);
    free(wide);
}

START_TEST(encode_gives_mu_and_logvar)
{
    setup s;
    double mu[5], logvar[5];
    float *logvars = fixture_floats(ROWS * 7), *alone = fixture_floats(ROWS * 7);

    set_up(&s, 0);
    set_input(&s);
    MUST(vae_encode(s.workspace, s.f.model, s.f.batch, s.out, STRIDE, logvars, 7));
    for (size_t r = 0; r < ROWS; r++) {
        oracle_encode(s.t.o, s.t.x + r * 19, s.t.condition + r * 3, mu, logvar);
        expect_row(s.out + r * STRIDE, mu, 5, "mu");
        expect_row(logvars + r * 7, logvar, 5, "logvar");
    }
    MUST(vae_encode(s.workspace, s.f.model, s.f.batch, NULL, 1, alone, 7));
    ck_assert_mem_eq(alone, logvars, ROWS * 7 * sizeof *alone);
    MUST(vae_encode(s.workspace, s.f.model, s.f.batch, alone, 7, NULL, 1));
    ck_assert_mem_eq(alone, s.out, 5 * sizeof *alone);
    free(logvars);
    free(alone);
    tear_down(&s);
}
END_TEST

START_TEST(encode_sample_is_mu_plus_sigma_eps)
{
    setup s;
    double mu[5], logvar[5];

    set_up(&s, 0);
    set_input(&s);
    MUST(vae_encode_sample(s.workspace, s.f.model, s.f.batch, s.out, STRIDE));
    for (size_t r = 0; r < ROWS; r++) {
        oracle_encode(s.t.o, s.t.x + r * 19, s.t.condition + r * 3, mu, logvar);
        for (size_t j = 0; j < 5; j++) mu[j] += exp(logvar[j] / 2) * s.t.eps[r * 5 + j];
        expect_row(s.out + r * STRIDE, mu, 5, "z");
    }
    tear_down(&s);
}
END_TEST

START_TEST(decode_gives_the_mean_and_decode_parameters_the_last_layer)
{
    setup s;
    double parameters[46], mean[23], *z;
    float *means = fixture_floats(ROWS * 23);

    set_up(&s, _i);
    set_latent(&s);
    z = fixture_widen(s.latent, ROWS * 5);
    MUST(vae_decode(s.workspace, s.f.model, s.f.batch, means, 0));
    MUST(vae_decode_parameters(s.workspace, s.f.model, s.f.batch, s.out, STRIDE));
    for (size_t r = 0; r < ROWS; r++) {
        oracle_decode(s.t.o, z + r * 5, s.t.condition + r * 3, parameters, mean);
        expect_row(s.out + r * STRIDE, parameters, s.t.o->parameters * 23, "parameters");
        expect_row(means + r * 23, mean, 23, "mean");
    }
    free(z);
    free(means);
    tear_down(&s);
}
END_TEST

/* Reconstructing is encoding and decoding, to the bit. */
START_TEST(reconstruct_is_decode_of_encode)
{
    setup s;
    float *means = fixture_floats(ROWS * 23);

    set_up(&s, _i);
    set_input(&s);
    MUST(vae_reconstruct(s.workspace, s.f.model, s.f.batch, means, 0));
    MUST(vae_encode(s.workspace, s.f.model, s.f.batch, s.latent, 0, NULL, 0));
    vae_batch_clear(s.f.batch);
    MUST(vae_batch_set_condition(s.f.batch, s.f.condition, ROWS, 0));
    set_latent(&s);
    MUST(vae_decode(s.workspace, s.f.model, s.f.batch, s.out, 0));
    ck_assert_mem_eq(means, s.out, ROWS * 23 * sizeof *means);
    free(means);
    tear_down(&s);
}
END_TEST

START_TEST(reconstruct_sample_is_decode_of_encode_sample)
{
    setup s;
    float *means = fixture_floats(ROWS * 23);

    set_up(&s, _i);
    set_input(&s);
    MUST(vae_batch_set_eps(s.f.batch, NULL));
    MUST(vae_batch_set_noise(s.f.batch, 3, 4));
    MUST(vae_reconstruct_sample(s.workspace, s.f.model, s.f.batch, means, 0));
    MUST(vae_encode_sample(s.workspace, s.f.model, s.f.batch, s.latent, 0));
    vae_batch_clear(s.f.batch);
    MUST(vae_batch_set_condition(s.f.batch, s.f.condition, ROWS, 0));
    set_latent(&s);
    MUST(vae_decode(s.workspace, s.f.model, s.f.batch, s.out, 0));
    ck_assert_mem_eq(means, s.out, ROWS * 23 * sizeof *means);
    free(means);
    tear_down(&s);
}
END_TEST

START_TEST(scores_are_the_oracles)
{
    setup s;
    double reconstruction[ROWS], kl[ROWS], alone[ROWS];

    set_up(&s, _i);
    set_input(&s);
    MUST(vae_batch_set_target(s.f.batch, s.f.target, ROWS, 0));
    MUST(vae_score(s.workspace, s.f.model, s.f.batch, reconstruction, kl));
    for (size_t r = 0; r < ROWS; r++) {
        ck_assert_double_eq_tol(reconstruction[r], s.t.reconstruction[r],
                                TOLERANCE * fabs(s.t.reconstruction[r]));
        ck_assert_double_eq_tol(kl[r], s.t.kl[r], TOLERANCE * s.t.kl[r]);
    }
    MUST(vae_score(s.workspace, s.f.model, s.f.batch, NULL, alone));
    ck_assert_mem_eq(alone, kl, sizeof kl);
    MUST(vae_score(s.workspace, s.f.model, s.f.batch, alone, NULL));
    ck_assert_mem_eq(alone, reconstruction, sizeof alone);
    tear_down(&s);
}
END_TEST

/* Everything that one workspace writes, one call after the other, from packed rows. */
static void all_calls(setup *s, size_t max_rows, size_t threads, float *out)
{
    vae_workspace *workspace;
    vae_batch *batch = s->f.batch;

    MUST(vae_workspace_new(&workspace, s->f.model, "inference", max_rows, 1, threads));
    vae_batch_clear(batch);
    MUST(vae_batch_set_condition(batch, s->f.condition, ROWS, 0));
    set_input(s);
    MUST(vae_encode_sample(workspace, s->f.model, batch, out, 0));
    MUST(vae_reconstruct_sample(workspace, s->f.model, batch, out + ROWS * 23, 0));
    vae_batch_clear(batch);
    MUST(vae_batch_set_condition(batch, s->f.condition, ROWS, 0));
    set_latent(s);
    MUST(vae_decode_sample(workspace, s->f.model, batch, out + 2 * ROWS * 23, 0));
    MUST(vae_decode_parameters(workspace, s->f.model, batch, out + 3 * ROWS * 23, 0));
    vae_batch_clear(batch);
    MUST(vae_sample_prior(workspace, s->f.model, batch, ROWS, 0.7, out + 5 * ROWS * 23, 0));
    vae_workspace_free(workspace);
}

START_TEST(threads_and_workspace_size_change_no_bit)
{
    static const size_t sizes[][2] = {{7, 1}, {16, 2}, {33, 3}, {1000, 4}, {70, 7}};
    const size_t n = 6 * ROWS * 23;
    float *one = fixture_floats(n), *other = fixture_floats(n);
    setup s;

    set_up(&s, _i);
    MUST(vae_batch_set_eps(s.f.batch, NULL));
    MUST(vae_batch_set_noise(s.f.batch, 11, 2));
    all_calls(&s, ROWS, 1, one);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        all_calls(&s, sizes[k][0], sizes[k][1], other);
        ck_assert_mem_eq(one, other, n * sizeof *one);
    }
    free(one);
    free(other);
    tear_down(&s);
}
END_TEST

static void add(TCase *tests)
{
    int likelihoods = fixture_kind_count("likelihood");
    tcase_add_test(tests, encode_gives_mu_and_logvar);
    tcase_add_test(tests, encode_sample_is_mu_plus_sigma_eps);
    tcase_add_loop_test(tests, decode_gives_the_mean_and_decode_parameters_the_last_layer, 0,
                        likelihoods);
    tcase_add_loop_test(tests, reconstruct_is_decode_of_encode, 0, likelihoods);
    tcase_add_loop_test(tests, reconstruct_sample_is_decode_of_encode_sample, 0, likelihoods);
    tcase_add_loop_test(tests, scores_are_the_oracles, 0, likelihoods);
    tcase_add_loop_test(tests, threads_and_workspace_size_change_no_bit, 0, likelihoods);
}

int main(void)
{
    return check_run("infer", add);
}
