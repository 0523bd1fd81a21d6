/* SPDX-License-Identifier: MIT */
/* Rows that cannot be: the sentence leads to the number, and targets where the likelihood has no
 * probability are refused. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

enum { ROWS = 300, DIM = 5, LATENT = 2 };

static float x[ROWS * DIM];

typedef struct setup {
    vae_model *model;
    vae_batch *batch;
    vae_workspace *ws;
    float *gradient;
} setup;

static void set_up(setup *s, const char *likelihood)
{
    vae_config *config;
    fixture_uniform(x, ROWS * DIM, 0.0, 1.0, 4);
    MUST(vae_config_new(&config, NULL, DIM, LATENT));
    MUST(vae_config_set_likelihood(config, likelihood));
    MUST(vae_model_new(&s->model, config, 1));
    MUST(vae_batch_new(&s->batch, NULL));
    MUST(vae_batch_set_input(s->batch, x, ROWS, 0));
    MUST(vae_workspace_new(&s->ws, s->model, "gradient", ROWS, 1, 2));
    s->gradient = fixture_floats(vae_model_parameter_count(s->model));
    vae_config_free(config);
}

static void tear_down(setup *s)
{
    free(s->gradient);
    vae_workspace_free(s->ws);
    vae_batch_free(s->batch);
    vae_model_free(s->model);
}

static vae_status loss(const setup *s)
{
    return vae_loss(s->ws, s->model, s->batch, NULL, NULL, NULL);
}

static vae_status gradient(const setup *s)
{
    return vae_loss_gradient(s->ws, s->model, s->batch, NULL, NULL, NULL, s->gradient, NULL, 0);
}

static void expect_sentence(const char *part)
{
    ck_assert_msg(strstr(vae_last_error(), part) != NULL, "\"%s\" is not in \"%s\"", part,
                  vae_last_error());
}

START_TEST(a_number_that_is_not_finite_is_named)
{
    setup s;
    float mu[ROWS * LATENT];
    set_up(&s, "gaussian");
    x[201 * DIM + 3] = NAN;
    ck_assert_int_eq(loss(&s), VAE_ENONFINITE);
    expect_sentence("vae_loss: number 3 of row 201 of the input is NaN");
    ck_assert_int_eq(gradient(&s), VAE_ENONFINITE);
    expect_sentence("vae_loss_gradient: number 3 of row 201 of the input is NaN");
    MUST_FAIL(VAE_ENONFINITE, vae_encode(s.ws, s.model, s.batch, mu, 0, NULL, 0));
    expect_sentence("number 3 of row 201 of the input is NaN");
    x[201 * DIM + 3] = -INFINITY;
    ck_assert_int_eq(loss(&s), VAE_ENONFINITE);
    expect_sentence("number 3 of row 201 of the input is infinite");
    tear_down(&s);
}
END_TEST

/* In training a row is named by its number in the source, wherever the shuffle put it. */
START_TEST(a_training_row_is_named_by_its_place_in_the_data)
{
    setup s;
    vae_source *data;
    vae_trainer *trainer;
    set_up(&s, "gaussian");
    MUST(vae_source_from_float(&data, NULL, x, ROWS, DIM, 0));
    MUST(vae_trainer_new(&trainer, s.model, "adam"));
    MUST(vae_trainer_set_data(trainer, data, NULL, NULL));
    x[123 * DIM] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_trainer_fit(trainer, 1));
    expect_sentence("number 0 of row 123 of the input is NaN");
    expect_sentence("step ");
    vae_trainer_free(trainer);
    vae_source_free(data);
    tear_down(&s);
}
END_TEST

static int copy_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    (void)user;
    for (size_t r = 0; r < n; r++)
        memcpy(out + r * DIM, x + (size_t)rows[r] * DIM, DIM * sizeof *out);
    return 0;
}

/* And where rows come from a callback, a batch at a time. Index: shuffled or in order. */
START_TEST(a_callbacks_row_is_named_by_its_place_in_the_data)
{
    setup s;
    vae_source *data;
    vae_trainer *trainer;
    vae_workspace *few;
    double reconstruction, kl;
    set_up(&s, "gaussian");
    MUST(vae_source_from_callback(&data, NULL, ROWS, DIM, copy_rows, NULL));
    MUST(vae_trainer_new(&trainer, s.model, "adam"));
    MUST(vae_trainer_set_int(trainer, "shuffle", _i));
    MUST(vae_trainer_set_data(trainer, data, NULL, NULL));
    x[223 * DIM + 1] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_trainer_fit(trainer, 1));
    expect_sentence("number 1 of row 223 of the input is NaN (step ");
    MUST(vae_workspace_new(&few, s.model, "inference", 16, 1, 1));
    MUST_FAIL(VAE_ENONFINITE,
              vae_evaluate(few, s.model, data, NULL, NULL, 1, 1, &reconstruction, &kl));
    expect_sentence("number 1 of row 223 of the input is NaN");
    x[223 * DIM + 1] = 3e38f; /* finite, but not its square */
    MUST_FAIL(VAE_ENONFINITE,
              vae_evaluate(few, s.model, data, NULL, NULL, 1, 1, &reconstruction, &kl));
    expect_sentence("row 223 has reconstruction inf");
    vae_workspace_free(few);
    vae_trainer_free(trainer);
    vae_source_free(data);
    tear_down(&s);
}
END_TEST

