/* SPDX-License-Identifier: MIT */
/* Every activation of the table at every level against the oracle, so that a new one is tested by
 * its row. */
#include "nn/activation/activation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "math/block.h"
#include "support/check_main.h"
#include "support/fpstate.h"
#include "support/guard.h"
#include "support/oracle.h"

enum { N = 4096 };

static vae__fpstate saved;

static void set_up(void)
{
    saved = vae__fp_enter();
}

static void tear_down(void)
{
    vae__fp_leave(saved);
}

static int kinds(void)
{
    int n = 0;
    while (vae__activations.table[n]) n++;
    return n;
}

/* A kind, its oracle, its options, and numbers from -20 to 20 with the awkward ones among them. */
typedef struct setup {
    const struct vae__activation *kind;
    const oracle_activation *oracle;
    double args[VAE__MAX_ARGS], option;
    guard z, y, d;
} setup;

static void setup_new(setup *s, int index)
{
    static const float awkward[] = {0.0f, -0.0f, 1e-30f, -1e-30f, 88.0f, -88.0f, 1e4f, -1e4f};

    *s = (setup){.kind = vae__activations.table[index]};
    s->oracle = oracle_find_activation(s->kind->kind.name);
    ck_assert_msg(s->oracle != NULL, "the oracle does not know %s", s->kind->kind.name);
    for (size_t i = 0; s->kind->kind.options && s->kind->kind.options[i].name; i++)
        s->option = s->args[i] = s->kind->kind.options[i].initial;
    if (s->oracle->option) s->option = s->args[0] = 0.3;
    s->z = guard_new(N);
    s->y = guard_new(N);
    s->d = guard_new(N);
    for (size_t i = 0; i < N; i++) s->z.data[i] = ((float)i - N / 2) * (20.0f / (N / 2));
    memcpy(s->z.data + 5, awkward, sizeof awkward);
}

static void setup_free(setup *s)
{
    guard_free(&s->z);
    guard_free(&s->y);
    guard_free(&s->d);
}

static uint32_t largest(const float *v)
{
    uint32_t most = 0;
    for (size_t i = 0; i < N; i++) {
        uint32_t bits = guard_bits(v[i]) & 0x7fffffffu;
        if (bits > most) most = bits;
    }
    return most;
}

#define EACH_LEVEL(level)                                                                          \
    for (size_t level = 0; level < VAE__LEVEL_COUNT; level++)                                      \
        if (vae__level_supported(level))

/* A few units in the last place of the value, or of the argument where 1 + erf and its like leave
 * little of two large terms. */
START_TEST(the_value_is_the_formulas)
{
    setup s;
    setup_new(&s, _i);
    EACH_LEVEL(level)
    {
        uint32_t magnitude = s.kind->forward[level](N, s.z.data, s.y.data, s.args);
        for (size_t i = 0; i < N; i++) {
            double z = (double)s.z.data[i], truth = s.oracle->value(z, s.option);
            double scale = fabs(truth) + fmin(1, fabs(z));
            double error = fabs((double)s.y.data[i] - truth);
            ck_assert_msg(error <= 3e-7 * scale, "%s(%.9g) at %s: %.9g, not %.9g",
                          s.kind->kind.name, z, vae__level_name(level), (double)s.y.data[i], truth);
        }
        ck_assert_uint_eq(magnitude, largest(s.y.data));
        guard_check(&s.y, 0, 0, "y");
    }
    setup_free(&s);
}
END_TEST

/* Slopes are near 1 or below; a few units in the last place of that. */
START_TEST(the_slope_multiplies_the_gradient)
{
    setup s;
    setup_new(&s, _i);
    EACH_LEVEL(level)
    {
        const float *z = s.kind->needs_z ? s.z.data : NULL;
        uint32_t magnitude;
        s.kind->forward[level](N, s.z.data, s.y.data, s.args);
        for (size_t i = 0; i < N; i++) s.d.data[i] = i % 2 ? 0.75f : -3.0f;
        magnitude = s.kind->backward[level](N, z, s.y.data, s.d.data, s.args);
        for (size_t i = 0; i < N; i++) {
            double at = (double)s.z.data[i], d = i % 2 ? 0.75 : -3.0;
            double truth = d * s.oracle->slope(at, s.option);
            ck_assert_msg(fabs((double)s.d.data[i] - truth) <= 3e-7 * (fabs(truth) + fabs(d)),
                          "%s'(%.9g) at %s: %.9g, not %.9g", s.kind->kind.name, at,
                          vae__level_name(level), (double)s.d.data[i], truth);
        }
        ck_assert_uint_eq(magnitude, largest(s.d.data));
        guard_check(&s.d, 0, 0, "d");
    }
    setup_free(&s);
}
END_TEST

