/* SPDX-License-Identifier: MIT */
/* Training that is cut at any step, saved, and gone on with by another trainer ends in the same
 * bytes as training that was never cut. */
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/disk.h"
#include "support/fixtures.h"
#include "support/snapshot.h"
#include "support/toy.h"

#define EPOCHS 3
#define STEPS (EPOCHS * TOY_STEPS)

static const toy_case cases[] = {
    {.name = "adam", .optimizer = "adam", .options = {NULL}},
    {.name = "adamw", .optimizer = "adamw", .options = {"weight_decay", "0.1", NULL}},
    {.name = "sgd", .optimizer = "sgd", .options = {"momentum", "0.9", "nesterov", "1", NULL}},
    {.name = "sgd without momentum", .optimizer = "sgd", .options = {NULL}},
    {.name = "rmsprop",
     .optimizer = "rmsprop",
     .options = {"momentum", "0.5", "centered", "1", NULL}},
    {.name = "second moment at 1",
     .optimizer = "adam",
     .options = {"second_moment_start", "1", "epsilon_hat", "1", NULL}},
    {.name = "warm-up",
     .optimizer = "adam",
     .options = {"beta", "1.7", "beta_warmup", "9", "seed", "18446744073709551615", NULL}},
    {.name = "piecewise",
     .optimizer = "adam",
     .options = {"schedule", "piecewise", "schedule_milestones", "0.5,1,2.25", NULL}},
    {.name = "cosine",
     .optimizer = "adam",
     .options = {"schedule", "cosine", "schedule_steps", "11", NULL}},
    {.name = "exponential", .optimizer = "adam", .options = {"schedule", "exponential", NULL}},
    {.name = "in order", .optimizer = "adam", .options = {"shuffle", "0", NULL}},
    {.name = "binarised",
     .optimizer = "adam",
     .options = {"samples", "2", NULL},
     .binarize = "bernoulli",
     .validation = 1},
    {.name = "clipped", .optimizer = "adam", .options = {"clip_norm", "0.5", NULL}},
    {.name = "summed", .optimizer = "adam", .options = {"reduction", "sum", NULL}},
    {.name = "early stopping",
     .optimizer = "adam",
     .options = {"patience", "1", "min_delta", "1e6", NULL},
     .validation = 1},
};
#define CASES ((int)(sizeof cases / sizeof cases[0]))

/* Saves after every step and every epoch. */
typedef struct saver {
    snapshot files[STEPS + EPOCHS];
    size_t n;
    enum snapshot_way way;
} saver;

static int save(vae_trainer *trainer, void *user)
{
    saver *s = user;
    ck_assert_uint_lt(s->n, STEPS + EPOCHS);
    s->files[s->n++] = snapshot_save(trainer, s->way);
    return 0;
}

static void expect_same_results(const toy *a, const toy *b)
{
    const char *name;
    for (size_t i = 0; (name = vae_trainer_result_name(i)) != NULL; i++) {
        double x = toy_result(a, name), y = toy_result(b, name);
        if (strstr(name, "second")) continue;
        ck_assert_msg(x == y || (isnan(x) && isnan(y)), "%s: %g and %g", name, x, y);
    }
}

/* Another model, no options: all comes from the file. Data before or after it. */
static void resume(const toy_case *c, snapshot *from, enum snapshot_way way, int data_first, toy *t)
{
    toy_case bare = {.optimizer = c->optimizer,
                     .options = {"threads", "1", NULL},
                     .binarize = c->binarize,
                     .validation = c->validation};
    toy_new(t, &bare, 99, NULL);
    if (data_first) toy_set_data(t, c);
    MUST(snapshot_load(t->trainer, from, way));
    if (!data_first) toy_set_data(t, c);
}

