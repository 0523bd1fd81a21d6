/* SPDX-License-Identifier: MIT */
/* Validation, the best weights and early stopping. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/snapshot.h"
#include "support/toy.h"

static const toy_case validated = {
    .optimizer = "adam", .options = {NULL}, .binarize = "bernoulli", .validation = 1};

/* What was seen after each epoch. */
typedef struct log {
    toy *t;
    double loss[64];
    float *weights[64];
    size_t n;
} log_of;

static int write_down(vae_trainer *trainer, void *user)
{
    log_of *l = user;
    MUST(vae_trainer_result(trainer, "validation_loss", &l->loss[l->n]));
    l->weights[l->n++] = toy_weights(l->t);
    return 0;
}

static void log_free(log_of *l)
{
    for (size_t i = 0; i < l->n; i++) free(l->weights[i]);
}

static size_t lowest(const log_of *l)
{
    size_t best = 0;
    for (size_t i = 1; i < l->n; i++)
        if (l->loss[i] < l->loss[best]) best = i;
    return best;
}

START_TEST(the_same_weights_give_the_same_loss_at_every_epoch)
{
    toy t;
    double first;

    toy_ready(&t, &validated);
    MUST(vae_trainer_set_double(t.trainer, "learning_rate", 0.0));
    MUST(vae_trainer_epoch(t.trainer));
    first = toy_result(&t, "validation_loss");
    ck_assert_double_gt(first, 0.0);
    ck_assert_double_eq(
        toy_result(&t, "validation_reconstruction") + toy_result(&t, "validation_kl"), first);
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "validation_loss"), first);
    toy_free(&t);
}
END_TEST

/* Validation changes nothing of training. */
START_TEST(validation_leaves_the_weights_alone)
{
    toy_case c = validated;
    toy with, without;

    toy_ready(&with, &c);
    c.validation = 0;
    toy_ready(&without, &c);
    MUST(vae_trainer_fit(with.trainer, 3));
    MUST(vae_trainer_fit(without.trainer, 3));
    toy_expect_same(&with, &without);
    ck_assert(isnan(toy_result(&without, "best_validation_loss")));
    toy_free(&with);
    toy_free(&without);
}
END_TEST

/* A large rate lets the loss rise and fall; patience ends it, and the best weights come back. */
START_TEST(early_stopping_gives_the_best_weights_back)
{
    toy t;
    log_of l = {.t = &t};
    size_t best;

    toy_ready(&t, &validated);
    MUST(vae_trainer_set_double(t.trainer, "learning_rate", 0.05));
    MUST(vae_trainer_set_int(t.trainer, "patience", 4));
    MUST(vae_trainer_on_epoch(t.trainer, write_down, &l));
    MUST(vae_trainer_fit(t.trainer, 64));
    best = lowest(&l);
    ck_assert_uint_lt(l.n, 64);
    ck_assert_uint_eq(l.n, best + 1 + 4);
    ck_assert_double_eq(toy_result(&t, "best_epoch"), (double)best + 1);
    ck_assert_double_eq(toy_result(&t, "best_validation_loss"), l.loss[best]);
    ck_assert_double_eq(toy_result(&t, "stopped"), 0);
    ck_assert(toy_has(&t, l.weights[best]));
    ck_assert(!toy_has(&t, l.weights[l.n - 1]));
    MUST(vae_trainer_fit(t.trainer, 64));
    ck_assert_uint_eq(l.n, best + 1 + 4);
    ck_assert(toy_has(&t, l.weights[best]));
    log_free(&l);
    toy_free(&t);
}
END_TEST

/* No improvement is large enough: the first epoch stays the best. */
START_TEST(min_delta_says_what_better_means)
{
    toy t;
    log_of l = {.t = &t};

    toy_ready(&t, &validated);
    MUST(vae_trainer_set_int(t.trainer, "patience", 3));
    MUST(vae_trainer_set_double(t.trainer, "min_delta", 1e6));
    MUST(vae_trainer_on_epoch(t.trainer, write_down, &l));
    MUST(vae_trainer_fit(t.trainer, 64));
    ck_assert_uint_eq(l.n, 1 + 3);
    ck_assert_double_lt(l.loss[3], l.loss[0]);
    ck_assert_double_eq(toy_result(&t, "best_epoch"), 1);
    ck_assert(toy_has(&t, l.weights[0]));
    log_free(&l);
    toy_free(&t);
}
END_TEST

