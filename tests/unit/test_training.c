/* SPDX-License-Identifier: MIT */
/* The programs' training when a signal comes before its first step (the linker's --wrap sends
 * vae_trainer_fit here, which is called when the signals are listened for). */
#include "support/check_main.h"
#include "support/folder.h"
#include "support/toy.h"
#include "training.h"

#include <signal.h>

static int signal_now;

vae_status __real_vae_trainer_fit(vae_trainer *trainer, uint64_t epochs);
vae_status __wrap_vae_trainer_fit(vae_trainer *trainer, uint64_t epochs);

vae_status __wrap_vae_trainer_fit(vae_trainer *trainer, uint64_t epochs)
{
    if (signal_now) raise(signal_now);
    return __real_vae_trainer_fit(trainer, epochs);
}

static const toy_case plain = {.optimizer = "sgd", .options = {NULL}};
static folder home;
static toy subject;

static void make_subject(void)
{
    home = folder_new();
    toy_ready(&subject, &plain);
}

static void remove_subject(void)
{
    toy_free(&subject);
    folder_remove(&home);
}

static training training_of(uint64_t epochs)
{
    return (training){
        .trainer = subject.trainer, .epochs = epochs, .quiet = 1, .folder = home.path, .fresh = 1};
}

static int interrupted(training *t)
{
    signal(SIGINT, SIG_DFL);
    signal_now = SIGINT;
    int answer = training_run(t);
    signal_now = 0;
    return answer;
}

START_TEST(what_an_earlier_training_left_stays_until_a_step_is_done)
{
    const char *checkpoint = folder_at(&home, "checkpoint.safetensors");
    const char *log = folder_at(&home, "log.csv");
    training t = training_of(2);
    put_file(checkpoint, "earlier");
    put_file(log, "earlier");
    ck_assert_int_eq(interrupted(&t), SIGINT);
    ck_assert_int_eq(t.fresh, 1);
    expect_file(checkpoint, "earlier");
    expect_file(log, "earlier");
    ck_assert_uint_eq(folder_count(&home, ""), 4); /* with "." and ".." */
}
END_TEST

START_TEST(a_training_taken_up_is_saved_where_it_was)
{
    training t = training_of(1);
    ck_assert_int_eq(training_run(&t), 0);
    ck_assert_int_eq(t.fresh, 0);
    t = training_of(2);
    ck_assert_int_eq(training_load(&t), 0);
    ck_assert_int_eq(remove(folder_at(&home, "checkpoint.safetensors")), 0);
    ck_assert_int_eq(interrupted(&t), SIGINT);
    ck_assert_int_eq(training_load(&t), 0);
    ck_assert_double_eq(training_result(t.trainer, "epoch"), 1.0);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_subject, remove_subject);
    tcase_add_test(tests, what_an_earlier_training_left_stays_until_a_step_is_done);
    tcase_add_test(tests, a_training_taken_up_is_saved_where_it_was);
}

int main(void)
{
    return check_run("training", add);
}
