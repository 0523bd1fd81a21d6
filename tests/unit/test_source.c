/* SPDX-License-Identifier: MIT */
/* Sources: what a row is, whatever it is made of, and what is refused. */
#include "data/source.h"

#include <fenv.h>
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/disk.h"
#include "support/fixtures.h"
#include "support/heap.h"

#define ROWS 7
#define DIM 300
#define STRIDE 311

static void read_all(const vae_source *source, float *out)
{
    MUST(vae_source_read(source, 0, vae_source_rows(source), out));
}

START_TEST(bytes_are_divided_exactly)
{
    uint8_t bytes[256];
    float x[256];
    vae_source *source;

    for (int k = 0; k < 256; k++) bytes[k] = (uint8_t)k;
    MUST(vae_source_from_uint8(&source, NULL, bytes, 1, 256, 0));
    read_all(source, x);
    for (int k = 0; k < 256; k++) ck_assert_float_eq(x[k], (float)k / 255.0f);
    MUST(vae_source_set_scale(source, 3.7));
    read_all(source, x);
    for (int k = 0; k < 256; k++) ck_assert_float_eq(x[k], (float)k / 3.7f);
    vae_source_free(source);
}
END_TEST

START_TEST(rows_may_have_gaps)
{
    float *data = fixture_floats(ROWS * STRIDE), *x = fixture_floats(ROWS * DIM);
    uint8_t *bytes = fixture_alloc(ROWS * STRIDE, 1);
    vae_source *source;

    fixture_normal(data, ROWS * STRIDE, 1);
    for (size_t i = 0; i < ROWS * STRIDE; i++) bytes[i] = (uint8_t)(i * 31 % 251);
    MUST(vae_source_from_float(&source, NULL, data, ROWS, DIM, STRIDE));
    ck_assert_uint_eq(vae_source_rows(source), ROWS);
    ck_assert_uint_eq(vae_source_dim(source), DIM);
    read_all(source, x);
    for (size_t r = 0; r < ROWS; r++)
        ck_assert_mem_eq(x + r * DIM, data + r * STRIDE, DIM * sizeof *x);
    vae_source_free(source);

    MUST(vae_source_from_uint8(&source, NULL, bytes, ROWS, DIM, STRIDE));
    read_all(source, x);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t d = 0; d < DIM; d++)
            ck_assert_float_eq(x[r * DIM + d], (float)bytes[r * STRIDE + d] / 255.0f);
    vae_source_free(source);
    free(data);
    free(bytes);
    free(x);
}
END_TEST

START_TEST(labels_are_one_hot)
{
    static const uint8_t labels[] = {2, 0, 9, 4};
    float x[4 * 10];
    vae_source *source;

    MUST(vae_source_from_labels(&source, NULL, labels, 4, 10));
    ck_assert_uint_eq(vae_source_dim(source), 10);
    read_all(source, x);
    for (size_t r = 0; r < 4; r++)
        for (size_t c = 0; c < 10; c++)
            ck_assert_float_eq(x[r * 10 + c], c == labels[r] ? 1.0f : 0.0f);
    vae_source_free(source);
}
END_TEST

START_TEST(a_callback_is_asked_for_the_rows_it_answers)
{
    float *data = fixture_floats(ROWS * DIM), *x = fixture_floats(ROWS * DIM);
    disk d = {.x = data, .dim = DIM};
    vae_source *source;

    fixture_normal(data, ROWS * DIM, 2);
    MUST(vae_source_from_callback(&source, NULL, ROWS, DIM, read_disk, &d));
    read_all(source, x);
    ck_assert_mem_eq(x, data, ROWS * DIM * sizeof *x);
    MUST(vae_source_read(source, 5, 2, x));
    ck_assert_mem_eq(x, data + 5 * DIM, 2 * DIM * sizeof *x);
    vae_source_free(source);
    free(data);
    free(x);
}
END_TEST

