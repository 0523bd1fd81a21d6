/* SPDX-License-Identifier: MIT */
/* Terms and gradients of every activation and likelihood against the oracle, in every shape that
 * has an edge: no hidden layer, one unit, one past a vector, one row, more rows than a shard. */
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/truth.h"

/* Of a tensor's norm. A unit that is alone may stand where an activation's slope crosses zero. */
#define TOLERANCE 1e-5
#define TOLERANCE_ALONE 1e-4

static const fixture_case shapes[] = {
    {.name = "linear", .input = 5, .latent = 2, .rows = 5, .beta = 1},
    {.name = "ones", .input = 1, .latent = 1, .encoder = "1", .decoder = "1", .rows = 1, .beta = 1},
    {.name = "odd widths, L = 3, sum",
     .input = 17,
     .latent = 3,
     .encoder = "33,17",
     .decoder = "17,1,33",
     .rows = 5,
     .samples = 3,
     .beta = 0.5,
     .reduction = "sum"},
    {.name = "deep, target",
     .input = 16,
     .latent = 8,
     .encoder = "16,16,9,16,12",
     .decoder = "12,16,5,16",
     .rows = 64,
     .beta = 2,
     .target = 1},
    {.name = "condition, output",
     .input = 33,
     .latent = 17,
     .output = 49,
     .condition = 5,
     .encoder = "65",
     .decoder = "31",
     .rows = 130,
     .samples = 2,
     .beta = 1},
    {.name = "linear, condition, L = 3",
     .input = 17,
     .latent = 16,
     .condition = 1,
     .rows = 130,
     .samples = 3,
     .beta = 0.25,
     .reduction = "sum"},
    {.name = "beta 0, wide",
     .input = 130,
     .latent = 1,
     .encoder = "129",
     .decoder = "100",
     .rows = 33,
     .beta = 0},
};

#define SHAPES ((int)(sizeof shapes / sizeof *shapes))

static double tolerance_of(const fixture_case *c)
{
    return c->input == 1 ? TOLERANCE_ALONE : TOLERANCE;
}

START_TEST(gradients_are_the_oracles)
{
    fixture_case c = shapes[_i % SHAPES];
    size_t threads = 1 + (size_t)_i % 3;
    char label[128];
    fixture f;

    c.activation = vae_kind("activation", (size_t)(_i / SHAPES));
    for (size_t k = 0; (c.likelihood = vae_kind("likelihood", k)) != NULL; k++) {
        (void)snprintf(label, sizeof label, "%s, %s, %s", c.name, c.activation, c.likelihood);
        fixture_new(&f, &c, NULL);
        truth_expect_gradient(&f, &c, threads, tolerance_of(&c), label);
        fixture_free(&f);
    }
}
END_TEST

static const struct {
    const char *simd, *gemm;
} kernels[] = {{"baseline", "builtin"}, {"avx2", "builtin"}, {"avx512", "builtin"},
               {"baseline", "blas"},    {"avx2", "blas"},    {"avx512", "blas"}};

#define KERNELS ((int)(sizeof kernels / sizeof *kernels))

/* NULL where the machine lacks the instructions or the build has no BLAS; the best level and the
 * built-in product are never lacking. */
static vae_context *context_of(int index)
{
    vae_context *context;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (vae_context_set_text(context, "simd", kernels[index].simd) == VAE_OK &&
        vae_context_set_text(context, "gemm", kernels[index].gemm) == VAE_OK)
        return context;
    ck_assert_int_ne(index, 0);
    vae_context_free(context);
    return NULL;
}

START_TEST(every_kernel_gives_the_oracles_gradient)
{
    vae_context *context = context_of(_i % KERNELS);
    fixture_case c = shapes[_i / KERNELS];
    char label[128];
    fixture f;

    if (context == NULL) return;
    c.likelihood = "gaussian_diag";
    for (size_t a = 0; (c.activation = vae_kind("activation", a)) != NULL; a++) {
        (void)snprintf(label, sizeof label, "%s, %s, %s %s", c.name, c.activation,
                       kernels[_i % KERNELS].simd, kernels[_i % KERNELS].gemm);
        fixture_new(&f, &c, context);
        truth_expect_gradient(&f, &c, 2, tolerance_of(&c), label);
        fixture_free(&f);
    }
    vae_context_free(context);
}
END_TEST

static const fixture_case optional[] = {
    {.activation = "leaky_relu", .options = {{"leaky_relu_slope", "0.3"}}},
    {.activation = "elu", .options = {{"elu_alpha", "2.5"}}},
    {.likelihood = "gaussian", .options = {{"gaussian_sigma", "0.3"}}},
    {.likelihood = "gaussian_diag", .options = {{"gaussian_diag_logvar_min", "0.1"}}},
    {.likelihood = "gaussian_diag", .options = {{"gaussian_diag_logvar_max", "-0.1"}}},
    {.activation = "tanh", .options = {{"posterior_logvar_min", "0.1"}}},
    {.activation = "tanh", .options = {{"posterior_logvar_max", "-0.1"}}},
    {.activation = "tanh", .options = {{"encoder_activation", "silu"}}},
    {.activation = "tanh", .options = {{"decoder_activation", "silu"}}},
};

/* An option that is read but not used would leave the default's gradient. */
START_TEST(options_reach_the_kernels)
{
    fixture_case c = shapes[2];
    fixture f;

    c.activation = optional[_i].activation;
    c.likelihood = optional[_i].likelihood;
    memcpy(c.options, optional[_i].options, sizeof c.options);
    fixture_new(&f, &c, NULL);
    truth_expect_gradient(&f, &c, 1, TOLERANCE, c.options[0].name);
    fixture_free(&f);
}
END_TEST

/* One workspace, used again after the weights changed: no stale copy of a weight survives. */
START_TEST(changed_weights_change_the_gradient)
{
    fixture_case c = shapes[3];
    fixture f;
    vae_workspace *workspace;
    float *old, *new, *fresh;
    size_t n;

    fixture_new(&f, &c, NULL);
    n = vae_model_parameter_count(f.model);
    old = fixture_floats(n);
    new = fixture_floats(n);
    fresh = fixture_floats(n);
    MUST(vae_workspace_new(&workspace, f.model, "gradient", c.rows, 1, 2));
    MUST(vae_loss_gradient(workspace, f.model, f.batch, NULL, NULL, NULL, old, NULL, 0));
    fixture_weights(f.model, 1.2, 99);
    MUST(vae_loss_gradient(workspace, f.model, f.batch, NULL, NULL, NULL, new, NULL, 0));
    vae_workspace_free(workspace);
    MUST(vae_workspace_new(&workspace, f.model, "gradient", c.rows, 1, 2));
    MUST(vae_loss_gradient(workspace, f.model, f.batch, NULL, NULL, NULL, fresh, NULL, 0));
    vae_workspace_free(workspace);
    ck_assert_mem_ne(old, new, n * sizeof *old);
    ck_assert_mem_eq(new, fresh, n * sizeof *new);
    free(old);
    free(new);
    free(fresh);
    fixture_free(&f);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, gradients_are_the_oracles, 0,
                        SHAPES * fixture_kind_count("activation"));
    tcase_add_loop_test(tests, every_kernel_gives_the_oracles_gradient, 0, SHAPES * KERNELS);
    tcase_add_loop_test(tests, options_reach_the_kernels, 0,
                        (int)(sizeof optional / sizeof *optional));
    tcase_add_test(tests, changed_weights_change_the_gradient);
}

int main(void)
{
    return check_run("elbo", add);
}
