/* SPDX-License-Identifier: MIT */
/* The closed form of KL(q(z|x) || p(z)) is the mean of log q - log p over draws of z. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

#define LATENT 3
#define DRAWS 200000

/* One posterior for every row: zero weights, these biases. */
static const struct {
    float mu[LATENT], logvar[LATENT];
} posteriors[] = {{{0, 0, 0}, {0, 0, 0}},
                  {{1, -2, 0.5f}, {0, 0, 0}},
                  {{0, 0, 0}, {1, -1, -4}},
                  {{0.3f, -1.5f, 2}, {-0.5f, 0.7f, -3}},
                  {{0.01f, -0.02f, 0}, {0.01f, -0.02f, 0.001f}},
                  {{5, -7, 0}, {-9, 2, -6}}};

#define POSTERIORS ((int)(sizeof posteriors / sizeof *posteriors))

static void set_up(fixture *f, int index)
{
    fixture_case c = {.input = 1, .latent = LATENT, .rows = DRAWS};

    fixture_new(f, &c, NULL);
    fixture_weights(f->model, 0, 1);
    MUST(vae_model_set_tensor(f->model, "mean.bias", posteriors[index].mu, LATENT));
    MUST(vae_model_set_tensor(f->model, "logvar.bias", posteriors[index].logvar, LATENT));
    MUST(vae_batch_set_eps(f->batch, NULL));
    MUST(vae_batch_set_noise(f->batch, 5, 0));
}

static double log_ratio(int index, const float *z)
{
    double ratio = 0;
    for (size_t j = 0; j < LATENT; j++) {
        double logvar = (double)posteriors[index].logvar[j], zj = (double)z[j];
        double u = (zj - (double)posteriors[index].mu[j]) * exp(-logvar / 2);
        ratio += 0.5 * (zj * zj - u * u - logvar);
    }
    return ratio;
}

START_TEST(closed_form_is_within_four_standard_errors_of_draws)
{
    fixture f;
    vae_workspace *workspace;
    float *z = fixture_floats(DRAWS * LATENT);
    double *kl = fixture_doubles(DRAWS), sum = 0, squares = 0, mean, error;

    set_up(&f, _i);
    MUST(vae_workspace_new(&workspace, f.model, "inference", 1024, 1, 1));
    MUST(vae_encode_sample(workspace, f.model, f.batch, z, 0));
    MUST(vae_score(workspace, f.model, f.batch, NULL, kl));
    for (size_t r = 0; r < DRAWS; r++) {
        double ratio = log_ratio(_i, z + r * LATENT);
        sum += ratio;
        squares += ratio * ratio;
    }
    mean = sum / DRAWS;
    error = sqrt((squares / DRAWS - mean * mean) / DRAWS);
    ck_assert_msg(fabs(kl[0] - mean) <= 4 * error + 1e-6, "closed form %g, draws %g +- %g", kl[0],
                  mean, error);
    vae_workspace_free(workspace);
    fixture_free(&f);
    free(z);
    free(kl);
}
END_TEST

START_TEST(closed_form_is_the_formula)
{
    fixture f;
    vae_workspace *workspace;
    double *kl = fixture_doubles(DRAWS), expected = 0;

    set_up(&f, _i);
    for (size_t j = 0; j < LATENT; j++) {
        double mu = (double)posteriors[_i].mu[j], logvar = (double)posteriors[_i].logvar[j];
        expected += (mu * mu + expm1(logvar) - logvar) / 2;
    }
    MUST(vae_workspace_new(&workspace, f.model, "inference", 1024, 1, 2));
    MUST(vae_score(workspace, f.model, f.batch, NULL, kl));
    for (size_t r = 0; r < DRAWS; r += 997)
        ck_assert_double_eq_tol(kl[r], expected, 1e-6 * (1 + expected));
    vae_workspace_free(workspace);
    fixture_free(&f);
    free(kl);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, closed_form_is_within_four_standard_errors_of_draws, 0, POSTERIORS);
    tcase_add_loop_test(tests, closed_form_is_the_formula, 0, POSTERIORS);
}

int main(void)
{
    return check_run("kl", add);
}