START_TEST(a_row_for_validation_is_said_to_be_one)
{
    static float sound[64 * DIM];
    setup s;
    vae_source *data, *validation;
    vae_trainer *trainer;
    set_up(&s, "gaussian");
    fixture_uniform(sound, 64 * DIM, 0.0, 1.0, 5);
    MUST(vae_source_from_float(&data, NULL, sound, 64, DIM, 0));
    MUST(vae_source_from_float(&validation, NULL, x, ROWS, DIM, 0));
    MUST(vae_trainer_new(&trainer, s.model, "adam"));
    MUST(vae_trainer_set_int(trainer, "batch_size", 16));
    MUST(vae_trainer_set_data(trainer, data, NULL, NULL));
    MUST(vae_trainer_set_validation(trainer, validation, NULL, NULL));
    x[11 * DIM + 2] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_trainer_fit(trainer, 1));
    expect_sentence("number 2 of row 11 of the input is NaN (validation after step 4)");
    vae_trainer_free(trainer);
    vae_source_free(validation);
    vae_source_free(data);
    tear_down(&s);
}
END_TEST

/* Index: a value outside [0, 1]. */
static const float outside[] = {1.001f, -0.001f, 255.0f, -1.0f};

START_TEST(bernoulli_takes_numbers_from_0_to_1)
{
    setup s;
    set_up(&s, "bernoulli");
    MUST(loss(&s));
    x[299 * DIM + 4] = outside[_i];
    ck_assert_int_eq(loss(&s), VAE_EINVAL);
    expect_sentence("vae_loss: number 4 of row 299 of the target");
    expect_sentence("the likelihood bernoulli takes numbers from 0 to 1");
    ck_assert_int_eq(gradient(&s), VAE_EINVAL);
    x[299 * DIM + 4] = 1.0f;
    x[0] = 0.0f;
    MUST(loss(&s));
    MUST(gradient(&s));
    tear_down(&s);
}
END_TEST

/* Only the target is asked: any input may be encoded, and the Gaussians take any target. */
START_TEST(other_rows_may_hold_any_number)
{
    setup s;
    float target[ROWS * DIM] = {0};
    set_up(&s, "bernoulli");
    x[7] = 3.0f;
    ck_assert_int_eq(loss(&s), VAE_EINVAL);
    MUST(vae_batch_set_target(s.batch, target, ROWS, 0));
    MUST(loss(&s));
    MUST(gradient(&s));
    tear_down(&s);
    set_up(&s, "gaussian_diag");
    x[7] = -3.0f;
    MUST(loss(&s));
    tear_down(&s);
}
END_TEST

START_TEST(binarisation_of_numbers_above_1_is_refused)
{
    setup s;
    vae_source *data;
    double reconstruction, kl;
    set_up(&s, "bernoulli");
    MUST(vae_source_from_float(&data, NULL, x, ROWS, DIM, 0));
    MUST(vae_source_set_binarize(data, "bernoulli"));
    MUST(vae_evaluate(s.ws, s.model, data, NULL, NULL, 1, 1, &reconstruction, &kl));
    x[40 * DIM + 2] = 200.0f;
    MUST_FAIL(VAE_EINVAL,
              vae_evaluate(s.ws, s.model, data, NULL, NULL, 1, 1, &reconstruction, &kl));
    expect_sentence("number 2 of row 40 of the target is 200");
    vae_source_free(data);
    tear_down(&s);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, a_number_that_is_not_finite_is_named);
    tcase_add_test(tests, a_training_row_is_named_by_its_place_in_the_data);
    tcase_add_loop_test(tests, a_callbacks_row_is_named_by_its_place_in_the_data, 0, 2);
    tcase_add_test(tests, a_row_for_validation_is_said_to_be_one);
    tcase_add_loop_test(tests, bernoulli_takes_numbers_from_0_to_1, 0,
                        (int)(sizeof outside / sizeof outside[0]));
    tcase_add_test(tests, other_rows_may_hold_any_number);
    tcase_add_test(tests, binarisation_of_numbers_above_1_is_refused);
}

int main(void)
{
    return check_run("refuse", add);
}
