/* SPDX-License-Identifier: MIT */
#include "support/check_main.h"
#include "support/number.h"
#include "support/valgrind.h"

#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

/* A locale whose decimal point is no point, if this machine has one. */
static int set_comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",      "fr_FR.UTF-8",
                                        "fr_FR.utf8",  "pl_PL.UTF-8", "ru_RU.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (setlocale(LC_ALL, names[i]) && strcmp(localeconv()->decimal_point, ".") != 0) return 1;
    setlocale(LC_ALL, "C");
    return 0;
}

static const struct {
    double value;
    const char *text;
} doubles[] = {
    {0.0, "0"},
    {-0.0, "-0"},
    {1.0, "1"},
    {0.1, "0.1"},
    {0.5, "0.5"},
    {-2.5, "-2.5"},
    {1e-3, "0.001"},
    {1.0 / 3.0, "0.3333333333333333"},
    {0.1 + 0.2, "0.30000000000000004"},
    {-10.0, "-10"},
    {784.0, "784"},
    {1e5, "1e+05"},
    {1e300, "1e+300"},
    {4.9406564584124654e-324, "5e-324"},
    {INFINITY, "inf"},
    {-INFINITY, "-inf"},
};
#define N_DOUBLES (sizeof doubles / sizeof doubles[0])

static void expect_double(double value, const char *text)
{
    char formatted[VAE__NUMBER_TEXT];
    double parsed = 7.0;
    vae__format_double(value, formatted);
    ck_assert_str_eq(formatted, text);
    ck_assert_int_eq(vae__parse_double(formatted, &parsed), 0);
    ck_assert_mem_eq(&parsed, &value, sizeof value);
}

START_TEST(doubles_take_the_shortest_text_that_reads_back)
{
    expect_double(doubles[_i].value, doubles[_i].text);
}
END_TEST

START_TEST(doubles_are_alike_whichever_way_the_caller_rounds)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    static const double inexact[] = {0.1, 0.01, 0.001, 0.999, 1e-8, 1.0 / 3.0, 1e22 + 1e7, 5e-324};
    fesetround(modes[_i]);
    for (size_t i = 0; i < N_DOUBLES; i++) expect_double(doubles[i].value, doubles[i].text);
    for (size_t i = 0; i < sizeof inexact / sizeof inexact[0]; i++) {
        char text[VAE__NUMBER_TEXT];
        double parsed = 7.0;
        vae__format_double(-inexact[i], text);
        ck_assert_int_eq(vae__parse_double(text, &parsed), 0);
        ck_assert_msg(parsed == -inexact[i], "%s", text);
    }
    ck_assert_int_eq(fegetround(), modes[_i]);
    fesetround(FE_TONEAREST);
}
END_TEST

#ifdef __SSE2__
/* Every exception unmasked: those that strtod raises must not reach a host that traps them. */
START_TEST(no_number_traps)
{
    static const char *const texts[] = {"1e400", "-1e400", "1e-400", "5e-324", "0.1"};
    char text[VAE__NUMBER_TEXT];
    double value;
    if (under_valgrind()) return;
    const unsigned own = _mm_getcsr(), trapping = own & ~0x1f80u;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        _mm_setcsr(trapping);
        int answer = vae__parse_double(texts[i], &value);
        vae__format_double(value, text);
        unsigned after = _mm_getcsr();
        _mm_setcsr(own);
        ck_assert_int_eq(answer, 0);
        ck_assert_uint_eq(after & ~0x3fu, trapping & ~0x3fu);
    }
}
END_TEST
#endif

