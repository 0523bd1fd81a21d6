/* SPDX-License-Identifier: MIT */
#include "train/schedule/schedule.h"

#include <math.h>

#include "support/check_main.h"
#include "train/trainer.h"

static struct vae__options options;

static void set_up(void)
{
    MUST(vae__options_init("test", &options, NULL, &vae__trainer_schema));
}

static void tear_down(void)
{
    vae__options_clear(&options);
}

static void set(const char *name, const char *text)
{
    MUST(vae__options_parse("test", &options, name, text));
}

static double rate(const char *kind, double base, uint64_t step, uint64_t epoch_steps)
{
    const struct vae__kind *found = vae__family_find(&vae__schedules, kind);
    ck_assert_ptr_nonnull(found);
    return ((const struct vae__schedule *)(const void *)found)
        ->rate(&options, base, step, epoch_steps);
}

/* Whatever the kind: with options at their defaults the first step takes the learning rate. */
START_TEST(every_kind_starts_at_the_learning_rate)
{
    for (size_t k = 0; vae__family_at(&vae__schedules, k); k++) {
        const char *name = vae__family_at(&vae__schedules, k)->name;
        ck_assert_msg(rate(name, 0.25, 0, 10) == 0.25, "%s", name);
        ck_assert_msg(isfinite(rate(name, 0.25, UINT64_C(1) << 53, 1)), "%s", name);
        ck_assert_msg(isfinite(rate(name, 0.25, 5, 0)), "%s without epochs", name);
    }
}
END_TEST

START_TEST(constant_never_changes)
{
    for (uint64_t step = 0; step < 1000; step += 7)
        ck_assert_double_eq(rate("constant", 1e-3, step, 10), 1e-3);
}
END_TEST

START_TEST(exponential_is_smooth_within_an_epoch)
{
    set("schedule_decay", "0.5");
    for (uint64_t step = 0; step < 100; step++)
        ck_assert_double_eq_tol(rate("exponential", 8.0, step, 20), 8.0 * exp2(-(double)step / 20),
                                1e-13);
}
END_TEST

START_TEST(piecewise_changes_exactly_at_its_milestones)
{
    set("schedule_milestones", "2,5.5");
    set("schedule_factor", "0.5");
    for (uint64_t step = 0; step < 90; step++) {
        double expected = step < 20 ? 4 : step < 55 ? 2 : 1;
        ck_assert_double_eq(rate("piecewise", 4, step, 10), expected);
    }
    set("schedule_milestones", "");
    ck_assert_double_eq(rate("piecewise", 4, 1000, 10), 4);
}
END_TEST

/* Burda et al. 2016: stage i = 1..8 runs 3^(i-1) epochs at 1e-4 * round(10^(1-(i-1)/7), 1). */
START_TEST(piecewise_rates_follow_burdas_recipe)
{
    uint64_t epoch = 0, length = 1;

    set("schedule_milestones", "1,4,13,40,121,364,1093");
    set("schedule_rates", "10,7.2,5.2,3.7,2.7,1.9,1.4,1");
    for (int i = 1; i <= 8; i++, length *= 3) {
        double factor = round(10 * pow(10, 1 - (i - 1) / 7.0)) / 10;
        ck_assert_double_eq_tol(rate("piecewise", 1e-4, 2980 * epoch, 2980), 1e-4 * factor, 1e-18);
        epoch += length;
        ck_assert_double_eq_tol(rate("piecewise", 1e-4, 2980 * epoch - 1, 2980), 1e-4 * factor,
                                1e-18);
    }
    ck_assert_uint_eq(epoch, 3280);
}
END_TEST

START_TEST(piecewise_holds_the_last_rate_it_was_given)
{
    set("schedule_milestones", "1,2,3");
    set("schedule_rates", "3,0.5");
    ck_assert_double_eq(rate("piecewise", 2, 0, 4), 6);
    ck_assert_double_eq(rate("piecewise", 2, 4, 4), 1);
    ck_assert_double_eq(rate("piecewise", 2, 400, 4), 1);
}
END_TEST

START_TEST(cosine_rises_falls_and_stays)
{
    set("schedule_warmup_steps", "10");
    set("schedule_steps", "110");
    set("schedule_floor", "0.2");
    for (uint64_t step = 0; step < 10; step++)
        ck_assert_double_eq_tol(rate("cosine", 5, step, 1), 0.5 * ((double)step + 1), 1e-15);
    for (uint64_t step = 10; step < 110; step++)
        ck_assert_double_eq_tol(rate("cosine", 5, step, 1),
                                1 + 4 * pow(cos(acos(-1) * ((double)step - 10) / 200), 2), 1e-13);
    ck_assert_double_eq(rate("cosine", 5, 110, 1), 1);
    ck_assert_double_eq(rate("cosine", 5, 100000, 1), 1);
}
END_TEST

START_TEST(cosine_without_steps_only_warms_up)
{
    set("schedule_warmup_steps", "4");
    ck_assert_double_eq(rate("cosine", 8, 0, 1), 2);
    ck_assert_double_eq(rate("cosine", 8, 3, 1), 8);
    ck_assert_double_eq(rate("cosine", 8, 1000, 1), 8);
    set("schedule_steps", "2"); /* over before the warm-up is */
    ck_assert_double_eq(rate("cosine", 8, 3, 1), 8);
    ck_assert_double_eq(rate("cosine", 8, 4, 1), 0);
}
END_TEST

START_TEST(lists_that_are_no_lists_are_refused)
{
    static const char *const milestones[] = {"20,10", "5,5",  "10,",  ",10", "10,,20",
                                             "abc",   "0",    "-1",   "1;2", "nan",
                                             "inf",   "1, 2", "1e16", ",",   "1,2x"};
    static const char *const rates[] = {"1,", "-1", "x", "nan", "1e7", "1, 2", "inf", ",1"};
    char longer[64];

    set("schedule_milestones", "3");
    set("schedule_rates", "1,2");
    for (size_t i = 0; i < sizeof milestones / sizeof *milestones; i++)
        ck_assert_msg(vae__options_set_text("test", &options, "schedule_milestones",
                                            milestones[i]) == VAE_EINVAL,
                      "milestones \"%s\"", milestones[i]);
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        ck_assert_msg(vae__options_set_text("test", &options, "schedule_rates", rates[i]) ==
                          VAE_EINVAL,
                      "rates \"%s\"", rates[i]);
    memset(longer, '1', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    ck_assert_int_eq(vae__options_set_text("test", &options, "schedule_rates", longer), VAE_EINVAL);
    ck_assert_double_eq(rate("piecewise", 1, 2, 1), 1);
    ck_assert_double_eq(rate("piecewise", 1, 3, 1), 2);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_kind_starts_at_the_learning_rate);
    tcase_add_test(tests, constant_never_changes);
    tcase_add_test(tests, exponential_is_smooth_within_an_epoch);
    tcase_add_test(tests, piecewise_changes_exactly_at_its_milestones);
    tcase_add_test(tests, piecewise_rates_follow_burdas_recipe);
    tcase_add_test(tests, piecewise_holds_the_last_rate_it_was_given);
    tcase_add_test(tests, cosine_rises_falls_and_stays);
    tcase_add_test(tests, cosine_without_steps_only_warms_up);
    tcase_add_test(tests, lists_that_are_no_lists_are_refused);
}

int main(void)
{
    return check_run("schedule", add);
}