START_TEST(a_callback_that_fails_ends_the_call)
{
    float data[ROWS * 2], x[ROWS * 2], least, largest;
    int binary;
    disk d = {.x = data, .dim = 2};
    uint64_t fingerprint;
    vae_source *source;

    fixture_uniform(data, ROWS * 2, 0.0, 1.0, 3);
    MUST(vae_source_from_callback(&source, NULL, ROWS, 2, read_disk, &d));
    d.fail_at = d.calls + 1;
    MUST_FAIL(VAE_ECALLBACK, vae_source_read(source, 0, ROWS, x));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "7"));
    d.fail_at = d.calls + 1;
    MUST_FAIL(VAE_ECALLBACK, vae_source_mean(source, x));
    d.fail_at = d.calls + 1;
    MUST_FAIL(VAE_ECALLBACK, vae_source_range(source, 0, &least, &largest, &binary));
    d.fail_at = d.calls + 1;
    ck_assert_int_eq(vae__source_fingerprint("f", source, &fingerprint), VAE_ECALLBACK);
    vae_source_free(source);
}
END_TEST

START_TEST(sources_refuse_what_makes_no_sense)
{
    static const float x[4];
    static const uint8_t bytes[4] = {0, 1, 2, 3};
    vae_source *source = (vae_source *)(uintptr_t)1;
    disk d = {.x = x, .dim = 1};

    MUST_FAIL(VAE_EINVAL, vae_source_from_float(NULL, NULL, x, 1, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, NULL, 1, 1, 0));
    ck_assert_ptr_null(source);
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, 0, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, 1, 0, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, 1, 4, 3));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, SIZE_MAX, 2, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, 2, SIZE_MAX, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, 2, 1, SIZE_MAX));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(NULL, NULL, bytes, 1, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(&source, NULL, NULL, 1, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(NULL, NULL, bytes, 4, 4));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&source, NULL, NULL, 4, 4));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&source, NULL, bytes, 4, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&source, NULL, bytes, 0, 4));
    for (size_t classes = SIZE_MAX; classes > PTRDIFF_MAX / sizeof(double); classes /= 2)
        MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&source, NULL, bytes, 1, classes));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(&source, NULL, bytes, 1, SIZE_MAX / 8, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&source, NULL, x, 1, SIZE_MAX / 8, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(&source, NULL, 1, SIZE_MAX / 8, read_disk, &d));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&source, NULL, bytes, 4, 3));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "row 3"));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(NULL, NULL, 1, 1, read_disk, &d));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(&source, NULL, 1, 1, NULL, &d));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(&source, NULL, 0, 1, read_disk, &d));
    ck_assert_ptr_null(source);
    ck_assert_uint_eq(vae_source_rows(NULL), 0);
    ck_assert_uint_eq(vae_source_dim(NULL), 0);
    vae_source_free(NULL);
}
END_TEST

START_TEST(questions_refuse_what_makes_no_sense)
{
    static const float data[4];
    static const uint8_t bytes[4];
    float x[4], least, largest;
    int binary;
    vae_source *floats, *labels, *grey;

    MUST(vae_source_from_float(&floats, NULL, data, 2, 2, 0));
    MUST(vae_source_from_labels(&labels, NULL, bytes, 4, 1));
    MUST(vae_source_from_uint8(&grey, NULL, bytes, 4, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(NULL, 1.0));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(grey, 0.0));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(grey, 2e30));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(grey, NAN));
    MUST_FAIL(VAE_ESTATE, vae_source_set_scale(floats, 1.0));
    MUST_FAIL(VAE_ESTATE, vae_source_set_scale(labels, 1.0));
    MUST_FAIL(VAE_EINVAL, vae_source_set_binarize(NULL, "none"));
    MUST_FAIL(VAE_EINVAL, vae_source_set_binarize(floats, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_source_set_binarize(floats, "dither"));
    MUST_FAIL(VAE_EINVAL, vae_source_read(NULL, 0, 1, x));
    MUST_FAIL(VAE_EINVAL, vae_source_read(floats, 0, 1, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_read(floats, 1, 2, x));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "2 rows from row 1 on; the source has 2"));
    MUST_FAIL(VAE_EINVAL, vae_source_read(floats, 3, SIZE_MAX, x));
    MUST(vae_source_read(floats, 2, 0, x));
    MUST_FAIL(VAE_EINVAL, vae_source_mean(NULL, x));
    MUST_FAIL(VAE_EINVAL, vae_source_mean(floats, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_range(NULL, 0, &least, &largest, &binary));
    MUST_FAIL(VAE_EINVAL, vae_source_range(floats, 0, NULL, &largest, &binary));
    MUST_FAIL(VAE_EINVAL, vae_source_range(floats, 0, &least, NULL, &binary));
    MUST_FAIL(VAE_EINVAL, vae_source_range(floats, 0, &least, &largest, NULL));
    vae_source_free(floats);
    vae_source_free(labels);
    vae_source_free(grey);
}
END_TEST

