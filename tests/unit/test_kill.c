/* SPDX-License-Identifier: MIT */
/* A training that saves every third step is killed (SIGKILL) at random moments, and taken up again
 * from its file each time: the file is always whole, and at the end every byte of the checkpoint is
 * that of a training nobody killed. VAE_KILLS says how often, by default 30 times. */
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/folder.h"
#include "support/toy.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define SAVE_EVERY 3
#define STEPS_MORE 5 /* after the last kill, so that the end is not the file itself */
#define MOST_MS 24

static const toy_case training = {
    .optimizer = "adam",
    .options = {"clip_norm", "1", "schedule", "exponential", "samples", "2", "beta_warmup", "50"},
    .binarize = "bernoulli",
    .validation = 1};

static int save_sometimes(vae_trainer *trainer, void *path)
{
    double step;
    if (vae_trainer_result(trainer, "step", &step) != VAE_OK) _exit(1);
    if ((int)step % SAVE_EVERY == 0 && vae_trainer_save(trainer, path) != VAE_OK) _exit(1);
    return 0;
}

/* A trainer where the file left off, or at the beginning when there is none. */
static void take_up(toy *t, const char *path)
{
    toy_ready(t, &training);
    if (access(path, F_OK) == 0) MUST(vae_trainer_load(t->trainer, path));
}

static void train_for_ever(const char *path)
{
    toy t;
    take_up(&t, path);
    MUST(vae_trainer_on_step(t.trainer, save_sometimes, (void *)(uintptr_t)path));
    MUST(vae_trainer_fit(t.trainer, 1000000));
}

static void kill_one(const char *path, double ms)
{
    const struct timespec wait = {.tv_nsec = (long)(ms * 1e6)};
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        train_for_ever(path);
        _exit(1);
    }
    nanosleep(&wait, NULL);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
                  "the training ended by itself: %d", status);
}

static unsigned char *bytes_of(const toy *t, size_t *n)
{
    MUST(vae_trainer_save_memory(t->trainer, NULL, 0, n));
    unsigned char *bytes = fixture_alloc(*n, 1);
    MUST(vae_trainer_save_memory(t->trainer, bytes, *n, n));
    return bytes;
}

/* Steps as fit takes them: with validation at the end of an epoch. */
static int stop_at(vae_trainer *trainer, void *last)
{
    double step;
    MUST(vae_trainer_result(trainer, "step", &step));
    return step >= *(double *)last;
}

static void train_to(toy *t, double last)
{
    MUST(vae_trainer_on_step(t->trainer, stop_at, &last));
    MUST(vae_trainer_fit(t->trainer, 1000000));
    ck_assert_double_eq(toy_result(t, "step"), last);
}

static void expect_same_end(const char *path)
{
    toy killed, whole;
    size_t n, m;
    take_up(&killed, path);
    double last = toy_result(&killed, "step") + STEPS_MORE;
    ck_assert_double_gt(last, STEPS_MORE);
    train_to(&killed, last);
    toy_ready(&whole, &training);
    train_to(&whole, last);
    toy_expect_same(&whole, &killed);
    unsigned char *a = bytes_of(&killed, &n), *b = bytes_of(&whole, &m);
    ck_assert_uint_eq(n, m);
    ck_assert_mem_eq(a, b, n);
    free(a);
    free(b);
    toy_free(&killed);
    toy_free(&whole);
}

START_TEST(killed_at_any_moment_training_ends_in_the_same_bytes)
{
    const char *text = getenv("VAE_KILLS");
    int kills = text ? atoi(text) : 30;
    folder home = folder_new();
    char path[128];
    snprintf(path, sizeof path, "%s", folder_at(&home, "checkpoint"));
    ck_assert_int_gt(kills, 0);
    for (int i = 0; i < kills || access(path, F_OK) != 0; i++) {
        float moment;
        fixture_uniform(&moment, 1, 0, MOST_MS, (uint64_t)i);
        kill_one(path, (double)moment * (i < kills ? 1 : i - kills + 1));
    }
    expect_same_end(path);
    folder_remove(&home);
}
END_TEST

static void add(TCase *tests)
{
    tcase_set_timeout(tests, 3000);
    tcase_add_test(tests, killed_at_any_moment_training_ends_in_the_same_bytes);
}

int main(void)
{
    return check_run("kill", add);
}
