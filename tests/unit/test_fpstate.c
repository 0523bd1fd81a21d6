/* SPDX-License-Identifier: MIT */
/* The floating-point state: libvae's own between enter and leave, the caller's after. What it is,
 * is seen from results, because the C library reads the x87's control word, not the one in use. */
#include "support/check_main.h"
#include "support/fpstate.h"
#include "support/valgrind.h"

#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

#ifdef __SSE2__
#include <xmmintrin.h>
#endif

static volatile float one = 1.0f, tiny = 1e-10f, least = FLT_MIN, four = 4.0f, zero = 0.0f;

/* What a rounding mode does to 1 + 1e-10, 1 - 1e-10 and its negative. */
struct rounding {
    float above, below, negative;
};

/* Volatile, or the sums might be computed later, under another mode. */
static struct rounding rounding(void)
{
    volatile float above = one + tiny, below = one - tiny, negative = -one - tiny;
    return (struct rounding){above, below, negative};
}

static int same(struct rounding a, struct rounding b)
{
    return a.above == b.above && a.below == b.below && a.negative == b.negative;
}

static int denormals_are_kept(void)
{
    volatile float denormal = least / four;
    return denormal != zero;
}

START_TEST(rounding_is_to_nearest_inside_and_the_callers_after)
{
    static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    struct rounding nearest = rounding();
    ck_assert_int_eq(fesetround(modes[_i]), 0);
    struct rounding callers = rounding();
    vae__fpstate saved = vae__fp_enter();
    struct rounding inside = rounding();
    vae__fp_leave(saved);
    struct rounding after = rounding();
    fesetround(FE_TONEAREST);
    ck_assert(same(inside, nearest));
    ck_assert(same(after, callers));
    ck_assert(same(callers, nearest) == (modes[_i] == FE_TONEAREST));
}
END_TEST

#if defined(__SSE2__) || defined(__aarch64__)
START_TEST(denormals_are_flushed_inside_and_kept_after)
{
    ck_assert(denormals_are_kept());
    vae__fpstate saved = vae__fp_enter();
    int inside = denormals_are_kept();
    vae__fp_leave(saved);
    ck_assert(!inside);
    ck_assert(denormals_are_kept());
}
END_TEST
#endif

START_TEST(states_nest)
{
    ck_assert_int_eq(fesetround(FE_UPWARD), 0);
    struct rounding callers = rounding();
    vae__fpstate outer = vae__fp_enter();
    vae__fpstate inner = vae__fp_enter();
    vae__fp_leave(inner);
    int between = denormals_are_kept();
    struct rounding inside = rounding();
    vae__fp_leave(outer);
    struct rounding after = rounding();
    fesetround(FE_TONEAREST);
    ck_assert(same(inside, rounding()));
    ck_assert(same(after, callers));
#if defined(__SSE2__) || defined(__aarch64__)
    ck_assert(!between);
#else
    (void)between;
#endif
}
END_TEST

#ifdef __SSE2__
/* Unmasked division by zero would end the test by SIGFPE. */
START_TEST(exceptions_are_masked_inside_and_every_bit_comes_back)
{
    unsigned before = _mm_getcsr();
    unsigned callers = (before | 0x8000u) & ~0x0200u;
    _mm_setcsr(callers);
    vae__fpstate saved = vae__fp_enter();
    volatile float infinite = one / zero;
    vae__fp_leave(saved);
    unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    ck_assert(infinite > FLT_MAX);
    ck_assert_uint_eq(after, callers);
}
END_TEST
#endif

START_TEST(a_check_refuses_what_is_outside_and_nan)
{
    ck_assert_int_eq(vae__fp_check("f", "v", 1.0, 1.0, 2.0), VAE_OK);
    ck_assert_int_eq(vae__fp_check("f", "v", 2.0, 1.0, 2.0), VAE_OK);
    ck_assert_int_eq(vae__fp_check("f", "v", 2.5, 1.0, 2.0), VAE_EINVAL);
    ck_assert_str_eq(vae_last_error(), "f: v is 2.5; its range is 1 to 2");
    ck_assert_int_eq(vae__fp_check("f", "v", 0.5, 1.0, 2.0), VAE_EINVAL);
    ck_assert_int_eq(vae__fp_check("f", "v", (double)NAN, 1.0, 2.0), VAE_EINVAL);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, rounding_is_to_nearest_inside_and_the_callers_after, 0, 4);
    tcase_add_test(tests, states_nest);
    tcase_add_test(tests, a_check_refuses_what_is_outside_and_nan);
#if defined(__SSE2__) || defined(__aarch64__)
    tcase_add_test(tests, denormals_are_flushed_inside_and_kept_after);
#endif
#ifdef __SSE2__
    tcase_add_test(tests, exceptions_are_masked_inside_and_every_bit_comes_back);
#endif
}

int main(void)
{
    if (under_valgrind()) {
        puts("1..0 # SKIP valgrind's processor has one floating-point state");
        return EXIT_SUCCESS;
    }
    return check_run("fpstate", add);
}