START_TEST(doubles_are_alike_in_a_comma_locale)
{
    char text[16];
    int comma = set_comma_locale();
    snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert(comma == (strcmp(text, "0.5") != 0));
    for (size_t i = 0; i < N_DOUBLES; i++) expect_double(doubles[i].value, doubles[i].text);
    double value;
    ck_assert_int_ne(vae__parse_double("0,5", &value), 0);
    setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(points_of_any_length_are_replaced)
{
    char text[8] = "-1.25";
    ck_assert_int_eq(vae__replace_point(text, sizeof text, ".", ","), 0);
    ck_assert_str_eq(text, "-1,25");
    ck_assert_int_eq(vae__replace_point(text, sizeof text, ",", "\xd9\xab"), 0);
    ck_assert_str_eq(text, "-1\xd9\xab"
                           "25");
    ck_assert_int_eq(vae__replace_point(text, sizeof text, "\xd9\xab", "."), 0);
    ck_assert_str_eq(text, "-1.25");
    ck_assert_int_eq(vae__replace_point(text, sizeof text, ";", "."), 0);
    ck_assert_str_eq(text, "-1.25");
    ck_assert_int_eq(vae__replace_point(text, 6, ".", ".."), -1);
    ck_assert_str_eq(text, "-1.25");
}
END_TEST

START_TEST(any_bits_of_a_double_survive_text)
{
    uint64_t state = 88172645463325252u;
    char text[VAE__NUMBER_TEXT];
    for (int i = 0; i < 20000; i++) {
        double value, parsed;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(&value, &state, sizeof value);
        vae__format_double(value, text);
        ck_assert_int_eq(vae__parse_double(text, &parsed), 0);
        if (isnan(value))
            ck_assert(isnan(parsed));
        else
            ck_assert_mem_eq(&parsed, &value, sizeof value);
    }
}
END_TEST

static const char *const no_doubles[] = {"",    " ",     " 1",  "1 ",   "1,5",   "0x10", "1e",
                                         "1e+", ".",     "-",   "--1",  "1.2.3", "1f",   "infinity",
                                         "NaN", "nan()", "1\n", "1e5 ", "e5",    "+-1",  "1_0"};

START_TEST(what_is_no_number_is_refused_as_a_double)
{
    double value = 7.0;
    ck_assert_int_ne(vae__parse_double(no_doubles[_i], &value), 0);
    ck_assert_double_eq(value, 7.0);
}
END_TEST

START_TEST(doubles_may_be_spelt_otherwise)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {{".5", 0.5},   {"5.", 5.0},     {"+3", 3.0},        {"1E2", 100.0},
                 {"00.1", 0.1}, {"1e-400", 0.0}, {"1e400", INFINITY}};
    double value;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(vae__parse_double(cases[i].text, &value), 0);
        ck_assert(memcmp(&value, &cases[i].value, sizeof value) == 0);
    }
}
END_TEST

START_TEST(endless_text_is_refused)
{
    char text[4096];
    double value;
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert_int_ne(vae__parse_double(text, &value), 0);
    int64_t integer;
    ck_assert_int_ne(vae__parse_int(text, &integer), 0);
}
END_TEST

START_TEST(ints_read_back)
{
    static const int64_t values[] = {0, 1, -1, 42, 1048576, INT64_MAX, INT64_MIN, INT64_MIN + 1};
    char text[VAE__NUMBER_TEXT];
    int64_t parsed;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        vae__format_int(values[i], text);
        ck_assert_int_eq(vae__parse_int(text, &parsed), 0);
        ck_assert(parsed == values[i]);
    }
}
END_TEST

START_TEST(ints_above_their_range_are_the_bits_of_a_uint64)
{
    int64_t value;
    ck_assert_int_eq(vae__parse_int("9223372036854775808", &value), 0);
    ck_assert(value == INT64_MIN);
    ck_assert_int_eq(vae__parse_int("18446744073709551615", &value), 0);
    ck_assert(value == -1);
    ck_assert_int_eq(vae__parse_int("+18446744073709551614", &value), 0);
    ck_assert(value == -2);
}
END_TEST

START_TEST(what_is_no_int_is_refused)
{
    static const char *const texts[] = {"",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "1e3",
                                        "-",
                                        "+",
                                        "0x1",
                                        "1,0",
                                        "--1",
                                        "nan",
                                        "18446744073709551616",
                                        "-9223372036854775809",
                                        "99999999999999999999"};
    int64_t value = 7;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ck_assert_int_ne(vae__parse_int(texts[i], &value), 0);
        ck_assert(value == 7);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, doubles_take_the_shortest_text_that_reads_back, 0, (int)N_DOUBLES);
    tcase_add_loop_test(tests, doubles_are_alike_whichever_way_the_caller_rounds, 0, 3);
#ifdef __SSE2__
    tcase_add_test(tests, no_number_traps);
#endif
    tcase_add_test(tests, doubles_are_alike_in_a_comma_locale);
    tcase_add_test(tests, points_of_any_length_are_replaced);
    tcase_add_test(tests, any_bits_of_a_double_survive_text);
    tcase_add_loop_test(tests, what_is_no_number_is_refused_as_a_double, 0,
                        (int)(sizeof no_doubles / sizeof no_doubles[0]));
    tcase_add_test(tests, doubles_may_be_spelt_otherwise);
    tcase_add_test(tests, endless_text_is_refused);
    tcase_add_test(tests, ints_read_back);
    tcase_add_test(tests, ints_above_their_range_are_the_bits_of_a_uint64);
    tcase_add_test(tests, what_is_no_int_is_refused);
}

int main(void)
{
    return check_run("number", add);
}
