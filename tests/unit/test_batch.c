/* SPDX-License-Identifier: MIT */
/* What a batch remembers, forgets and refuses. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

static const fixture_case shape = {
    .input = 6, .latent = 2, .encoder = "5", .decoder = "4", .rows = 9, .beta = 0.5, .samples = 2};

static double loss_of(const fixture *f)
{
    vae_workspace *workspace;
    double loss;
    MUST(vae_workspace_new(&workspace, f->model, "inference", 4, 8, 1));
    MUST(vae_loss(workspace, f->model, f->batch, &loss, NULL, NULL));
    vae_workspace_free(workspace);
    return loss;
}

START_TEST(without_a_target_the_input_is_the_target)
{
    fixture f;
    double without;

    fixture_new(&f, &shape, NULL);
    without = loss_of(&f);
    MUST(vae_batch_set_target(f.batch, f.x, 9, 0));
    ck_assert_double_eq(loss_of(&f), without);
    fixture_free(&f);
}
END_TEST

START_TEST(clear_forgets_rows_and_keeps_noise_samples_and_weights)
{
    fixture f;
    float *other = fixture_floats(9 * 6);
    double before;

    fixture_new(&f, &shape, NULL);
    fixture_uniform(other, 9 * 6, 0, 1, 77);
    MUST(vae_batch_set_eps(f.batch, NULL));
    MUST(vae_batch_set_noise(f.batch, 3, 4));
    before = loss_of(&f);
    MUST(vae_batch_set_target(f.batch, other, 9, 0));
    ck_assert_double_ne(loss_of(&f), before);
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_input(f.batch, f.x, 9, 0));
    ck_assert_double_eq(loss_of(&f), before);
    vae_batch_clear(NULL);
    free(other);
    fixture_free(&f);
}
END_TEST

START_TEST(a_later_set_of_rows_replaces_an_earlier_one_of_the_other_type)
{
    fixture f;
    uint8_t bytes[54];
    double as_float, as_bytes;

    fixture_new(&f, &shape, NULL);
    for (size_t i = 0; i < 54; i++) bytes[i] = (uint8_t)(i * 4);
    as_float = loss_of(&f);
    MUST(vae_batch_set_input_uint8(f.batch, bytes, 9, 0));
    as_bytes = loss_of(&f);
    ck_assert_double_ne(as_float, as_bytes);
    MUST(vae_batch_set_input(f.batch, f.x, 9, 0));
    ck_assert_double_eq(loss_of(&f), as_float);
    fixture_free(&f);
}
END_TEST

START_TEST(defaults_are_one_sample_beta_one_mean_and_place_zero)
{
    fixture f;
    vae_batch *fresh, *old;
    double defaults;

    fixture_new(&f, &shape, NULL);
    old = f.batch;
    MUST(vae_batch_new(&fresh, NULL));
    MUST(vae_batch_set_input(fresh, f.x, 9, 0));
    f.batch = fresh;
    defaults = loss_of(&f);
    MUST(vae_batch_set_noise(fresh, 0, 0));
    MUST(vae_batch_set_samples(fresh, 1));
    MUST(vae_batch_set_beta(fresh, 1));
    MUST(vae_batch_set_reduction(fresh, "mean"));
    ck_assert_double_eq(loss_of(&f), defaults);
    vae_batch_free(old);
    fixture_free(&f);
}
END_TEST

START_TEST(limits_are_the_documented_ones)
{
    vae_batch *batch;

    MUST(vae_batch_new(&batch, NULL));
    MUST(vae_batch_set_samples(batch, 1));
    MUST(vae_batch_set_samples(batch, 65536));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_samples(batch, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_samples(batch, 65537));
    MUST(vae_batch_set_beta(batch, 0));
    MUST(vae_batch_set_beta(batch, 1e6));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_beta(batch, -1e-9));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_beta(batch, 1.1e6));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_beta(batch, NAN));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_beta(batch, INFINITY));
    MUST(vae_batch_set_noise(batch, UINT64_MAX, UINT32_MAX));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_noise(batch, 0, (uint64_t)UINT32_MAX + 1));
    MUST(vae_batch_set_reduction(batch, "sum"));
    MUST_FAIL(VAE_EUNKNOWN, vae_batch_set_reduction(batch, "average"));
    vae_batch_free(batch);
}
END_TEST

/* A refused beta, number of samples or place leaves the earlier one. */
START_TEST(a_refused_value_changes_nothing)
{
    fixture f;
    double before;

    fixture_new(&f, &shape, NULL);
    MUST(vae_batch_set_eps(f.batch, NULL));
    before = loss_of(&f);
    MUST_FAIL(VAE_EINVAL, vae_batch_set_beta(f.batch, -1));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_samples(f.batch, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_noise(f.batch, 99, UINT64_MAX));
    MUST_FAIL(VAE_EUNKNOWN, vae_batch_set_reduction(f.batch, ""));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_input(f.batch, NULL, 9, 0));
    ck_assert_double_eq(loss_of(&f), before);
    fixture_free(&f);
}
END_TEST