START_TEST(the_best_weights_can_be_asked_for)
{
    toy t;
    log_of l = {.t = &t};

    toy_ready(&t, &validated);
    MUST_FAIL(VAE_ESTATE, vae_trainer_use_best(t.trainer));
    MUST(vae_trainer_set_double(t.trainer, "learning_rate", 0.05));
    MUST(vae_trainer_on_epoch(t.trainer, write_down, &l));
    MUST(vae_trainer_fit(t.trainer, 20));
    ck_assert(toy_has(&t, l.weights[19]));
    MUST(vae_trainer_use_best(t.trainer));
    ck_assert(toy_has(&t, l.weights[lowest(&l)]));
    log_free(&l);
    toy_free(&t);
}
END_TEST

/* Seen through public calls alone: the validation loss is vae_loss of the best weights. */
START_TEST(the_best_loss_is_that_of_the_best_weights)
{
    toy t;
    vae_workspace *workspace;
    double reconstruction, kl, reported;

    toy_case c = validated;
    c.binarize = NULL;
    toy_ready(&t, &c);
    MUST(vae_trainer_set_int(t.trainer, "samples", 64));
    MUST(vae_trainer_fit(t.trainer, 12));
    reported = toy_result(&t, "best_validation_loss");
    MUST(vae_trainer_use_best(t.trainer));
    MUST(vae_workspace_new(&workspace, t.model, "inference", 8, 64, 1));
    MUST(vae_evaluate(workspace, t.model, t.validation, NULL, NULL, 64, 3, &reconstruction, &kl));
    ck_assert_double_eq_tol(reconstruction + kl, reported, 0.01 * reported); /* other noise */
    vae_workspace_free(workspace);
    toy_free(&t);
}
END_TEST

START_TEST(validation_data_that_fails_leaves_the_epoch_open)
{
    toy t;
    float *x;

    toy_ready(&t, &validated);
    x = t.x + TOY_ROWS * TOY_DIM;
    x[5] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "epoch"), 0);
    ck_assert_double_eq(toy_result(&t, "step"), TOY_STEPS);
    x[5] = 0.5f;
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "epoch"), 1);
    ck_assert_double_eq(toy_result(&t, "step"), TOY_STEPS);
    toy_free(&t);
}
END_TEST

/* While beta rises the validation loss, at beta = 1, says little. */
START_TEST(patience_waits_for_the_end_of_warm_up)
{
    toy t;

    toy_ready(&t, &validated);
    MUST(vae_trainer_set_double(t.trainer, "min_delta", 1e9)); /* the first epoch stays the best */
    MUST(vae_trainer_set_int(t.trainer, "patience", 2));
    MUST(vae_trainer_set_int(t.trainer, "beta_warmup", 5 * TOY_STEPS + 1));
    MUST(vae_trainer_fit(t.trainer, 64));
    ck_assert_double_eq(toy_result(&t, "epoch"), 6 + 2);
    ck_assert_double_eq(toy_result(&t, "early_stopped"), 1);
    MUST(vae_trainer_set_int(t.trainer, "patience", 0));
    ck_assert_double_eq(toy_result(&t, "early_stopped"), 0);
    toy_free(&t);
}
END_TEST

