/* SPDX-License-Identifier: MIT */
/* exp and its kin at every level against long double: floats over the whole range, special values,
 * with and without denormals flushed. */
#ifndef VAE__LEVEL
#include <float.h>
#include <stdio.h>

#include "math/level.h"
#include "support/check_main.h"

enum { BLOCK = 4096, STRIDE = 1999 }; /* a prime: every exponent, ever other mantissas */

#define VAE__SELF "test_vmath.c"
#include "math/each_level.h"

typedef void (*apply_fn)(const float *x, float *y);

static long double sigmoid(long double x)
{
    return 1 / (1 + expl(-x));
}

static long double softplus(long double x)
{
    return fmaxl(x, 0) + log1pl(expl(-fabsl(x)));
}

static const struct function {
    const char *name;
    long double (*truth)(long double x);
    apply_fn apply[VAE__LEVEL_COUNT];
} functions[] = {
    {"exp", expl, VAE__LEVEL_TABLE(apply_exp)},
    {"expm1", expm1l, VAE__LEVEL_TABLE(apply_expm1)},
    {"log", logl, VAE__LEVEL_TABLE(apply_log)},
    {"log1p", log1pl, VAE__LEVEL_TABLE(apply_log1p)},
    {"tanh", tanhl, VAE__LEVEL_TABLE(apply_tanh)},
    {"sigmoid", sigmoid, VAE__LEVEL_TABLE(apply_sigmoid)},
    {"erf", erfl, VAE__LEVEL_TABLE(apply_erf)},
    {"softplus", softplus, VAE__LEVEL_TABLE(apply_softplus)},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static int is_nan(float x)
{
    return (bits_of(x) & 0x7fffffffu) > 0x7f800000u;
}

/* Errors in units of the last place of the true value. A NaN for a NaN is 0, anything else for one
 * infinite; results below the normal range may be flushed. */
static double ulps(float y, long double truth)
{
    int exponent;
    if (isnan(truth) || is_nan(y)) return isnan(truth) && is_nan(y) ? 0 : HUGE_VAL;
    if (fabsl(truth) < (long double)FLT_MIN && fabsl(y) <= (long double)FLT_MIN) return 0;
    if (isinf((float)truth)) return y == (float)truth ? 0 : HUGE_VAL;
    if (isinf(y)) return HUGE_VAL;
    frexpl(truth, &exponent);
    return (double)fabsl(ldexpl((long double)y - truth, 24 - exponent));
}

static int is_denormal(float x)
{
    uint32_t bits = bits_of(x) & 0x7fffffffu;
    return bits != 0 && bits < 0x00800000u;
}

/* An argument below the normal range may count as 0. */
static double error_at(const struct function *f, float x, float y, long double truth)
{
    double error = ulps(y, truth);
    if (is_denormal(x)) {
        double at_zero = ulps(y, f->truth(x > 0 ? 0.0L : -0.0L));
        return at_zero < error ? at_zero : error;
    }
    return error;
}

static void set_flushing(int on)
{
#ifdef __SSE2__
    _mm_setcsr((_mm_getcsr() & ~0x8040u) | (on ? 0x8040u : 0));
#else
    (void)on;
#endif
}

/* The largest error of a block at each level, and where. */
static void check_block(const struct function *f, const float *x, double *worst, float *where)
{
    static float y[BLOCK];
    static long double truth[BLOCK];
    for (int i = 0; i < BLOCK; i++) truth[i] = f->truth(x[i]);
    for (size_t level = 0; level < VAE__LEVEL_COUNT; level++) {
        if (!vae__level_supported(level)) continue;
        f->apply[level](x, y);
        for (int i = 0; i < BLOCK; i++) {
            double error = error_at(f, x[i], y[i], truth[i]);
            if (error > worst[level]) worst[level] = error, where[level] = x[i];
        }
    }
}

START_TEST(every_function_is_within_4_ulps_over_all_floats)
{
    const struct function *f = &functions[_i];
    static float x[BLOCK];
    double worst[VAE__LEVEL_COUNT] = {0};
    float where[VAE__LEVEL_COUNT] = {0};
    int n = 0;

    set_flushing(1);
    for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += STRIDE) {
        x[n++] = float_of((uint32_t)bits);
        if (n == BLOCK) check_block(f, x, worst, where), n = 0;
    }
    check_block(f, x, worst, where);
    set_flushing(0);
    for (size_t level = 0; level < VAE__LEVEL_COUNT; level++) {
        if (!vae__level_supported(level)) continue;
        printf("# %s at %s: at most %.2f ulps, at %.9g\n", f->name, vae__level_name(level),
               worst[level], (double)where[level]);
        ck_assert_msg(worst[level] <= 4.0, "%s at %s: %g ulps at %.9g", f->name,
                      vae__level_name(level), worst[level], (double)where[level]);
    }
    fflush(stdout);
}
END_TEST

START_TEST(special_values_are_right_with_and_without_flushing)
{
    static const float specials[] = {
        0.0f,         -0.0f,        INFINITY,    -INFINITY,   NAN,          1.0f,
        -1.0f,        FLT_MAX,      -FLT_MAX,    FLT_MIN,     -FLT_MIN,     1e-40f,
        -1e-40f,      88.722839f,   88.72284f,   -87.336544f, -87.33655f,   -103.97208f,
        -104.5f,      16777216.0f,  0.70710677f, 0.70710683f, 1.4142135f,   1.4142137f,
        -0.99999994f, -1.00000012f, -88.8f,      9.0f,        -0.29289323f, 0.41421354f,
        3.925f,       4.0f,         0.34657359f, 1e-30f,      -17.4f,       -18.0f};
    const struct function *f = &functions[_i];
    static float x[BLOCK];

    memcpy(x, specials, sizeof specials);
    for (int flushing = 0; flushing < 2; flushing++) {
        double worst[VAE__LEVEL_COUNT] = {0};
        float where[VAE__LEVEL_COUNT] = {0};
        set_flushing(flushing);
        check_block(f, x, worst, where);
        set_flushing(0);
        for (size_t level = 0; level < VAE__LEVEL_COUNT; level++)
            ck_assert_msg(worst[level] <= 4.0, "%s at %s: %g ulps at %.9g", f->name,
                          vae__level_name(level), worst[level], (double)where[level]);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, every_function_is_within_4_ulps_over_all_floats, 0, FUNCTIONS);
    tcase_add_loop_test(tests, special_values_are_right_with_and_without_flushing, 0, FUNCTIONS);
}

int main(void)
{
    return check_run("vmath", add);
}

#else

#include "math/vmath.h"

#define APPLY(name, function)                                                                      \
    static void VAE__L(name)(const float *x, float *y)                                             \
    {                                                                                              \
        for (size_t i = 0; i < BLOCK; i += VF_N) vf_store(y + i, function(vf_load(x + i)));        \
    }
APPLY(apply_exp, vm_exp)
APPLY(apply_expm1, vm_expm1)
APPLY(apply_log, vm_log)
APPLY(apply_log1p, vm_log1p)
APPLY(apply_tanh, vm_tanh)
APPLY(apply_sigmoid, vm_sigmoid)
APPLY(apply_erf, vm_erf)
APPLY(apply_softplus, vm_softplus)
#undef APPLY

#endif
