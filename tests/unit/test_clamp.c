/* SPDX-License-Identifier: MIT */
/* Log-variances outside their range: terms use the limit, and a gradient passes only if a descent
 * step would bring the value back in. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/truth.h"

/* What the gradient in a bias is, when all weights are zero. */
static float bias_gradient(const fixture *f, const char *tensor, size_t index)
{
    size_t n = vae_model_parameter_count(f->model), offset;
    float *gradient = fixture_floats(n), value = NAN;
    vae_workspace *workspace;

    MUST(vae_workspace_new(&workspace, f->model, "gradient", f->rows, 1, 1));
    MUST(vae_loss_gradient(workspace, f->model, f->batch, NULL, NULL, NULL, gradient, NULL, 0));
    vae_workspace_free(workspace);
    for (size_t t = 0; t < vae_model_tensor_count(f->model); t++) {
        const char *name;
        size_t strides[2];
        MUST(vae_model_tensor(f->model, t, &name, NULL, NULL, &offset, strides));
        if (strcmp(name, tensor) == 0) value = gradient[offset + index * strides[0]];
    }
    free(gradient);
    return value;
}

/* With zero weights only the KL term is left: d kl / d logvar = (exp(logvar) - 1) / 2. */
static const struct {
    const char *what, *min, *max;
    float raw;
    double clamped;
    int passes;
} posterior[] = {{"inside", "-2", "2", 1, 1, 1},
                 {"above, pulled down", "-2", "1", 3, 1, 1},
                 {"below, pulled up", "-1", "2", -3, -1, 1},
                 {"above, pushed up", "-2", "-1", 0, -1, 0},
                 {"below, pushed down", "1", "2", 0, 1, 0},
                 {"at the top, pulled down", "-2", "1", 1, 1, 1},
                 {"at the top, pushed up", "-2", "-1", -1, -1, 0},
                 {"at the bottom, pushed down", "1", "2", 1, 1, 0},
                 {"the default top", "-20", "20", 25, 20, 1},
                 {"the default bottom", "-20", "20", -25, -20, 1}};

START_TEST(posterior_gradient_passes_only_back_into_the_range)
{
    fixture_case c = {.input = 3,
                      .latent = 2,
                      .likelihood = "gaussian",
                      .rows = 4,
                      .beta = 1,
                      .options = {{"posterior_logvar_min", posterior[_i].min},
                                  {"posterior_logvar_max", posterior[_i].max}}};
    double expected = posterior[_i].passes ? expm1(posterior[_i].clamped) / 2 : 0, kl;
    vae_workspace *workspace;
    fixture f;

    fixture_new(&f, &c, NULL);
    fixture_weights(f.model, 0, 1);
    fixture_fill(f.model, "logvar.bias", posterior[_i].raw);
    ck_assert_msg(fabs((double)bias_gradient(&f, "logvar.bias", 1) - expected) <=
                      1e-5 * fabs(expected),
                  "%s: gradient %g instead of %g", posterior[_i].what,
                  (double)bias_gradient(&f, "logvar.bias", 1), expected);
    MUST(vae_workspace_new(&workspace, f.model, "inference", 4, 1, 1));
    MUST(vae_loss(workspace, f.model, f.batch, NULL, NULL, &kl));
    expected = expm1(posterior[_i].clamped) - posterior[_i].clamped; /* two dimensions, half each */
    ck_assert_double_eq_tol(kl, expected, 1e-5 * expected);
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

/* x = 0 for all rows: d nll / d logvar = (1 - mean^2 exp(-logvar)) / 2. */
static const struct {
    const char *what, *min, *max;
    float mean, raw;
    double clamped;
    int passes;
} likelihood[] = {{"inside", "-2", "2", 1, -1, -1, 1},
                  {"above, pulled down", "-2", "1", 0, 3, 1, 1},
                  {"above, pushed up", "-2", "1", 9, 3, 1, 0},
                  {"below, pushed down", "-1", "2", 0, -3, -1, 0},
                  {"below, pulled up", "-1", "2", 9, -3, -1, 1},
                  {"the default bottom, pushed down", "-10", "10", 0, -12, -10, 0},
                  {"the default bottom, pulled up", "-10", "10", 1, -12, -10, 1},
                  {"the default top", "-10", "10", 1, 12, 10, 1}};

START_TEST(likelihood_gradient_passes_only_back_into_the_range)
{
    fixture_case c = {.input = 3,
                      .latent = 2,
                      .likelihood = "gaussian_diag",
                      .rows = 4,
                      .beta = 1,
                      .options = {{"gaussian_diag_logvar_min", likelihood[_i].min},
                                  {"gaussian_diag_logvar_max", likelihood[_i].max}}};
    double mean = (double)likelihood[_i].mean, g;
    float bias[6] = {likelihood[_i].mean, likelihood[_i].mean, likelihood[_i].mean,
                     likelihood[_i].raw,  likelihood[_i].raw,  likelihood[_i].raw};
    fixture f;

    fixture_new(&f, &c, NULL);
    fixture_weights(f.model, 0, 1);
    memset(f.x, 0, 4 * 3 * sizeof *f.x);
    MUST(vae_model_set_tensor(f.model, "output.bias", bias, 6));
    g = (double)bias_gradient(&f, "output.bias", 4);
    mean = likelihood[_i].passes ? (1 - mean * mean * exp(-likelihood[_i].clamped)) / 2 : 0;
    ck_assert_msg(fabs(g - mean) <= 1e-5 * fabs(mean), "%s: gradient %g instead of %g",
                  likelihood[_i].what, g, mean);
    fixture_free(&f);
}
END_TEST

/* Many units, some of them outside either limit, on their way through a whole model. */
START_TEST(a_model_with_narrow_ranges_has_the_oracles_gradient)
{
    fixture_case c = {.input = 19,
                      .latent = 7,
                      .encoder = "21",
                      .decoder = "18",
                      .activation = "tanh",
                      .likelihood = "gaussian_diag",
                      .rows = 40,
                      .samples = 2,
                      .beta = 1,
                      .options = {{"posterior_logvar_min", "-0.2"},
                                  {"posterior_logvar_max", "0.1"},
                                  {"gaussian_diag_logvar_min", "-0.1"},
                                  {"gaussian_diag_logvar_max", "0.3"}}};
    fixture f;

    fixture_new(&f, &c, NULL);
    truth_expect_gradient(&f, &c, 2, 1e-4, "narrow ranges");
    fixture_free(&f);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, posterior_gradient_passes_only_back_into_the_range, 0,
                        (int)(sizeof posterior / sizeof *posterior));
    tcase_add_loop_test(tests, likelihood_gradient_passes_only_back_into_the_range, 0,
                        (int)(sizeof likelihood / sizeof *likelihood));
    tcase_add_test(tests, a_model_with_narrow_ranges_has_the_oracles_gradient);
}

int main(void)
{
    return check_run("clamp", add);
}