START_TEST(losses_of_another_set_are_not_compared)
{
    toy t;
    vae_source *other;

    toy_ready(&t, &validated);
    MUST(vae_trainer_epoch(t.trainer));
    MUST(vae_trainer_set_validation(t.trainer, t.validation, NULL, NULL));
    ck_assert_double_eq(toy_result(&t, "best_epoch"), 1);
    MUST(vae_source_from_float(&other, NULL, t.x, TOY_VALID, TOY_DIM, 0));
    MUST(vae_trainer_set_validation(t.trainer, other, NULL, NULL));
    ck_assert(isnan(toy_result(&t, "best_epoch")) && isnan(toy_result(&t, "best_validation_loss")));
    ck_assert(isnan(toy_result(&t, "validation_loss")));
    ck_assert_int_eq(vae_trainer_use_best(t.trainer), VAE_ESTATE);
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "best_epoch"), 2);
    toy_free(&t);
    vae_source_free(other);
}
END_TEST

/* Nor are those of a set before there was none. */
START_TEST(without_a_set_there_is_no_best)
{
    toy t;
    vae_source *other;

    toy_ready(&t, &validated);
    MUST(vae_trainer_set_int(t.trainer, "patience", 1));
    MUST(vae_trainer_epoch(t.trainer));
    MUST(vae_trainer_set_validation(t.trainer, NULL, NULL, NULL));
    ck_assert(isnan(toy_result(&t, "best_epoch")) && isnan(toy_result(&t, "validation_loss")));
    MUST(vae_trainer_fit(t.trainer, 3));
    ck_assert_double_eq(toy_result(&t, "epoch"), 3);
    MUST(vae_source_from_float(&other, NULL, t.x, TOY_VALID, TOY_DIM, 0));
    MUST(vae_trainer_set_validation(t.trainer, other, NULL, NULL));
    MUST(vae_trainer_epoch(t.trainer));
    ck_assert_double_eq(toy_result(&t, "best_epoch"), 4);
    ck_assert_int_eq(vae_trainer_set_validation(t.trainer, NULL, other, NULL), VAE_EINVAL);
    ck_assert_str_eq(vae_last_error(), "vae_trainer_set_validation: input is NULL");
    toy_free(&t);
    vae_source_free(other);
}
END_TEST

/* Of a set that a checkpoint knew as well. */
START_TEST(without_the_set_of_a_checkpoint_there_is_no_best)
{
    toy t, resumed;

    toy_ready(&t, &validated);
    MUST(vae_trainer_epoch(t.trainer));
    snapshot file = snapshot_save(t.trainer, SNAPSHOT_MEMORY);
    toy_new(&resumed, &validated, 0, NULL);
    MUST(snapshot_load(resumed.trainer, &file, SNAPSHOT_MEMORY));
    MUST(vae_trainer_set_validation(resumed.trainer, resumed.validation, NULL, NULL));
    ck_assert_double_eq(toy_result(&resumed, "best_epoch"), 1);
    toy_free(&resumed);
    toy_new(&resumed, &validated, 0, NULL);
    MUST(snapshot_load(resumed.trainer, &file, SNAPSHOT_MEMORY));
    MUST(vae_trainer_set_validation(resumed.trainer, NULL, NULL, NULL));
    ck_assert(isnan(toy_result(&resumed, "best_epoch")));
    ck_assert(isnan(toy_result(&resumed, "validation_loss")));
    toy_free(&resumed);
    toy_free(&t);
    free(file.bytes);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, the_same_weights_give_the_same_loss_at_every_epoch);
    tcase_add_test(tests, validation_leaves_the_weights_alone);
    tcase_add_test(tests, early_stopping_gives_the_best_weights_back);
    tcase_add_test(tests, min_delta_says_what_better_means);
    tcase_add_test(tests, the_best_weights_can_be_asked_for);
    tcase_add_test(tests, the_best_loss_is_that_of_the_best_weights);
    tcase_add_test(tests, validation_data_that_fails_leaves_the_epoch_open);
    tcase_add_test(tests, patience_waits_for_the_end_of_warm_up);
    tcase_add_test(tests, losses_of_another_set_are_not_compared);
    tcase_add_test(tests, without_a_set_there_is_no_best);
    tcase_add_test(tests, without_the_set_of_a_checkpoint_there_is_no_best);
}

int main(void)
{
    return check_run("validation", add);
}
