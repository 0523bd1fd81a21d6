/* SPDX-License-Identifier: MIT */
/* Every optimizer's update at every level against PyTorch's formulas in double. */
#include "train/optimizer/optimizer.h"

#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/fpstate.h"
#include "support/guard.h"
#include "train/trainer.h"

#define STEPS 50
#define RATE 0.02

/* What the formulas take, at its defaults. */
typedef struct knobs {
    double beta1, beta2, epsilon, weight_decay, start, momentum, dampening, alpha;
    int hat, nesterov, centered;
} knobs;

#define DEFAULTS .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .alpha = 0.99

/* One number of the state: its weight and slots; it starts zeroed but for the weight. */
typedef struct state {
    double w, a, b, c;
} state;

static void adam_moments(state *s, const knobs *k, double g, int t)
{
    double m = 1 - pow(k->beta1, t), v = sqrt(1 - pow(k->beta2, t));
    if (t == 1) s->b = k->start;
    s->a = k->beta1 * s->a + (1 - k->beta1) * g;
    s->b = k->beta2 * s->b + (1 - k->beta2) * g * g;
    if (k->hat)
        s->w -= RATE * v / m * s->a / (sqrt(s->b) + k->epsilon);
    else
        s->w -= RATE * (s->a / m) / (sqrt(s->b) / v + k->epsilon);
}

static void adam(state *s, const knobs *k, double g, int t)
{
    adam_moments(s, k, g + k->weight_decay * s->w, t);
}

static void adamw(state *s, const knobs *k, double g, int t)
{
    s->w -= RATE * k->weight_decay * s->w;
    adam_moments(s, k, g, t);
}

static void sgd(state *s, const knobs *k, double g, int t)
{
    g += k->weight_decay * s->w;
    if (k->momentum != 0) {
        s->a = t == 1 ? g : k->momentum * s->a + (1 - k->dampening) * g;
        g = k->nesterov ? g + k->momentum * s->a : s->a;
    }
    s->w -= RATE * g;
}

static void rmsprop(state *s, const knobs *k, double g, int t)
{
    double variance;
    (void)t;
    g += k->weight_decay * s->w;
    s->a = k->alpha * s->a + (1 - k->alpha) * g * g;
    s->c = k->alpha * s->c + (1 - k->alpha) * g;
    variance = k->centered ? s->a - s->c * s->c : s->a;
    g /= sqrt(variance) + k->epsilon;
    s->b = k->momentum * s->b + g;
    s->w -= RATE * s->b;
}

static const struct {
    const char *name;
    void (*step)(state *s, const knobs *k, double g, int t);
    knobs knobs;
} cases[] = {
    {"adam", adam, {DEFAULTS}},
    {"adam", adam, {DEFAULTS, .weight_decay = 0.3}},
    {"adam", adam, {.beta1 = 0.5, .beta2 = 0.7, .epsilon = 0.1, .hat = 1}},
    {"adam", adam, {.beta1 = 0.99, .beta2 = 0.999, .epsilon = 1e-4, .start = 1}}, /* Burda's */
    {"adamw", adamw, {DEFAULTS, .weight_decay = 0.5}},
    {"adamw", adamw, {DEFAULTS, .hat = 1, .start = 0.25}},
    {"sgd", sgd, {DEFAULTS}},
    {"sgd", sgd, {DEFAULTS, .weight_decay = 0.4}},
    {"sgd", sgd, {DEFAULTS, .momentum = 0.9}},
    {"sgd", sgd, {DEFAULTS, .momentum = 0.9, .dampening = 0.5, .weight_decay = 0.1}},
    {"sgd", sgd, {DEFAULTS, .momentum = 0.8, .nesterov = 1}},
    {"sgd", sgd, {DEFAULTS, .dampening = 0.5}}, /* of no effect without momentum */
    {"rmsprop", rmsprop, {DEFAULTS}},
    {"rmsprop", rmsprop, {DEFAULTS, .momentum = 0.9, .weight_decay = 0.2}},
    {"rmsprop", rmsprop, {.alpha = 0.99, .epsilon = 1e-3, .centered = 1}},
    {"rmsprop", rmsprop, {.alpha = 0.8, .epsilon = 1e-2, .centered = 1, .momentum = 0.5}},
};
#define CASES (sizeof cases / sizeof *cases)