START_TEST(a_resumed_run_ends_in_the_same_bytes)
{
    const toy_case *c = &cases[_i / SNAPSHOT_WAYS];
    enum snapshot_way way = (enum snapshot_way)(_i % SNAPSHOT_WAYS);
    saver s = {.way = way};
    toy whole, t;
    snapshot end, again;

    toy_ready(&whole, c);
    MUST(vae_trainer_on_step(whole.trainer, save, &s));
    MUST(vae_trainer_on_epoch(whole.trainer, save, &s));
    MUST(vae_trainer_fit(whole.trainer, EPOCHS));
    end = snapshot_save(whole.trainer, SNAPSHOT_MEMORY);
    for (size_t i = 0; i < s.n; i++) {
        resume(c, &s.files[i], way, i % 2 == 0, &t);
        again = snapshot_save(t.trainer, SNAPSHOT_MEMORY);
        ck_assert_msg(again.n == s.files[i].n && !memcmp(again.bytes, s.files[i].bytes, again.n),
                      "%s: loaded and saved, snapshot %zu is another file", c->name, i);
        free(again.bytes);
        MUST(vae_trainer_fit(t.trainer, EPOCHS));
        again = snapshot_save(t.trainer, SNAPSHOT_MEMORY);
        ck_assert_msg(again.n == end.n && !memcmp(again.bytes, end.bytes, end.n),
                      "%s: resumed from snapshot %zu", c->name, i);
        expect_same_results(&whole, &t);
        free(again.bytes);
        free(s.files[i].bytes);
        toy_free(&t);
    }
    free(end.bytes);
    toy_free(&whole);
}
END_TEST

/* The table above means something only if early stopping does come early. */
START_TEST(the_early_stopping_case_stops_early)
{
    toy t;
    toy_ready(&t, &cases[CASES - 1]);
    MUST(vae_trainer_fit(t.trainer, EPOCHS));
    ck_assert_double_lt(toy_result(&t, "epoch"), EPOCHS);
    toy_free(&t);
}
END_TEST

START_TEST(a_run_by_steps_resumes_by_steps)
{
    toy whole, t;
    snapshot half;

    toy_ready(&whole, &cases[0]);
    for (int i = 0; i < 5; i++) MUST(vae_trainer_step(whole.trainer));
    half = snapshot_save(whole.trainer, SNAPSHOT_MEMORY);
    resume(&cases[0], &half, SNAPSHOT_MEMORY, 1, &t);
    for (int i = 0; i < 6; i++) {
        MUST(vae_trainer_step(whole.trainer));
        MUST(vae_trainer_step(t.trainer));
        toy_expect_same(&whole, &t);
    }
    free(half.bytes);
    toy_free(&whole);
    toy_free(&t);
}
END_TEST

/* Options set within an epoch: its order is the one it began with, also after a resume. */
START_TEST(a_seed_set_within_an_epoch_resumes_too)
{
    toy whole, t;
    snapshot half;

    toy_ready(&whole, &cases[0]);
    MUST(vae_trainer_step(whole.trainer));
    MUST(vae_trainer_set_int(whole.trainer, "seed", 5));
    MUST(vae_trainer_set_int(whole.trainer, "batch_size", 7));
    half = snapshot_save(whole.trainer, SNAPSHOT_MEMORY);
    resume(&cases[0], &half, SNAPSHOT_MEMORY, 0, &t);
    MUST(vae_trainer_fit(whole.trainer, 2));
    MUST(vae_trainer_fit(t.trainer, 2));
    toy_expect_same(&whole, &t);
    free(half.bytes);
    toy_free(&whole);
    toy_free(&t);
}
END_TEST

/* Nothing of what a trainer did before it loaded shows afterwards. */
START_TEST(a_trainer_that_was_elsewhere_resumes_too)
{
    toy whole, t;
    snapshot half;

    toy_ready(&whole, &cases[0]);
    toy_ready(&t, &cases[0]);
    MUST(vae_trainer_set_int(t.trainer, "seed", 8));
    MUST(vae_trainer_step(whole.trainer));
    MUST(vae_trainer_step(t.trainer));
    half = snapshot_save(whole.trainer, SNAPSHOT_MEMORY);
    MUST(snapshot_load(t.trainer, &half, SNAPSHOT_MEMORY));
    MUST(vae_trainer_fit(whole.trainer, 2));
    MUST(vae_trainer_fit(t.trainer, 2));
    toy_expect_same(&whole, &t);
    free(half.bytes);
    toy_free(&whole);
    toy_free(&t);
}
END_TEST

