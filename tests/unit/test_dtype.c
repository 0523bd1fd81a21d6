/* SPDX-License-Identifier: MIT */
#include "io/dtype.h"
#include "support/check_main.h"

#include <fenv.h>
#include <math.h>

#define N(list) (sizeof(list) / sizeof(list)[0])

static float convert(const char *dtype, const unsigned char *bytes)
{
    const struct vae__dtype *type = vae__dtype_find(dtype);
    float value = 0.0f;
    ck_assert_ptr_nonnull(type);
    type->to_floats(bytes, 1, &value);
    return value;
}

static float from_double(double value)
{
    unsigned char bytes[8];
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    vae__store_u64(bits, bytes);
    return convert("F64", bytes);
}

static float from_u16(const char *dtype, unsigned bits)
{
    const unsigned char bytes[2] = {(unsigned char)(bits & 0xff), (unsigned char)(bits >> 8)};
    return convert(dtype, bytes);
}

static void expect_bits(float value, float expected)
{
    ck_assert_mem_eq(&value, &expected, sizeof value);
}

static const struct {
    double wide;
    float narrow;
} edges[] = {
    {0.0, 0.0f},
    {-0.0, -0.0f},
    {1.0, 1.0f},
    {0x1.000001p0, 0x1p0f},               /* a tie goes to the even neighbour, */
    {0x1.000003p0, 0x1.000004p0f},        /* here the upper one */
    {0x1.0000010000001p0, 0x1.000002p0f}, /* just above a tie */
    {-0x1.000003p0, -0x1.000004p0f},
    {0x1.fffffep127, 0x1.fffffep127f}, /* the largest */
    {0x1.fffffefffffffp127, 0x1.fffffep127f},
    {0x1.ffffffp127, INFINITY}, /* half a step above it */
    {-0x1p128, -INFINITY},
    {1e300, INFINITY},
    {0x1p-126, 0x1p-126f},        /* the smallest normal */
    {0x1.ffffffp-127, 0x1p-126f}, /* rounds up into it */
    {0x1p-149, 0x1p-149f},        /* the smallest */
    {0x1p-150, 0.0f},             /* half of it: a tie to even */
    {0x1.0000000000001p-150, 0x1p-149f},
    {0x1.8p-149, 0x1p-148f},
    {-0x1.4p-149, -0x1p-149f},
    {0x1p-151, 0.0f},
    {-0x1p-1074, -0.0f},
    {INFINITY, INFINITY},
};

START_TEST(f64_rounds_to_nearest_even)
{
    expect_bits(from_double(edges[_i].wide), edges[_i].narrow);
}
END_TEST

START_TEST(f64_rounds_alike_in_every_rounding_mode)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    float values[N(edges)];
    for (size_t m = 0; m < N(modes); m++) {
        fesetround(modes[m]);
        for (size_t i = 0; i < N(edges); i++) values[i] = from_double(edges[i].wide);
        fesetround(FE_TONEAREST);
        for (size_t i = 0; i < N(edges); i++) expect_bits(values[i], edges[i].narrow);
    }
}
END_TEST

START_TEST(f64_agrees_with_the_processor)
{
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        /* the exponents around a float's range, and fractions that tie */
        uint64_t exponent = 1023 - 155 + (state >> 20) % 290, bits = state & 0x800fffffffffffff;
        if (i & 1) bits &= ~(uint64_t)0xfffffff;
        double wide;
        bits |= exponent << 52;
        memcpy(&wide, &bits, sizeof wide);
        expect_bits(from_double(wide), (float)wide);
    }
}
END_TEST

START_TEST(every_f16_is_its_value)
{
    for (unsigned bits = 0; bits < 0x10000; bits++) {
        int exponent = (int)(bits >> 10 & 31);
        double fraction = bits & 1023, sign = bits & 0x8000 ? -1.0 : 1.0;
        double expected =
            exponent == 0 ? ldexp(fraction, -24) : ldexp(1024.0 + fraction, exponent - 25);
        float value = from_u16("F16", bits);
        if (exponent == 31 && fraction > 0.0)
            ck_assert(isnan(value));
        else
            expect_bits(value, (float)(sign * (exponent == 31 ? (double)INFINITY : expected)));
    }
}
END_TEST