/* Weights, gradient and slots of n floats each. */
typedef struct setup {
    struct vae__options options;
    const struct vae__optimizer *optimizer;
    size_t n;
    guard w, g, slot[VAE__MAX_SLOTS];
    float *slots[VAE__MAX_SLOTS];
} setup;

static vae__fpstate saved;

static void fp_enter(void)
{
    saved = vae__fp_enter();
}

static void fp_leave(void)
{
    vae__fp_leave(saved);
}

static void set(setup *s, const char *name, double value)
{
    MUST(vae__options_set_double("test", &s->options, name, value));
}

static void set_up(setup *s, size_t number, size_t n)
{
    const knobs *k = &cases[number].knobs;

    *s = (setup){.n = n};
    s->optimizer = (const void *)vae__family_find(&vae__optimizers, cases[number].name);
    ck_assert_ptr_nonnull(s->optimizer);
    MUST(vae__options_init("test", &s->options, NULL, &vae__trainer_schema));
    set(s, "beta1", k->beta1);
    set(s, "beta2", k->beta2);
    set(s, "epsilon", k->epsilon);
    set(s, "weight_decay", k->weight_decay);
    set(s, "second_moment_start", k->start);
    set(s, "momentum", k->momentum);
    set(s, "dampening", k->dampening);
    set(s, "alpha", k->alpha);
    MUST(vae__options_set_int("test", &s->options, "epsilon_hat", k->hat));
    MUST(vae__options_set_int("test", &s->options, "nesterov", k->nesterov));
    MUST(vae__options_set_int("test", &s->options, "centered", k->centered));
    s->w = guard_new(n);
    s->g = guard_new(n);
    for (size_t i = 0; i < s->optimizer->slots; i++) {
        double (*start)(const struct vae__options *, size_t) = s->optimizer->slot_start;
        s->slot[i] = guard_new(n);
        s->slots[i] = s->slot[i].data;
        for (size_t j = 0; j < n; j++) s->slots[i][j] = start ? (float)start(&s->options, i) : 0.0f;
    }
}

static void tear_down(setup *s)
{
    guard_check(&s->w, 0, 0, "the weights' margin");
    guard_check(&s->g, 0, 0, "the gradient's margin");
    for (size_t i = 0; i < s->optimizer->slots; i++) {
        guard_check(&s->slot[i], 0, 0, "a slot's margin");
        guard_free(&s->slot[i]);
    }
    guard_free(&s->w);
    guard_free(&s->g);
    vae__options_clear(&s->options);
}

static void step(setup *s, size_t level, uint64_t t, float scale)
{
    struct vae__update update = {.gradient_scale = scale};
    s->optimizer->prepare(&s->options, RATE, t, &update);
    s->optimizer->update[level](s->n, s->w.data, s->g.data, s->slots, &update);
}

static void check_formula(size_t number, size_t level, size_t n)
{
    setup s;
    state *truth = fixture_alloc(n, sizeof *truth);

    set_up(&s, number, n);
    fixture_normal(s.w.data, n, 1);
    for (size_t i = 0; i < n; i++) truth[i].w = (double)s.w.data[i];
    for (int t = 1; t <= STEPS; t++) {
        fixture_normal(s.g.data, n, 100 + (uint64_t)t);
        for (size_t i = 0; i < n; i++)
            cases[number].step(&truth[i], &cases[number].knobs, 0.25 * (double)s.g.data[i], t);
        step(&s, level, (uint64_t)t, 0.25f);
        for (size_t i = 0; i < n; i++)
            if (!(fabs((double)s.w.data[i] - truth[i].w) <=
                  5e-8 * (t + 4) * (1 + fabs(truth[i].w))))
                ck_abort_msg("case %zu (%s), step %d, weight %zu: %.9g, not %.9g", number,
                             cases[number].name, t, i, (double)s.w.data[i], truth[i].w);
    }
    tear_down(&s);
    free(truth);
}

/* 16, 48 and 784 floats: every multiple of 16 is allowed, and nothing beyond is touched. */
START_TEST(updates_follow_pytorchs_formulas)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t number = 0; number < CASES; number++) {
        check_formula(number, (size_t)_i, 16);
        check_formula(number, (size_t)_i, 48);
        check_formula(number, (size_t)_i, 784);
    }
}
END_TEST

