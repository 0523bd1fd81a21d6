/* SPDX-License-Identifier: MIT */
/* Grey means become binary at each use, from noise that belongs to the row and the step. */
#include "data/source.h"

#include <float.h>
#include <math.h>

#include "support/check_main.h"
#include "support/disk.h"
#include "support/fixtures.h"

#define ROWS 7
#define DIM 300 /* more than are binarised at a time */

/* Rows index[] of the source as a step loads them, in pieces of `piece` rows. */
static void load_step(const vae_source *source, const uint64_t *index, size_t n, size_t piece,
                      uint64_t step, float *out)
{
    struct vae__rows view;
    struct vae__noise noise = vae__noise_at(11, step, VAE__PURPOSE_BINARIZE, 0);
    float *staging = fixture_floats(n * vae_source_dim(source) + 1);

    MUST(vae__source_view("step", source, index, 0, n, staging, NULL, noise, 0, &view));
    for (size_t first = 0; first < n; first += piece)
        vae__rows_load(&view, 0, first, n - first < piece ? n - first : piece,
                       out + first * view.dim, view.dim);
    free(staging);
}

START_TEST(threshold_cuts_at_a_half)
{
    static const float data[] = {0.0f, 0.25f, 0.49999997f, 0.5f, 0.75f, 1.0f};
    static const uint64_t zero[] = {0};
    float x[6];
    vae_source *source;

    MUST(vae_source_from_float(&source, NULL, data, 1, 6, 0));
    MUST(vae_source_set_binarize(source, "threshold"));
    load_step(source, zero, 1, 1, 0, x);
    for (size_t i = 0; i < 6; i++) ck_assert_float_eq(x[i], i < 3 ? 0.0f : 1.0f);
    MUST(vae_source_read(source, 0, 1, x));
    ck_assert_mem_eq(x, data, sizeof x);
    vae_source_free(source);
}
END_TEST

START_TEST(bernoulli_draws_have_the_rows_as_means)
{
    enum { DRAWS = 4000 };
    static const uint64_t zero[] = {0};
    float data[DIM], x[DIM];
    double *sum = fixture_doubles(DIM);
    vae_source *source;

    for (size_t i = 0; i < DIM; i++) data[i] = (float)i / (DIM - 1);
    MUST(vae_source_from_float(&source, NULL, data, 1, DIM, 0));
    MUST(vae_source_set_binarize(source, "bernoulli"));
    for (uint64_t step = 0; step < DRAWS; step++) {
        load_step(source, zero, 1, 1, step, x);
        for (size_t i = 0; i < DIM; i++) {
            ck_assert(x[i] == 0.0f || x[i] == 1.0f);
            sum[i] += (double)x[i];
        }
    }
    for (size_t i = 0; i < DIM; i++) {
        double p = (double)data[i], sigma = sqrt(p * (1.0 - p) / DRAWS);
        ck_assert_double_le(fabs(sum[i] / DRAWS - p), 5.0 * sigma + 1e-12);
    }
    vae_source_free(source);
    free(sum);
}
END_TEST

/* The same numbers whatever the split, the memory behind the rows, or the kernels' level. */
START_TEST(bernoulli_draws_belong_to_the_row_of_the_step)
{
    static const uint64_t index[] = {4, 0, 6, 6, 2, 1, 3, 5, 0};
    enum { N = sizeof index / sizeof index[0] };
    float *data = fixture_floats(ROWS * DIM), *whole = fixture_floats(N * DIM);
    float *split = fixture_floats(N * DIM);
    disk d = {.x = data, .dim = DIM};
    vae_source *memory, *callback;

    fixture_uniform(data, ROWS * DIM, 0.0, 1.0, 4);
    MUST(vae_source_from_float(&memory, NULL, data, ROWS, DIM, 0));
    MUST(vae_source_from_callback(&callback, NULL, ROWS, DIM, read_disk, &d));
    MUST(vae_source_set_binarize(memory, "bernoulli"));
    MUST(vae_source_set_binarize(callback, "bernoulli"));
    load_step(memory, index, N, N, 3, whole);
    for (size_t piece = 1; piece < N; piece++) {
        load_step(memory, index, N, piece, 3, split);
        ck_assert_mem_eq(whole, split, N * DIM * sizeof *whole);
    }
    load_step(callback, index, N, 4, 3, split);
    ck_assert_mem_eq(whole, split, N * DIM * sizeof *whole);
    ck_assert_mem_ne(whole + 2 * DIM, whole + 3 * DIM, DIM * sizeof *whole);
    load_step(memory, index, N, N, 4, split);
    ck_assert_mem_ne(whole, split, N * DIM * sizeof *whole);
    vae_source_free(memory);
    vae_source_free(callback);
    free(data);
    free(whole);
    free(split);
}
END_TEST

START_TEST(binarisation_hides_no_nan)
{
    float data[2 * 3] = {0.5f, 0.5f, 0.5f, 0.5f, NAN, 0.5f}, x[6];
    struct vae__noise noise = vae__noise_at(1, 0, VAE__PURPOSE_BINARIZE, 0);
    struct vae__rows view;
    vae_source *source;

    MUST(vae_source_from_float(&source, NULL, data, 2, 3, 0));
    for (size_t kind = 0; vae_kind("binarize", kind); kind++) {
        MUST(vae_source_set_binarize(source, vae_kind("binarize", kind)));
        MUST(vae__source_view("v", source, NULL, 0, 2, NULL, NULL, noise, 0, &view));
        ck_assert_uint_lt(vae__rows_load(&view, 0, 0, 1, x, 3), 0x7f800000u);
        ck_assert_uint_gt(vae__rows_load(&view, 0, 1, 1, x, 3), 0x7f800000u);
    }
    vae_source_free(source);
}
END_TEST

/* Binary rows do not hide from a likelihood that they come from what is no mean. */
START_TEST(what_is_no_mean_is_refused)
{
    static const char *const hows[] = {"threshold", "bernoulli"};
    static const float wrong[] = {-0.5f, 1.5f, -FLT_MIN, 1.0f + FLT_EPSILON};
    float data[DIM] = {0};
    vae_source *source;
    vae_config *config;
    vae_model *model;
    vae_trainer *trainer;

    MUST(vae_source_from_float(&source, NULL, data, 1, DIM, 0));
    MUST(vae_source_set_binarize(source, hows[_i]));
    MUST(vae_config_new(&config, NULL, DIM, 2));
    MUST(vae_config_set_likelihood(config, "bernoulli"));
    MUST(vae_model_new(&model, config, 1));
    MUST(vae_trainer_new(&trainer, model, "sgd"));
    MUST(vae_trainer_set_data(trainer, source, NULL, NULL));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        data[DIM - 2] = wrong[i];
        MUST_FAIL(VAE_EINVAL, vae_trainer_step(trainer));
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "number 298 of row 0 of the target is"));
    }
    data[DIM - 2] = -0.0f;
    MUST(vae_trainer_step(trainer));
    data[DIM - 2] = 1.0f;
    MUST(vae_trainer_step(trainer));
    vae_trainer_free(trainer);
    vae_model_free(model);
    vae_config_free(config);
    vae_source_free(source);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, threshold_cuts_at_a_half);
    tcase_add_test(tests, bernoulli_draws_have_the_rows_as_means);
    tcase_add_test(tests, bernoulli_draws_belong_to_the_row_of_the_step);
    tcase_add_test(tests, binarisation_hides_no_nan);
    tcase_add_loop_test(tests, what_is_no_mean_is_refused, 0, 2);
}

int main(void)
{
    return check_run("binarize", add);
}