/* Where the rows come from is not part of a checkpoint. */
START_TEST(the_same_rows_by_callback_resume_as_well)
{
    toy whole, t;
    snapshot half;
    disk d = {.dim = TOY_DIM};
    vae_source *callback;

    toy_ready(&whole, &cases[0]);
    MUST(vae_trainer_step(whole.trainer));
    half = snapshot_save(whole.trainer, SNAPSHOT_MEMORY);
    toy_new(&t, &cases[0], 9, NULL);
    d.x = t.x;
    MUST(vae_source_from_callback(&callback, NULL, TOY_ROWS, TOY_DIM, read_disk, &d));
    MUST(snapshot_load(t.trainer, &half, SNAPSHOT_MEMORY));
    MUST(vae_trainer_set_data(t.trainer, callback, NULL, NULL));
    MUST(vae_trainer_fit(whole.trainer, 2));
    MUST(vae_trainer_fit(t.trainer, 2));
    toy_expect_same(&whole, &t);
    free(half.bytes);
    toy_free(&whole);
    toy_free(&t);
    vae_source_free(callback);
}
END_TEST

START_TEST(other_data_is_refused)
{
    toy whole, t;
    snapshot half;
    float *weights;
    vae_source *few, *later;

    toy_ready(&whole, &cases[11]);
    MUST(vae_trainer_step(whole.trainer));
    half = snapshot_save(whole.trainer, SNAPSHOT_MEMORY);
    toy_new(&t, &cases[11], 9, NULL);
    MUST(vae_source_from_float(&few, NULL, t.x, TOY_ROWS - 1, TOY_DIM, 0));
    MUST(vae_source_from_float(&later, NULL, t.x + TOY_DIM, TOY_ROWS, TOY_DIM, 0));
    t.x[17] += 0.25f;
    MUST(vae_trainer_set_data(t.trainer, t.data, NULL, NULL));
    weights = toy_weights(&t);
    ck_assert_int_eq(snapshot_load(t.trainer, &half, SNAPSHOT_MEMORY), VAE_EDATA);
    ck_assert(toy_has(&t, weights));
    ck_assert_double_eq(toy_result(&t, "step"), 0);
    t.x[17] = whole.x[17];
    MUST(vae_trainer_set_data(t.trainer, t.data, NULL, NULL));
    MUST(snapshot_load(t.trainer, &half, SNAPSHOT_MEMORY));
    MUST_FAIL(VAE_EDATA, vae_trainer_set_data(t.trainer, few, NULL, NULL));
    MUST_FAIL(VAE_EDATA, vae_trainer_set_data(t.trainer, t.data, later, NULL));
    t.x[(TOY_ROWS + 1) * TOY_DIM] += 0.25f;
    MUST_FAIL(VAE_EDATA, vae_trainer_set_validation(t.trainer, t.validation, NULL, NULL));
    free(half.bytes);
    free(weights);
    toy_free(&whole);
    toy_free(&t);
    vae_source_free(few);
    vae_source_free(later);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, a_resumed_run_ends_in_the_same_bytes, 0, CASES * SNAPSHOT_WAYS);
    tcase_add_test(tests, the_early_stopping_case_stops_early);
    tcase_add_test(tests, a_run_by_steps_resumes_by_steps);
    tcase_add_test(tests, a_seed_set_within_an_epoch_resumes_too);
    tcase_add_test(tests, a_trainer_that_was_elsewhere_resumes_too);
    tcase_add_test(tests, the_same_rows_by_callback_resume_as_well);
    tcase_add_test(tests, other_data_is_refused);
}

int main(void)
{
    return check_run("resume", add);
}