START_TEST(every_optimizer_has_a_case)
{
    for (size_t k = 0; vae__family_at(&vae__optimizers, k); k++) {
        int found = 0;
        for (size_t i = 0; i < CASES; i++)
            found |= strcmp(cases[i].name, vae__family_at(&vae__optimizers, k)->name) == 0;
        ck_assert_msg(found, "%s", vae__family_at(&vae__optimizers, k)->name);
    }
}
END_TEST

/* Clipping by a power of two is the same to the bit as a gradient that much smaller. */
START_TEST(gradient_scale_is_a_factor_of_the_gradient)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t number = 0; number < CASES; number++) {
        setup s, scaled;
        set_up(&s, number, 48);
        set_up(&scaled, number, 48);
        fixture_normal(s.w.data, 48, 1);
        fixture_normal(scaled.w.data, 48, 1);
        for (uint64_t t = 1; t <= 5; t++) {
            fixture_normal(s.g.data, 48, t);
            for (size_t i = 0; i < 48; i++) scaled.g.data[i] = 8 * s.g.data[i];
            step(&s, (size_t)_i, t, 1.0f);
            step(&scaled, (size_t)_i, t, 0.125f);
            ck_assert_mem_eq(s.w.data, scaled.w.data, 48 * sizeof(float));
        }
        tear_down(&s);
        tear_down(&scaled);
    }
}
END_TEST

/* Padding has zero weights and gradients, and must stay so. */
START_TEST(zeros_stay_zeros)
{
    if (!vae__level_supported((size_t)_i)) return;
    for (size_t number = 0; number < CASES; number++) {
        setup s;
        set_up(&s, number, 16);
        set(&s, "epsilon", 1e-18);
        memset(s.w.data, 0, 16 * sizeof(float));
        memset(s.g.data, 0, 16 * sizeof(float));
        for (uint64_t t = 1; t <= STEPS; t++) step(&s, (size_t)_i, t, 1.0f);
        for (size_t i = 0; i < 16; i++) ck_assert_float_eq(s.w.data[i], 0.0f);
        tear_down(&s);
    }
}
END_TEST

/* A gradient that never changes has no variance; centered RMSprop must not take the root of what
 * rounding leaves of it. */
START_TEST(centered_rmsprop_survives_a_constant_gradient)
{
    setup s;

    if (!vae__level_supported((size_t)_i)) return;
    set_up(&s, CASES - 1, 784);
    fixture_normal(s.w.data, 784, 1);
    fixture_normal(s.g.data, 784, 2);
    for (uint64_t t = 1; t <= 400; t++) step(&s, (size_t)_i, t, 1.0f);
    for (size_t i = 0; i < 784; i++) ck_assert_float_finite(s.w.data[i]);
    tear_down(&s);
}
END_TEST

/* Late steps: beta^t underflows to nothing, and the correction to 1. */
START_TEST(adam_takes_any_step_number)
{
    static const uint64_t steps[] = {1000000, UINT64_C(1) << 32, UINT64_MAX};

    for (size_t i = 0; i < 3; i++) {
        setup s;
        struct vae__update early = {.gradient_scale = 1}, late = {.gradient_scale = 1};
        set_up(&s, 0, 16);
        s.optimizer->prepare(&s.options, RATE, 100000, &early);
        s.optimizer->prepare(&s.options, RATE, steps[i], &late);
        for (size_t k = 0; k < 9; k++) ck_assert_float_eq(early.c[k], late.c[k]);
        tear_down(&s);
    }
}
END_TEST

/* Options of kinds share one list of names: a second of the same name could never be set. */
START_TEST(option_names_occur_once)
{
    const struct vae__option *option;
    size_t first;

    for (size_t i = 0; (option = vae__schema_at(&vae__trainer_schema, i)) != NULL; i++) {
        ck_assert_ptr_nonnull(vae__schema_find(&vae__trainer_schema, option->name, &first));
        ck_assert_msg(first == i, "%s", option->name);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, fp_enter, fp_leave);
    tcase_add_loop_test(tests, updates_follow_pytorchs_formulas, 0, VAE__LEVEL_COUNT);
    tcase_add_test(tests, every_optimizer_has_a_case);
    tcase_add_loop_test(tests, gradient_scale_is_a_factor_of_the_gradient, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, zeros_stay_zeros, 0, VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, centered_rmsprop_survives_a_constant_gradient, 0, VAE__LEVEL_COUNT);
    tcase_add_test(tests, adam_takes_any_step_number);
    tcase_add_test(tests, option_names_occur_once);
}

int main(void)
{
    return check_run("optimizer_kernels", add);
}