START_TEST(bf16_is_the_upper_half_of_a_float)
{
    expect_bits(from_u16("BF16", 0x3f80), 1.0f);
    expect_bits(from_u16("BF16", 0xc049), -3.140625f);
    expect_bits(from_u16("BF16", 0x0001), 0x1p-133f);
    expect_bits(from_u16("BF16", 0x7f80), INFINITY);
    expect_bits(from_u16("BF16", 0x8000), -0.0f);
    ck_assert(isnan(from_u16("BF16", 0x7fc0)));
}
END_TEST

START_TEST(nan_stays_nan)
{
    static const uint64_t nans[] = {0x7ff8000000000000, 0x7ff0000000000001, 0xfff0000000000001,
                                    0x7fffffffffffffff};
    for (size_t i = 0; i < N(nans); i++) {
        unsigned char bytes[8];
        vae__store_u64(nans[i], bytes);
        ck_assert(isnan(convert("F64", bytes)));
    }
}
END_TEST

START_TEST(f32_keeps_its_bits)
{
    const unsigned char one[4] = {0, 0, 0x80, 0x3f}, tiny[4] = {1, 0, 0, 0};
    expect_bits(convert("F32", one), 1.0f);
    expect_bits(convert("F32", tiny), 0x1p-149f);
}
END_TEST

START_TEST(numbers_are_written_with_their_low_byte_first)
{
    const uint64_t eight = 0x0807060504030201;
    const uint32_t four[2] = {0x04030201, 0x08070605};
    const uint16_t two = 0x0201;
    unsigned char bytes[8];
    static const unsigned char expected[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    vae__file_order(8, &eight, 1, bytes);
    ck_assert_mem_eq(bytes, expected, 8);
    vae__file_order(4, four, 2, bytes);
    ck_assert_mem_eq(bytes, expected, 8);
    vae__file_order(2, &two, 1, bytes);
    ck_assert_mem_eq(bytes, expected, 2);
    vae__file_order(1, "abc", 3, bytes);
    ck_assert_mem_eq(bytes, "abc", 3);
    vae__store_u64(eight, bytes);
    ck_assert_mem_eq(bytes, expected, 8);
    ck_assert(vae__load_u64(expected) == eight);
}
END_TEST

START_TEST(bytes_are_reversed_within_each_element)
{
    char to[9] = "";
    vae__reverse_bytes(4, "abcdefgh", 2, to);
    ck_assert_str_eq(to, "dcbahgfe");
    vae__reverse_bytes(8, "abcdefgh", 1, to);
    ck_assert_str_eq(to, "hgfedcba");
    vae__reverse_bytes(1, "abcdefgh", 8, to);
    ck_assert_str_eq(to, "abcdefgh");
}
END_TEST

START_TEST(dtypes_are_found_by_their_whole_name)
{
    ck_assert_uint_eq(vae__dtype_find("F32")->bytes, 4);
    ck_assert_uint_eq(vae__dtype_find("BOOL")->bytes, 1);
    ck_assert_uint_eq(vae__dtype_find("I64")->bytes, 8);
    ck_assert_ptr_null(vae__dtype_find("F"));
    ck_assert_ptr_null(vae__dtype_find("F321"));
    ck_assert_ptr_null(vae__dtype_find(""));
    ck_assert_ptr_null(vae__dtype_find("f32"));
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, f64_rounds_to_nearest_even, 0, (int)N(edges));
    tcase_add_test(tests, f64_rounds_alike_in_every_rounding_mode);
    tcase_add_test(tests, f64_agrees_with_the_processor);
    tcase_add_test(tests, every_f16_is_its_value);
    tcase_add_test(tests, bf16_is_the_upper_half_of_a_float);
    tcase_add_test(tests, nan_stays_nan);
    tcase_add_test(tests, f32_keeps_its_bits);
    tcase_add_test(tests, numbers_are_written_with_their_low_byte_first);
    tcase_add_test(tests, bytes_are_reversed_within_each_element);
    tcase_add_test(tests, dtypes_are_found_by_their_whole_name);
}

int main(void)
{
    return check_run("dtype", add);
}