START_TEST(forward_works_in_place)
{
    setup s;
    setup_new(&s, _i);
    EACH_LEVEL(level)
    {
        s.kind->forward[level](N, s.z.data, s.y.data, s.args);
        memcpy(s.d.data, s.z.data, N * sizeof(float));
        s.kind->forward[level](N, s.d.data, s.d.data, s.args);
        ck_assert_mem_eq(s.d.data, s.y.data, N * sizeof(float));
    }
    setup_free(&s);
}
END_TEST

START_TEST(a_nan_passes_forward_and_backward)
{
    setup s;
    setup_new(&s, _i);
    EACH_LEVEL(level)
    {
        s.z.data[100] = NAN;
        for (size_t i = 0; i < N; i++) s.d.data[i] = 1.0f;
        s.d.data[7] = NAN;
        ck_assert_uint_gt(s.kind->forward[level](N, s.z.data, s.y.data, s.args),
                          VAE__MAGNITUDE_INFINITE);
        ck_assert(isnan(s.y.data[100]) && !isnan(s.y.data[99]) && !isnan(s.y.data[101]));
        ck_assert_uint_gt(s.kind->backward[level](N, s.kind->needs_z ? s.z.data : NULL, s.y.data,
                                                  s.d.data, s.args),
                          VAE__MAGNITUDE_INFINITE);
        ck_assert(isnan(s.d.data[7]) && !isnan(s.d.data[8]));
    }
    setup_free(&s);
}
END_TEST

/* As PyTorch has it; a neighbour on either side would do for the mathematics. */
START_TEST(the_slope_of_relu_at_0_is_0)
{
    const struct vae__activation *relu = vae__activations.table[1];
    ck_assert_str_eq(relu->kind.name, "relu");
    EACH_LEVEL(level)
    {
        _Alignas(64) float z[16] = {0.0f, -0.0f, 1e-30f}, d[16];
        for (int i = 0; i < 16; i++) d[i] = 1.0f;
        relu->forward[level](16, z, z, NULL);
        relu->backward[level](16, NULL, z, d, NULL);
        ck_assert_float_eq(d[0], 0.0f);
        ck_assert_float_eq(d[1], 0.0f);
        ck_assert_float_eq(d[2], 1.0f);
    }
}
END_TEST

START_TEST(options_at_their_bounds_are_finite_and_right)
{
    setup s;
    setup_new(&s, _i);
    const struct vae__option *option = s.kind->kind.options;
    for (int end = 0; option != NULL && end < 2; end++) EACH_LEVEL(level)
        {
            double value = s.args[0] = end ? option->most : option->least;
            s.kind->forward[level](N, s.z.data, s.y.data, s.args);
            for (size_t i = 0; i < N; i++) {
                double truth = s.oracle->value((double)s.z.data[i], value);
                ck_assert_double_le(fabs((double)s.y.data[i] - truth), 3e-7 * fabs(truth));
            }
        }
    ck_assert(option == NULL || option[1].name == NULL); /* else the loop must cover them all */
    setup_free(&s);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, the_value_is_the_formulas, 0, kinds());
    tcase_add_loop_test(tests, the_slope_multiplies_the_gradient, 0, kinds());
    tcase_add_loop_test(tests, forward_works_in_place, 0, kinds());
    tcase_add_loop_test(tests, a_nan_passes_forward_and_backward, 0, kinds());
    tcase_add_loop_test(tests, options_at_their_bounds_are_finite_and_right, 0, kinds());
    tcase_add_test(tests, the_slope_of_relu_at_0_is_0);
}

int main(void)
{
    return check_run("activation", add);
}
