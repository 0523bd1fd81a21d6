/* SPDX-License-Identifier: MIT */
#include "math/level.h"

#include <string.h>

#include "support/check_main.h"
#include "support/context.h"
#include "support/result.h"

START_TEST(levels_have_names_and_the_first_is_baseline)
{
    ck_assert_str_eq(vae__level_name(0), "baseline");
    for (size_t level = 0; level < VAE__LEVEL_COUNT; level++) {
        ck_assert_ptr_nonnull(vae__level_name(level));
        for (size_t other = 0; other < level; other++)
            ck_assert_str_ne(vae__level_name(level), vae__level_name(other));
    }
    ck_assert_ptr_null(vae__level_name(VAE__LEVEL_COUNT));
    ck_assert_ptr_null(vae__level_name((size_t)-1));
}
END_TEST

START_TEST(the_best_level_is_supported_and_none_above_is)
{
    size_t best = vae__level_best();
    ck_assert_uint_lt(best, VAE__LEVEL_COUNT);
    ck_assert_int_ne(vae__level_supported(0), 0);
    ck_assert_int_ne(vae__level_supported(best), 0);
    for (size_t level = best + 1; level < VAE__LEVEL_COUNT; level++)
        ck_assert_int_eq(vae__level_supported(level), 0);
    ck_assert_int_eq(vae__level_supported(VAE__LEVEL_COUNT), 0);
}
END_TEST

/* "auto" is the best level under another name, and a refused one leaves the choice as it was. */
START_TEST(a_context_takes_the_levels_this_machine_has_and_no_other)
{
    vae_context *context;
    const char *name, *chosen = "auto", *now;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    ck_assert_int_eq(vae__context_level(context), (int)vae__level_best());
    for (size_t i = 1; (name = vae_kind("simd", i)) != NULL; i++) {
        vae_status status = vae_context_set_text(context, "simd", name);
        if (i <= VAE__LEVEL_COUNT && vae__level_supported(i - 1)) {
            ck_assert_int_eq(status, VAE_OK);
            ck_assert_int_eq(vae__context_level(context), (int)i - 1);
            chosen = name;
        } else {
            ck_assert_int_eq(status, VAE_EINVAL);
            ck_assert_ptr_nonnull(strstr(vae_last_error(), "this machine does not have it"));
        }
        MUST(vae_context_get_text(context, "simd", &now));
        ck_assert_str_eq(now, chosen);
    }
    vae_context_free(context);
}
END_TEST

#if VAE__LEVEL_COUNT > 1
#include <cpuid.h>

/* XCR0: the register state the operating system keeps. */
static unsigned saved_state(void)
{
    unsigned a, b, c, d, low, high;
    __cpuid(1, a, b, c, d);
    if (!(c & bit_OSXSAVE)) return 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

START_TEST(support_is_what_cpuid_and_the_operating_system_say)
{
    const unsigned ymm = 0x6, zmm = 0xe6;
    const unsigned wide = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
    unsigned a, b = 0, c, d, features, state = saved_state();
    int avx2, avx512;

    __cpuid(1, a, b, features, d);
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) b = 0;
    avx2 = (state & ymm) == ymm && (features & bit_FMA) && (b & bit_AVX2);
    avx512 = avx2 && (state & zmm) == zmm && (b & wide) == wide;
    ck_assert_int_eq(vae__level_supported(1) != 0, avx2);
    ck_assert_int_eq(vae__level_supported(2) != 0, avx512);
}
END_TEST
#endif

static void add(TCase *tests)
{
    tcase_add_test(tests, levels_have_names_and_the_first_is_baseline);
    tcase_add_test(tests, the_best_level_is_supported_and_none_above_is);
    tcase_add_test(tests, a_context_takes_the_levels_this_machine_has_and_no_other);
#if VAE__LEVEL_COUNT > 1
    tcase_add_test(tests, support_is_what_cpuid_and_the_operating_system_say);
#endif
}

int main(void)
{
    return check_run("level", add);
}
