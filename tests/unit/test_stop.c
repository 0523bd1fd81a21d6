/* SPDX-License-Identifier: MIT */
/* Who may end training early, when it ends, and that it goes on exactly there. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/toy.h"

#define EPOCHS 3

static const toy_case plain = {.optimizer = "adam",
                               .options = {"samples", "2", NULL},
                               .binarize = "bernoulli",
                               .validation = 1};

/* Stops at one step: by its answer, by vae_trainer_stop, or by a signal. */
typedef struct stopper {
    double at;
    int way;
    size_t calls;
} stopper;

static vae_trainer *signalled;

static void on_signal(int number)
{
    (void)number;
    vae_trainer_stop(signalled);
}

static int stop_at(vae_trainer *trainer, void *user)
{
    stopper *s = user;
    double step;

    MUST(vae_trainer_result(trainer, "step", &step));
    s->calls++;
    if (step != s->at) return 0;
    if (s->way == 1) vae_trainer_stop(trainer);
    if (s->way == 2) ck_assert_int_eq(raise(SIGUSR1), 0);
    return s->way == 0;
}

/* Index: 3 * step + way. Every step of two epochs, the last one of an epoch among them. */
START_TEST(a_stopped_fit_goes_on_exactly_there)
{
    toy whole, t;
    stopper s = {.at = _i / 3 + 1, .way = _i % 3};

    toy_ready(&whole, &plain);
    toy_ready(&t, &plain);
    MUST(vae_trainer_fit(whole.trainer, EPOCHS));
    signalled = t.trainer;
    ck_assert(signal(SIGUSR1, on_signal) != SIG_ERR);
    MUST(vae_trainer_on_step(t.trainer, stop_at, &s));
    MUST(vae_trainer_fit(t.trainer, EPOCHS));
    ck_assert_double_eq(toy_result(&t, "step"), s.at);
    ck_assert_double_eq(toy_result(&t, "stopped"), 1);
    ck_assert_uint_eq(s.calls, (size_t)s.at);
    MUST(vae_trainer_fit(t.trainer, EPOCHS));
    ck_assert_double_eq(toy_result(&t, "stopped"), 0);
    toy_expect_same(&whole, &t);
    for (size_t i = 0; vae_trainer_result_name(i); i++) {
        const char *name = vae_trainer_result_name(i);
        if (strstr(name, "second")) continue;
        double a = toy_result(&whole, name), b = toy_result(&t, name);
        ck_assert_msg(a == b || (isnan(a) && isnan(b)), "%s: %g and %g", name, a, b);
    }
    toy_free(&whole);
    toy_free(&t);
}
END_TEST

START_TEST(a_request_stands_until_it_is_honoured)
{
    toy t;

    toy_ready(&t, &plain);
    vae_trainer_stop(t.trainer);
    MUST(vae_trainer_fit(t.trainer, EPOCHS));
    ck_assert_double_eq(toy_result(&t, "step"), 0);
    ck_assert_double_eq(toy_result(&t, "stopped"), 1);
    vae_trainer_stop(t.trainer);
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "step"), 0);
    vae_trainer_stop(t.trainer);
    MUST(vae_trainer_step(t.trainer));
    ck_assert_double_eq(toy_result(&t, "step"), 1);
    ck_assert_double_eq(toy_result(&t, "stopped"), 1);
    MUST(vae_trainer_fit(t.trainer, EPOCHS));
    ck_assert_double_eq(toy_result(&t, "epoch"), EPOCHS);
    ck_assert_double_eq(toy_result(&t, "stopped"), 0);
    toy_free(&t);
}
END_TEST

static void *stop_from_afar(void *user)
{
    static const struct timespec while_it_runs = {.tv_nsec = 20000000};
    nanosleep(&while_it_runs, NULL);
    vae_trainer_stop(user);
    return NULL;
}

START_TEST(another_thread_may_stop_a_fit)
{
    toy t;
    pthread_t thread;

    toy_ready(&t, &plain);
    ck_assert_int_eq(pthread_create(&thread, NULL, stop_from_afar, t.trainer), 0);
    MUST(vae_trainer_fit(t.trainer, UINT64_MAX));
    ck_assert_double_eq(toy_result(&t, "stopped"), 1);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    toy_free(&t);
}
END_TEST

static int stop_after_epoch(vae_trainer *trainer, void *user)
{
    double epoch;
    MUST(vae_trainer_result(trainer, "epoch", &epoch));
    return epoch == *(double *)user;
}

