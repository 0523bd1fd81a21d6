/* SPDX-License-Identifier: MIT */
/* Which number of the noise goes where is pinned for ever (docs/math.md, section 10): published
 * results and resumed training depend on it. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/random.h"

#define ROWS 21
#define LATENT 6
#define SEED UINT64_C(0x123456789abcdef0)
#define STEP 77

/* Philox's words of one place, then Box and Muller's pair, in double. */
static double normal_at(uint64_t seed, uint32_t row, uint32_t step, uint32_t tag,
                        uint32_t dimension)
{
    const uint32_t counter[4] = {dimension / 4, row, step, tag};
    uint32_t words[4], pair = dimension % 4 / 2 * 2;
    double radius, angle;

    vae__philox(seed, counter, words);
    radius = sqrt(-2 * log(((double)words[pair] + 0.5) * 0x1p-32));
    angle = 6.283185307179586 * (double)words[pair + 1] * 0x1p-32;
    return dimension % 2 == 0 ? radius * cos(angle) : radius * sin(angle);
}

static void expect_normals(const float *z, uint32_t tag)
{
    for (uint32_t r = 0; r < ROWS; r++)
        for (uint32_t j = 0; j < LATENT; j++) {
            double expected = normal_at(SEED, r, STEP, tag, j);
            ck_assert_msg(fabs((double)z[r * LATENT + j] - expected) < 1e-5,
                          "row %u, dimension %u: %g instead of %g", r, j, (double)z[r * LATENT + j],
                          expected);
        }
}

static void set_up(fixture *f, const char *likelihood, vae_workspace **workspace)
{
    fixture_case c = {.input = LATENT, .latent = LATENT, .likelihood = likelihood, .rows = ROWS};
    fixture_new(f, &c, NULL);
    fixture_weights(f->model, 0, 1);
    MUST(vae_batch_set_eps(f->batch, NULL));
    MUST(vae_batch_set_noise(f->batch, SEED, STEP));
    MUST(vae_workspace_new(workspace, f->model, "inference", 8, 3, 2));
}

/* With zero weights z is eps. */
START_TEST(eps_is_purpose_2)
{
    fixture f;
    vae_workspace *workspace;
    float z[ROWS * LATENT];

    set_up(&f, "bernoulli", &workspace);
    MUST(vae_encode_sample(workspace, f.model, f.batch, z, 0));
    expect_normals(z, UINT32_C(2) << 24);
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

START_TEST(the_prior_is_purpose_3)
{
    fixture f;
    vae_workspace *workspace;
    float z[ROWS * LATENT];

    set_up(&f, "bernoulli", &workspace);
    MUST(vae_sample_prior(workspace, f.model, f.batch, ROWS, 1, z, 0));
    expect_normals(z, UINT32_C(3) << 24);
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

/* With zero weights p(x|z) is N(0, 1). */
START_TEST(outputs_are_purpose_4)
{
    fixture f;
    vae_workspace *workspace;
    float x[ROWS * LATENT];

    set_up(&f, "gaussian", &workspace);
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_latent(f.batch, f.x, ROWS, 0));
    MUST(vae_decode_sample(workspace, f.model, f.batch, x, 0));
    expect_normals(x, UINT32_C(4) << 24);
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

/* Sample l's tag is 2 << 24 | l: the library's noise and the same numbers passed as eps agree. */
START_TEST(samples_follow_each_other_in_the_tag)
{
    fixture_case c = {
        .input = 9, .latent = LATENT, .encoder = "7", .decoder = "8", .rows = ROWS, .samples = 3};
    fixture f;
    vae_workspace *workspace;
    double own, passed;

    fixture_new(&f, &c, NULL);
    MUST(vae_workspace_new(&workspace, f.model, "inference", 8, 3, 2));
    for (uint32_t l = 0; l < 3; l++)
        for (uint32_t r = 0; r < ROWS; r++)
            for (uint32_t j = 0; j < LATENT; j++)
                f.eps[(l * ROWS + r) * LATENT + j] =
                    (float)normal_at(SEED, r, STEP, UINT32_C(2) << 24 | l, j);
    MUST(vae_loss(workspace, f.model, f.batch, NULL, &passed, NULL));
    MUST(vae_batch_set_eps(f.batch, NULL));
    MUST(vae_batch_set_noise(f.batch, SEED, STEP));
    MUST(vae_loss(workspace, f.model, f.batch, NULL, &own, NULL));
    ck_assert_double_eq_tol(own, passed, 1e-6 * own);
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

/* First weights: the row is the tensor's number, dimension the element's in [out][in] order. */
START_TEST(first_weights_are_purpose_1)
{
    fixture_case c = {.input = 13,
                      .latent = 2,
                      .encoder = "5",
                      .decoder = "3",
                      .options = {{"init", "glorot_normal"}}};
    vae_config *config = fixture_config(&c, NULL);
    vae_model *model;
    float w[65];
    double deviation = sqrt(2.0 / (13 + 5));

    MUST(vae_model_new(&model, config, SEED));
    MUST(vae_model_get_tensor(model, "encoder.0.weight", w, 65));
    for (uint32_t i = 0; i < 65; i++)
        ck_assert_double_eq_tol((double)w[i],
                                deviation * normal_at(SEED, 0, 0, UINT32_C(1) << 24, i), 1e-5);
    vae_model_free(model);
    vae_config_free(config);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, eps_is_purpose_2);
    tcase_add_test(tests, the_prior_is_purpose_3);
    tcase_add_test(tests, outputs_are_purpose_4);
    tcase_add_test(tests, samples_follow_each_other_in_the_tag);
    tcase_add_test(tests, first_weights_are_purpose_1);
}

int main(void)
{
    return check_run("noise_place", add);
}
