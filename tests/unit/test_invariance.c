/* SPDX-License-Identifier: MIT */
/* What must not change a result: threads, how rows are split, stored or ordered, and the caller's
 * rounding. */
#include <fenv.h>
#include <math.h>

#include "support/check_main.h"
#include "support/result.h"

static const fixture_case shape = {.input = 37,
                                   .latent = 5,
                                   .output = 19,
                                   .condition = 2,
                                   .encoder = "33,20",
                                   .decoder = "21,40",
                                   .activation = "silu",
                                   .rows = 130,
                                   .samples = 2,
                                   .beta = 0.5,
                                   .reduction = "sum"};

static vae_context *with_gemm(const char *gemm)
{
    vae_context *context;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (vae_context_set_text(context, "gemm", gemm) == VAE_OK) return context;
    ck_assert_str_eq(gemm, "blas"); /* a build may lack only this one */
    vae_context_free(context);
    return NULL;
}

static const char *const gemms[] = {"builtin", "blas"};

START_TEST(threads_change_no_bit)
{
    vae_context *context = with_gemm(gemms[_i]);
    fixture f;
    result one;

    if (context == NULL) return;
    fixture_new(&f, &shape, context);
    one = result_of(&f, f.rows, 1);
    for (size_t threads = 2; threads <= 7; threads++) {
        result many = result_of(&f, f.rows, threads);
        result_expect_same_bits(&one, &many);
        result_free(&many);
    }
    result_free(&one);
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

/* Points the batch at rows first .. first + rows - 1, one sample. */
static void take_rows(fixture *f, size_t first, size_t rows)
{
    MUST(vae_batch_set_input(f->batch, f->x + first * f->input, rows, 0));
    MUST(vae_batch_set_target(f->batch, f->target + first * f->output, rows, 0));
    MUST(vae_batch_set_condition(f->batch, f->condition + first * f->condition_dim, rows, 0));
    MUST(vae_batch_set_eps(f->batch, f->eps + first * f->latent));
    f->rows = rows;
}

static void expect_row(const result *batch, const result *row, size_t index, size_t input,
                       double tolerance)
{
    const float *dx = batch->dx + index * input;

    ck_assert_double_le(fabs(batch->rows[index] - row->rows[0]), tolerance * row->rows[0]);
    ck_assert_double_le(fabs(batch->rows_kl[index] - row->rows_kl[0]), tolerance * row->rows_kl[0]);
    for (size_t i = 0; i < input; i++)
        ck_assert_float_le(fabsf(dx[i] - row->dx[i]), (float)tolerance);
}

START_TEST(a_batch_equals_its_rows)
{
    static const double tolerances[] = {0, 1e-5};
    vae_context *context = with_gemm(gemms[_i]);
    fixture_case c = shape;
    fixture f;
    result batch;

    if (context == NULL) return;
    c.samples = 1;
    fixture_new(&f, &c, context);
    batch = result_of(&f, f.rows, 2);
    for (size_t r = 0; r < c.rows; r++) {
        take_rows(&f, r, 1);
        result row = result_of(&f, 1, 1);
        expect_row(&batch, &row, r, f.input, tolerances[_i]);
        result_free(&row);
    }
    result_free(&batch);
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

START_TEST(scores_average_to_the_loss)
{
    fixture f;
    result r;
    double reconstruction = 0, kl = 0;

    fixture_new(&f, &shape, NULL);
    r = result_of(&f, f.rows, 2);
    for (size_t i = 0; i < f.rows; i++) {
        reconstruction += r.rows[i] / (double)f.rows;
        kl += r.rows_kl[i] / (double)f.rows;
    }
    ck_assert_double_eq_tol(r.reconstruction, reconstruction, 1e-6 * reconstruction);
    ck_assert_double_eq_tol(r.kl, kl, 1e-6 * kl);
    ck_assert_double_eq_tol(r.loss, r.reconstruction + shape.beta * r.kl, 1e-12 * r.loss);
    result_free(&r);
    fixture_free(&f);
}
END_TEST

/* Row r goes to row (r * 37 + 11) mod 130. */
static size_t moved(size_t r)
{
    return (r * 37 + 11) % 130;
}

static void permute(float *values, size_t rows, size_t dim)
{
    float *copy = fixture_floats(rows * dim);
    memcpy(copy, values, rows * dim * sizeof *copy);
    for (size_t r = 0; r < rows; r++)
        memcpy(values + moved(r) * dim, copy + r * dim, dim * sizeof *copy);
    free(copy);
}

START_TEST(permuting_rows_permutes_results)
{
    vae_context *context = with_gemm("builtin");
    fixture f;
    result before, after;

    fixture_new(&f, &shape, context);
    before = result_of(&f, f.rows, 2);
    permute(f.x, f.rows, f.input);
    permute(f.target, f.rows, f.output);
    permute(f.condition, f.rows, f.condition_dim);
    for (size_t l = 0; l < f.samples; l++) permute(f.eps + l * f.rows * f.latent, f.rows, f.latent);
    after = result_of(&f, f.rows, 2);
    for (size_t r = 0; r < f.rows; r++) {
        ck_assert_double_eq(before.rows[r], after.rows[moved(r)]);
        ck_assert_double_eq(before.rows_kl[r], after.rows_kl[moved(r)]);
        ck_assert_mem_eq(before.dx + r * f.input, after.dx + moved(r) * f.input,
                         f.input * sizeof(float));
    }
    ck_assert_double_eq_tol(before.loss, after.loss, 1e-9 * before.loss);
    result_free(&before);
    result_free(&after);
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

static uint8_t *bytes_for(float *values, size_t n)
{
    uint8_t *bytes = fixture_alloc(n, 1);
    for (size_t i = 0; i < n; i++) {
        bytes[i] = (uint8_t)(i < 256 ? i : (size_t)(255.99f * values[i]));
        values[i] = (float)bytes[i] / 255.0f;
    }
    return bytes;
}

START_TEST(bytes_equal_their_floats)
{
    fixture f;
    result as_float, as_bytes;
    uint8_t *x, *target;

    fixture_new(&f, &shape, NULL);
    x = bytes_for(f.x, f.rows * f.input);
    target = bytes_for(f.target, f.rows * f.output);
    as_float = result_of(&f, f.rows, 2);
    MUST(vae_batch_set_input_uint8(f.batch, x, f.rows, 0));
    MUST(vae_batch_set_target_uint8(f.batch, target, f.rows, 0));
    as_bytes = result_of(&f, f.rows, 2);
    result_expect_same_bits(&as_float, &as_bytes);
    result_free(&as_float);
    result_free(&as_bytes);
    free(x);
    free(target);
    fixture_free(&f);
}
END_TEST

/* A copy with gaps of 3 that hold NaN: whoever reads one notices. */
static float *spread(const float *values, size_t rows, size_t dim)
{
    float *wide = fixture_floats(rows * (dim + 3));
    for (size_t i = 0; i < rows * (dim + 3); i++) wide[i] = NAN;
    for (size_t r = 0; r < rows; r++)
        memcpy(wide + r * (dim + 3), values + r * dim, dim * sizeof *wide);
    return wide;
}

START_TEST(gaps_between_rows_change_no_bit)
{
    fixture f;
    result packed, strided;
    float *x, *target, *condition;

    fixture_new(&f, &shape, NULL);
    packed = result_of(&f, f.rows, 2);
    x = spread(f.x, f.rows, f.input);
    target = spread(f.target, f.rows, f.output);
    condition = spread(f.condition, f.rows, f.condition_dim);
    MUST(vae_batch_set_input(f.batch, x, f.rows, f.input + 3));
    MUST(vae_batch_set_target(f.batch, target, f.rows, f.output + 3));
    MUST(vae_batch_set_condition(f.batch, condition, f.rows, f.condition_dim + 3));
    strided = result_of(&f, f.rows, 2);
    result_expect_same_bits(&packed, &strided);
    result_free(&packed);
    result_free(&strided);
    free(x);
    free(target);
    free(condition);
    fixture_free(&f);
}
END_TEST

START_TEST(input_gradient_keeps_to_its_rows)
{
    fixture f;
    result packed;
    vae_workspace *workspace;
    size_t stride;
    float *dx;

    fixture_new(&f, &shape, NULL);
    packed = result_of(&f, f.rows, 2);
    stride = f.input + 2;
    dx = fixture_floats(f.rows * stride);
    for (size_t i = 0; i < f.rows * stride; i++) dx[i] = 77;
    MUST(vae_workspace_new(&workspace, f.model, "gradient", f.rows, f.samples, 2));
    MUST(vae_loss_gradient(workspace, f.model, f.batch, NULL, NULL, NULL, packed.gradient, dx,
                           stride));
    for (size_t r = 0; r < f.rows; r++) {
        ck_assert_mem_eq(dx + r * stride, packed.dx + r * f.input, f.input * sizeof *dx);
        ck_assert_float_eq(dx[r * stride + f.input], 77);
        ck_assert_float_eq(dx[r * stride + f.input + 1], 77);
    }
    vae_workspace_free(workspace);
    free(dx);
    result_free(&packed);
    fixture_free(&f);
}
END_TEST

/* Weights drawn from a seed, then an output set to start at a mean. */
static float *first_weights(const fixture *f, size_t *n)
{
    vae_model *model;
    MUST(vae_model_new(&model, vae_model_config(f->model), 3));
    MUST(vae_model_set_output_mean(model, f->target, f->output));
    *n = vae_model_parameter_count(model);
    float *weights = fixture_floats(*n);
    memcpy(weights, vae_model_parameters(model), *n * sizeof *weights);
    vae_model_free(model);
    return weights;
}

START_TEST(the_callers_rounding_changes_no_bit)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    fixture f;
    size_t n, m;

    fixture_new(&f, &shape, NULL);
    MUST(vae_batch_set_reduction(f.batch, "mean"));
    result nearest = result_of(&f, f.rows, 2);
    float *weights = first_weights(&f, &n);
    ck_assert_int_eq(fesetround(modes[_i]), 0);
    result other = result_of(&f, f.rows, 2);
    float *others = first_weights(&f, &m);
    ck_assert_int_eq(fegetround(), modes[_i]);
    ck_assert_int_eq(fesetround(FE_TONEAREST), 0);
    result_expect_same_bits(&nearest, &other);
    ck_assert_uint_eq(n, m);
    ck_assert_mem_eq(weights, others, n * sizeof *weights);
    free(weights);
    free(others);
    result_free(&nearest);
    result_free(&other);
    fixture_free(&f);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, threads_change_no_bit, 0, 2);
    tcase_add_loop_test(tests, a_batch_equals_its_rows, 0, 2);
    tcase_add_test(tests, scores_average_to_the_loss);
    tcase_add_test(tests, permuting_rows_permutes_results);
    tcase_add_test(tests, bytes_equal_their_floats);
    tcase_add_test(tests, gaps_between_rows_change_no_bit);
    tcase_add_test(tests, input_gradient_keeps_to_its_rows);
    tcase_add_loop_test(tests, the_callers_rounding_changes_no_bit, 0, 3);
}

int main(void)
{
    return check_run("invariance", add);
}