START_TEST(an_epoch_callback_ends_a_fit)
{
    toy t;
    double last = 2;

    toy_ready(&t, &plain);
    MUST(vae_trainer_on_epoch(t.trainer, stop_after_epoch, &last));
    MUST(vae_trainer_fit(t.trainer, 9));
    ck_assert_double_eq(toy_result(&t, "epoch"), 2);
    ck_assert_double_eq(toy_result(&t, "step"), 2 * TOY_STEPS);
    ck_assert_double_eq(toy_result(&t, "stopped"), 1);
    toy_free(&t);
}
END_TEST

/* Stopped between an epoch's last step and its validation, and gone on with by a step. */
START_TEST(a_step_completes_an_epoch_that_was_stopped_at_its_end)
{
    toy t;
    stopper s = {.at = TOY_STEPS};

    toy_ready(&t, &plain);
    MUST(vae_trainer_on_step(t.trainer, stop_at, &s));
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "epoch"), 0);
    MUST(vae_trainer_step(t.trainer));
    ck_assert_double_eq(toy_result(&t, "epoch"), 1);
    ck_assert_double_eq(toy_result(&t, "epoch_step"), 1);
    ck_assert(isnan(toy_result(&t, "validation_loss")));
    toy_free(&t);
}
END_TEST

static int ask_to_stop(vae_trainer *trainer, void *user)
{
    (void)user;
    vae_trainer_stop(trainer);
    return 0;
}

/* What is asked for at an epoch's end is honoured there, not by the next call. */
START_TEST(a_request_at_the_end_of_an_epoch_ends_there)
{
    toy t;

    toy_ready(&t, &plain);
    MUST(vae_trainer_on_epoch(t.trainer, ask_to_stop, NULL));
    for (int epoch = 1; epoch <= 3; epoch++) {
        MUST(epoch == 3 ? vae_trainer_fit(t.trainer, 3) : vae_trainer_epoch(t.trainer));
        ck_assert_double_eq(toy_result(&t, "epoch"), epoch);
        ck_assert_double_eq(toy_result(&t, "step"), epoch * TOY_STEPS);
        ck_assert_double_eq(toy_result(&t, "stopped"), 1);
    }
    MUST(vae_trainer_on_epoch(t.trainer, NULL, NULL));
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "epoch"), 4);
    toy_free(&t);
}
END_TEST

START_TEST(a_finished_fit_returns_at_once)
{
    toy t;
    float *weights;

    toy_ready(&t, &plain);
    MUST(vae_trainer_fit(t.trainer, 2));
    weights = toy_weights(&t);
    MUST(vae_trainer_fit(t.trainer, 2));
    MUST(vae_trainer_fit(t.trainer, 0));
    ck_assert(toy_has(&t, weights));
    ck_assert_double_eq(toy_result(&t, "step"), 2 * TOY_STEPS);
    free(weights);
    toy_free(&t);
}
END_TEST

/* A callback may set the rate: it is used from the next step on. */
static int slow_down(vae_trainer *trainer, void *user)
{
    (void)user;
    MUST(vae_trainer_set_double(trainer, "learning_rate", 0.0));
    return 0;
}

START_TEST(a_callback_may_change_the_rate)
{
    toy t;
    float *weights;

    toy_ready(&t, &plain);
    MUST(vae_trainer_on_step(t.trainer, slow_down, NULL));
    MUST(vae_trainer_step(t.trainer));
    ck_assert_double_gt(toy_result(&t, "learning_rate"), 0.0);
    weights = toy_weights(&t);
    MUST(vae_trainer_step(t.trainer));
    ck_assert_double_eq(toy_result(&t, "learning_rate"), 0.0);
    ck_assert(toy_has(&t, weights));
    free(weights);
    toy_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, a_stopped_fit_goes_on_exactly_there, 0, 3 * 2 * TOY_STEPS);
    tcase_add_test(tests, a_request_stands_until_it_is_honoured);
    tcase_add_test(tests, another_thread_may_stop_a_fit);
    tcase_add_test(tests, an_epoch_callback_ends_a_fit);
    tcase_add_test(tests, a_step_completes_an_epoch_that_was_stopped_at_its_end);
    tcase_add_test(tests, a_request_at_the_end_of_an_epoch_ends_there);
    tcase_add_test(tests, a_finished_fit_returns_at_once);
    tcase_add_test(tests, a_callback_may_change_the_rate);
}

int main(void)
{
    return check_run("stop", add);
}
