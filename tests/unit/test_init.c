/* SPDX-License-Identifier: MIT */
/* First weights: each initialiser's mean, deviation and bounds, layer by layer; seeds. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

static const fixture_case shape = {.input = 150,
                                   .latent = 90,
                                   .encoder = "200,120",
                                   .decoder = "170",
                                   .activation = "relu",
                                   .rows = 1};

static vae_model *new_model(const char *init, uint64_t seed)
{
    vae_config *config = fixture_config(&shape, NULL);
    vae_model *model;
    MUST(vae_config_set_init(config, init));
    MUST(vae_model_new(&model, config, seed));
    vae_config_free(config);
    return model;
}

/* What a kind's weights and biases should be. gain^2 is 2 before a relu, 1 elsewhere. */
static const struct expectation {
    const char *name;
    int normal;
    double scale;                       /* variance = scale * gain^2 / fan */
    enum { FAN_IN, FAN_SUM, NONE } fan; /* NONE: all zero */
    int gained;
    int biases; /* 1: uniform in +-1/sqrt(fan_in), 0: zero */
} expectations[] = {
    {"pytorch", 0, 1.0 / 3, FAN_IN, 0, 1},  {"glorot_uniform", 0, 2, FAN_SUM, 0, 0},
    {"glorot_normal", 1, 2, FAN_SUM, 0, 0}, {"he_uniform", 0, 1, FAN_IN, 1, 0},
    {"he_normal", 1, 1, FAN_IN, 1, 0},      {"lecun_uniform", 0, 1, FAN_IN, 0, 0},
    {"lecun_normal", 1, 1, FAN_IN, 0, 0},   {"zero", 0, 0, NONE, 0, 0},
};

static const struct expectation *expectation_of(const char *name)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++)
        if (strcmp(expectations[i].name, name) == 0) return &expectations[i];
    ck_abort_msg("nothing is known about init %s", name);
    return NULL;
}

static double variance_of(const struct expectation *e, const char *tensor, size_t in, size_t out)
{
    int hidden = strncmp(tensor, "encoder", 7) == 0 || strncmp(tensor, "decoder", 7) == 0;
    double gain = e->gained && hidden ? 2 : 1;
    double fan = e->fan == FAN_SUM ? (double)(in + out) : (double)in;
    return e->fan == NONE ? 0 : e->scale * gain / fan;
}

/* Mean within 5 standard errors, variance within 5 % (5 standard errors of 20,000 numbers), and a
 * uniform's bounds kept and nearly reached. */
static void expect_numbers(const double *values, size_t n, double variance, int normal,
                           const char *label)
{
    double sum = 0, squares = 0, most = 0, bound = sqrt(3 * variance);
    double spread = (normal ? 2.0 : 0.8) / (double)n; /* of the variance, relative, squared */

    for (size_t i = 0; i < n; i++) {
        sum += values[i] / (double)n;
        squares += values[i] * values[i] / (double)n;
        most = fmax(most, fabs(values[i]));
    }
    ck_assert_msg(fabs(sum) <= 5 * sqrt(variance / (double)n), "%s: mean %g", label, sum);
    ck_assert_msg(fabs(squares - variance) <= 5 * variance * sqrt(spread),
                  "%s: variance %g instead of %g", label, squares, variance);
    if (normal)
        ck_assert_msg(most > 3 * sqrt(variance), "%s: nothing beyond 3 sigma", label);
    else
        ck_assert_msg(most <= bound * (1 + 1e-6) && most >= 0.9 * bound, "%s: largest %g, bound %g",
                      label, most, bound);
}

START_TEST(weights_and_biases_are_drawn_as_documented)
{
    const char *init = vae_kind("init", (size_t)_i);
    const struct expectation *e = expectation_of(init);
    vae_model *model = new_model(init, 12);
    double variance = 0;

    for (size_t t = 0; t < vae_model_tensor_count(model); t++) {
        const char *name;
        size_t rank, sizes[2], n = fixture_tensor_size(model, t), in = 0;
        double *values = fixture_doubles(n);
        MUST(vae_model_tensor(model, t, &name, &rank, sizes, NULL, NULL));
        fixture_unpack(model, vae_model_parameters(model), t, values);
        if (rank == 2) {
            in = sizes[1];
            variance = variance_of(e, name, in, sizes[0]);
            expect_numbers(values, n, variance, e->normal, name);
            variance = e->biases ? 1.0 / 3 / (double)in : 0;
        } else {
            expect_numbers(values, n, variance, 0, name);
        }
        free(values);
    }
    vae_model_free(model);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_bits_and_another_gives_others)
{
    vae_model *a = new_model("pytorch", 5), *b = new_model("pytorch", 5),
              *c = new_model("pytorch", 6), *d = new_model("pytorch", UINT64_C(5) << 32);
    size_t bytes = vae_model_parameter_count(a) * sizeof(float);

    ck_assert_mem_eq(vae_model_parameters(a), vae_model_parameters(b), bytes);
    ck_assert_mem_ne(vae_model_parameters(a), vae_model_parameters(c), bytes);
    ck_assert_mem_ne(vae_model_parameters(a), vae_model_parameters(d), bytes);
    ck_assert_mem_ne(vae_model_parameters(c), vae_model_parameters(d), bytes);
    vae_model_free(a);
    vae_model_free(b);
    vae_model_free(c);
    vae_model_free(d);
}
END_TEST

/* Tensors draw numbers of their own: two layers of one shape differ, and rows within a layer. */
START_TEST(no_two_layers_or_rows_are_alike)
{
    static const fixture_case twins = {
        .input = 64, .latent = 64, .encoder = "64,64", .decoder = "64,64", .rows = 1};
    vae_config *config = fixture_config(&twins, NULL);
    vae_model *model;
    float a[4096], b[4096];

    MUST(vae_model_new(&model, config, 1));
    MUST(vae_model_get_tensor(model, "encoder.0.weight", a, 4096));
    MUST(vae_model_get_tensor(model, "encoder.1.weight", b, 4096));
    ck_assert_mem_ne(a, b, sizeof a);
    MUST(vae_model_get_tensor(model, "mean.weight", a, 4096));
    MUST(vae_model_get_tensor(model, "logvar.weight", b, 4096));
    ck_assert_mem_ne(a, b, sizeof a);
    for (size_t r = 1; r < 64; r++) {
        ck_assert_mem_ne(a, a + r * 64, 64 * sizeof *a);
        ck_assert_mem_ne(a + (r - 1) * 64, a + r * 64, 64 * sizeof *a);
    }
    vae_model_free(model);
    vae_config_free(config);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, weights_and_biases_are_drawn_as_documented, 0,
                        fixture_kind_count("init"));
    tcase_add_test(tests, the_same_seed_gives_the_same_bits_and_another_gives_others);
    tcase_add_test(tests, no_two_layers_or_rows_are_alike);
}

int main(void)
{
    return check_run("init", add);
}