static vae_status set_floats(vae_batch *batch, size_t which, const float *x, size_t rows,
                             size_t stride)
{
    static vae_status (*const setters[])(vae_batch *, const float *, size_t, size_t) = {
        vae_batch_set_input, vae_batch_set_target, vae_batch_set_condition, vae_batch_set_latent};
    return setters[which](batch, x, rows, stride);
}

START_TEST(rows_that_cannot_be_are_refused)
{
    float x[4] = {0};
    vae_batch *batch;

    MUST(vae_batch_new(&batch, NULL));
    ck_assert_int_eq(set_floats(NULL, (size_t)_i, x, 1, 0), VAE_EINVAL);
    ck_assert_int_eq(set_floats(batch, (size_t)_i, NULL, 1, 0), VAE_EINVAL);
    ck_assert_int_eq(set_floats(batch, (size_t)_i, x, 0, 0), VAE_EINVAL);
    ck_assert_int_eq(set_floats(batch, (size_t)_i, x, SIZE_MAX, 2), VAE_EINVAL);
    ck_assert_int_eq(set_floats(batch, (size_t)_i, x, 2, SIZE_MAX / 2), VAE_EINVAL);
    ck_assert_int_eq(set_floats(batch, (size_t)_i, x, 1, 4), VAE_OK);
    vae_batch_free(batch);
}
END_TEST

START_TEST(byte_rows_that_cannot_be_are_refused)
{
    uint8_t x[4] = {0};
    vae_batch *batch;

    MUST(vae_batch_new(&batch, NULL));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_input_uint8(NULL, x, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_input_uint8(batch, NULL, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_input_uint8(batch, x, 0, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_input_uint8(batch, x, SIZE_MAX, 2));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_target_uint8(NULL, x, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_target_uint8(batch, NULL, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_target_uint8(batch, x, 0, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_target_uint8(batch, x, SIZE_MAX, 2));
    vae_batch_free(batch);
    vae_batch_free(NULL);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, without_a_target_the_input_is_the_target);
    tcase_add_test(tests, clear_forgets_rows_and_keeps_noise_samples_and_weights);
    tcase_add_test(tests, a_later_set_of_rows_replaces_an_earlier_one_of_the_other_type);
    tcase_add_test(tests, defaults_are_one_sample_beta_one_mean_and_place_zero);
    tcase_add_test(tests, limits_are_the_documented_ones);
    tcase_add_test(tests, a_refused_value_changes_nothing);
    tcase_add_loop_test(tests, rows_that_cannot_be_are_refused, 0, 4);
    tcase_add_test(tests, byte_rows_that_cannot_be_are_refused);
}

int main(void)
{
    return check_run("batch", add);
}