/* As many classes as may be: what a question would need is named, however much. */
START_TEST(questions_about_endless_rows_say_that_memory_ran_out)
{
    static const uint8_t label = 0;
    const size_t classes = PTRDIFF_MAX / sizeof(double);
    float x, least, largest;
    int binary;
    uint64_t print;
    char bytes[32];
    heap h = {.fail_at = SIZE_MAX};
    vae_context *context;
    vae_source *source;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    MUST(vae_source_from_labels(&source, context, &label, 1, classes));
    h.fail_at = h.calls + 1;
    MUST_FAIL(VAE_ENOMEM, vae_source_mean(source, &x));
    snprintf(bytes, sizeof bytes, "(%zu bytes", classes * sizeof(double));
    ck_assert_msg(strstr(vae_last_error(), bytes), "%s", vae_last_error());
    h.fail_at = h.calls + 1;
    MUST_FAIL(VAE_ENOMEM, vae_source_range(source, 0, &least, &largest, &binary));
    h.fail_at = h.calls + 1;
    ck_assert_int_eq(vae__source_fingerprint("f", source, &print), VAE_ENOMEM);
    vae_source_free(source);
    vae_context_free(context);
}
END_TEST

START_TEST(a_scale_does_not_depend_on_how_the_host_rounds)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    uint8_t bytes[255];
    float expected[255], x[255];
    vae_source *source;

    for (int k = 0; k < 255; k++) bytes[k] = (uint8_t)(k + 1);
    MUST(vae_source_from_uint8(&source, NULL, bytes, 1, 255, 0));
    for (double scale = 0.1; scale < 2000; scale *= 10.003) {
        MUST(vae_source_set_scale(source, scale));
        read_all(source, expected);
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
            ck_assert_int_eq(fesetround(modes[i]), 0);
            vae_status status = vae_source_set_scale(source, scale);
            fesetround(FE_TONEAREST);
            MUST(status);
            read_all(source, x);
            ck_assert_mem_eq(x, expected, sizeof x);
        }
    }
    vae_source_free(source);
}
END_TEST

START_TEST(memory_may_run_out_anywhere)
{
    static const float data[4];
    float mean[2], least, largest;
    int binary;
    heap h = {.fail_at = SIZE_MAX};
    vae_context *context;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    for (size_t k = 1;; k++) {
        vae_source *source = NULL;
        h.calls = 0;
        h.fail_at = k;
        vae_status status = vae_source_from_float(&source, context, data, 2, 2, 0);
        if (status == VAE_OK) status = vae_source_mean(source, mean);
        if (status == VAE_OK) status = vae_source_range(source, 0, &least, &largest, &binary);
        vae_source_free(source);
        ck_assert_uint_eq(h.held, 1);
        if (status == VAE_OK) break;
        ck_assert_int_eq(status, VAE_ENOMEM);
        ck_assert_uint_lt(k, 20);
    }
    vae_context_free(context);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, bytes_are_divided_exactly);
    tcase_add_test(tests, rows_may_have_gaps);
    tcase_add_test(tests, labels_are_one_hot);
    tcase_add_test(tests, a_callback_is_asked_for_the_rows_it_answers);
    tcase_add_test(tests, a_callback_that_fails_ends_the_call);
    tcase_add_test(tests, sources_refuse_what_makes_no_sense);
    tcase_add_test(tests, questions_refuse_what_makes_no_sense);
    tcase_add_test(tests, questions_about_endless_rows_say_that_memory_ran_out);
    tcase_add_test(tests, a_scale_does_not_depend_on_how_the_host_rounds);
    tcase_add_test(tests, memory_may_run_out_anywhere);
}

int main(void)
{
    return check_run("source", add);
}
