/* SPDX-License-Identifier: MIT */
#include "math/block.h"

#include <math.h>
#include <string.h>

#include "support/check_main.h"
#include "support/guard.h"

enum { LONGEST = 70 };

/* Numbers of many sizes and both signs. */
static float number(size_t i)
{
    return (i % 2 ? -1.0f : 1.0f) *
           ldexpf(1.0f + (float)(i * 37 % 64) / 64.0f, (int)(i * 7 % 9) - 4);
}

#define EACH_LEVEL(level)                                                                          \
    for (size_t level = 0; level < VAE__LEVEL_COUNT; level++)                                      \
        if (vae__level_supported(level))

START_TEST(the_magnitude_is_the_largest_wherever_it_stands)
{
    float v[LONGEST];
    for (size_t n = 1; n <= LONGEST; n++)
        for (size_t at = 0; at < n; at++) {
            for (size_t i = 0; i < n; i++) v[i] = number(i);
            v[at] = at % 2 ? 1000.0f : -1000.0f;
            EACH_LEVEL(level) ck_assert_uint_eq(vae__magnitude[level](n, v), guard_bits(1000.0f));
        }
    EACH_LEVEL(level) ck_assert_uint_eq(vae__magnitude[level](0, v), 0);
}
END_TEST

START_TEST(a_nan_or_an_infinity_anywhere_is_seen)
{
    static const float wrong[] = {NAN, -NAN, INFINITY, -INFINITY};
    float v[LONGEST], out[LONGEST];
    for (size_t at = 0; at < LONGEST; at++)
        for (size_t k = 0; k < 4; k++) {
            for (size_t i = 0; i < LONGEST; i++) v[i] = number(i);
            v[at] = wrong[k];
            EACH_LEVEL(level)
            {
                ck_assert_uint_ge(vae__magnitude[level](LONGEST, v), VAE__MAGNITUDE_INFINITE);
                ck_assert_uint_ge(vae__from_float[level](LONGEST, v, out), VAE__MAGNITUDE_INFINITE);
            }
        }
    v[0] = INFINITY, v[1] = NAN;
    EACH_LEVEL(level) ck_assert_uint_gt(vae__magnitude[level](2, v), VAE__MAGNITUDE_INFINITE);
}
END_TEST

/* The squares of short floats add without rounding. */
START_TEST(the_sum_of_squares_is_exact_in_double)
{
    float v[LONGEST];
    for (size_t n = 0; n <= LONGEST; n++) {
        double truth = 0;
        for (size_t i = 0; i < n; i++) {
            v[i] = number(i);
            truth += (double)v[i] * (double)v[i];
        }
        EACH_LEVEL(level) ck_assert_double_eq(vae__square_sum[level](n, v), truth);
    }
    v[0] = 3e38f;
    EACH_LEVEL(level)
    ck_assert_double_eq(vae__square_sum[level](1, v), (double)v[0] * (double)v[0]);
}
END_TEST

START_TEST(bytes_become_their_quotient_rounded_once)
{
    uint8_t k[256];
    for (size_t i = 0; i < 256; i++) k[i] = (uint8_t)(i * 77); /* 77 is odd: every byte once */
    for (size_t n = 0; n <= 256; n += n < LONGEST ? 1 : 31) EACH_LEVEL(level)
        {
            guard out = guard_new(n + 1);
            float most = 0;
            uint32_t magnitude = vae__from_uint8[level](n, k, 255.0f, out.data);
            for (size_t i = 0; i < n; i++) {
                ck_assert_float_eq(out.data[i], (float)k[i] / 255.0f);
                most = fmaxf(most, out.data[i]);
            }
            ck_assert_uint_eq(magnitude, guard_bits(most));
            guard_check(&out, n, n + 1, "out");
            guard_free(&out);
        }
}
END_TEST

/* Seen as NaN where lanes past the end reach the magnitude: 0 / 0. */
START_TEST(bytes_past_the_end_count_for_nothing)
{
    uint8_t k = 1;
    float out;
    EACH_LEVEL(level)
    ck_assert_uint_eq(vae__from_uint8[level](1, &k, 0.0f, &out), VAE__MAGNITUDE_INFINITE);
}
END_TEST

START_TEST(floats_are_copied_with_their_magnitude)
{
    float v[LONGEST];
    for (size_t i = 0; i < LONGEST; i++) v[i] = number(i);
    for (size_t n = 0; n <= LONGEST; n++) EACH_LEVEL(level)
        {
            guard out = guard_new(n + 1);
            ck_assert_uint_eq(vae__from_float[level](n, v, out.data), vae__magnitude[0](n, v));
            ck_assert_mem_eq(out.data, v, n * sizeof *v);
            guard_check(&out, n, n + 1, "out");
            guard_free(&out);
        }
}
END_TEST

START_TEST(a_number_becomes_1_with_its_own_probability)
{
    for (size_t n = 0; n <= LONGEST; n++) EACH_LEVEL(level)
        {
            guard x = guard_new(n + 1);
            float u[LONGEST];
            for (size_t i = 0; i < n; i++) {
                x.data[i] = (float)(i % 5) / 4.0f; /* 0, 1/4 ... 1 */
                u[i] = (float)(i * 3 % 8) / 8.0f;  /* [0, 1) */
            }
            vae__binarize[level](n, u, x.data);
            for (size_t i = 0; i < n; i++)
                ck_assert_float_eq(x.data[i], u[i] < (float)(i % 5) / 4.0f ? 1.0f : 0.0f);
            guard_check(&x, n, n + 1, "x");
            guard_free(&x);
        }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, the_magnitude_is_the_largest_wherever_it_stands);
    tcase_add_test(tests, a_nan_or_an_infinity_anywhere_is_seen);
    tcase_add_test(tests, the_sum_of_squares_is_exact_in_double);
    tcase_add_test(tests, bytes_become_their_quotient_rounded_once);
    tcase_add_test(tests, bytes_past_the_end_count_for_nothing);
    tcase_add_test(tests, floats_are_copied_with_their_magnitude);
    tcase_add_test(tests, a_number_becomes_1_with_its_own_probability);
}

int main(void)
{
    return check_run("block", add);
}
