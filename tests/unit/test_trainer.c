/* SPDX-License-Identifier: MIT */
/* Training: that it learns, that its bits depend on nothing they should not, what it reports. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/heap.h"
#include "support/toy.h"

static const toy_case plain = {.name = "plain", .optimizer = "adam", .options = {NULL}};

static const toy_case busy = {.name = "busy",
                              .optimizer = "adam",
                              .options = {"samples", "3", "weight_decay", "0.01", "beta_warmup",
                                          "7", "learning_rate", "0.01", NULL},
                              .binarize = "bernoulli",
                              .validation = 1};

START_TEST(the_loss_falls)
{
    toy t;
    double first, last;

    toy_ready(&t, &plain);
    MUST(vae_trainer_set_double(t.trainer, "learning_rate", 0.01));
    MUST(vae_trainer_epoch(t.trainer));
    first = toy_result(&t, "train_loss");
    MUST(vae_trainer_fit(t.trainer, 60));
    last = toy_result(&t, "train_loss");
    ck_assert_msg(last < 0.75 * first, "from %g to %g", first, last);
    ck_assert_double_eq(toy_result(&t, "epoch"), 60);
    ck_assert_double_eq(toy_result(&t, "step"), 60 * TOY_STEPS);
    toy_free(&t);
}
END_TEST

START_TEST(the_same_bits_for_any_number_of_threads)
{
    static const int64_t threads[] = {2, 3, 4, 16, 0};
    toy one, many;

    toy_ready(&one, &busy);
    toy_ready(&many, &busy);
    MUST(vae_trainer_set_int(one.trainer, "threads", 1));
    MUST(vae_trainer_set_int(many.trainer, "threads", threads[_i]));
    MUST(vae_trainer_fit(one.trainer, 3));
    MUST(vae_trainer_fit(many.trainer, 3));
    toy_expect_same(&one, &many);
    ck_assert_double_eq(toy_result(&one, "train_loss"), toy_result(&many, "train_loss"));
    ck_assert_double_eq(toy_result(&one, "validation_loss"), toy_result(&many, "validation_loss"));
    toy_free(&one);
    toy_free(&many);
}
END_TEST

START_TEST(another_seed_gives_other_bits)
{
    toy a, b;

    toy_ready(&a, &plain);
    toy_ready(&b, &plain);
    MUST(vae_trainer_set_int(b.trainer, "seed", INT64_MIN));
    MUST(vae_trainer_step(a.trainer));
    MUST(vae_trainer_step(b.trainer));
    ck_assert(!toy_has(&a, vae_model_parameters(b.model)));
    toy_free(&a);
    toy_free(&b);
}
END_TEST

typedef struct hook {
    size_t calls, n;
    uint64_t last_step;
    int dirty; /* writes to everything that is zero */
} hook;

static int look(float *gradient, size_t n, uint64_t step, void *user)
{
    hook *h = user;
    h->calls++;
    h->n = n;
    h->last_step = step;
    for (size_t i = 0; h->dirty && i < n; i++) gradient[i] += 1e-3f;
    return 0;
}

/* Index = kind of optimizer. By way of memory (hook, clipping far off) and fused: the same bits. */
START_TEST(a_hook_that_does_nothing_changes_no_bit)
{
    toy_case c = busy;
    toy fused, hooked, clipped;
    hook h = {0};

    c.optimizer = vae_kind("optimizer", (size_t)_i);
    toy_ready(&fused, &c);
    toy_ready(&hooked, &c);
    toy_ready(&clipped, &c);
    MUST(vae_trainer_on_gradient(hooked.trainer, look, &h));
    MUST(vae_trainer_set_double(clipped.trainer, "clip_norm", 1e30));
    MUST(vae_trainer_fit(fused.trainer, 2));
    MUST(vae_trainer_fit(hooked.trainer, 2));
    MUST(vae_trainer_fit(clipped.trainer, 2));
    toy_expect_same(&fused, &hooked);
    toy_expect_same(&fused, &clipped);
    ck_assert_uint_eq(h.calls, 2 * TOY_STEPS);
    ck_assert_uint_eq(h.n, vae_model_parameter_count(hooked.model));
    ck_assert_uint_eq(h.last_step, 2 * TOY_STEPS - 1);
    ck_assert(isnan(toy_result(&fused, "gradient_norm")));
    ck_assert_double_gt(toy_result(&clipped, "gradient_norm"), 0.0);
    toy_free(&fused);
    toy_free(&hooked);
    toy_free(&clipped);
}
END_TEST

/* A hook that writes everywhere does not disturb the padding the kernels count on. */
START_TEST(a_hook_cannot_move_padding)
{
    toy t;
    hook h = {.dirty = 1};
    size_t n, inside = 0, moved = 0;
    float *before;

    toy_ready(&t, &plain);
    n = vae_model_parameter_count(t.model);
    before = toy_weights(&t);
    MUST(vae_trainer_on_gradient(t.trainer, look, &h));
    MUST(vae_trainer_step(t.trainer));
    for (size_t i = 0; i < n; i++) moved += before[i] != vae_model_parameters(t.model)[i];
    inside = vae_model_weight_count(t.model);
    ck_assert_uint_lt(inside, n);
    ck_assert_uint_le(moved, inside);
    ck_assert_uint_gt(moved, inside / 2);
    free(before);
    toy_free(&t);
}
END_TEST

START_TEST(clipping_shortens_the_step)
{
    static const toy_case sgd = {.optimizer = "sgd",
                                 .options = {"learning_rate", "1", "clip_norm", "0.01", NULL}};
    toy t;
    float *before;
    double norm = 0.0;

    toy_ready(&t, &sgd);
    before = toy_weights(&t);
    MUST(vae_trainer_step(t.trainer));
    for (size_t i = 0; i < vae_model_parameter_count(t.model); i++) {
        double moved = (double)vae_model_parameters(t.model)[i] - (double)before[i];
        norm += moved * moved;
    }
    ck_assert_double_eq_tol(sqrt(norm), 0.01, 1e-6);
    ck_assert_double_gt(toy_result(&t, "gradient_norm"), 0.01);
    free(before);
    toy_free(&t);
}
END_TEST

/* The sum over a batch of 16 at a sixteenth of the rate moves as the mean does, bit for bit. */
START_TEST(a_sum_is_the_mean_times_the_rows)
{
    static const toy_case mean = {.optimizer = "sgd", .options = {"learning_rate", "0.25", NULL}};
    static const toy_case sum = {
        .optimizer = "sgd", .options = {"learning_rate", "0.015625", "reduction", "sum", NULL}};
    toy a, b;

    toy_ready(&a, &mean);
    toy_ready(&b, &sum);
    MUST(vae_trainer_step(a.trainer));
    MUST(vae_trainer_step(b.trainer));
    toy_expect_same(&a, &b);
    ck_assert_double_eq(toy_result(&a, "step_loss"), toy_result(&b, "step_loss"));
    toy_free(&a);
    toy_free(&b);
}
END_TEST

START_TEST(beta_warms_up_linearly)
{
    static const toy_case warm = {.optimizer = "adam",
                                  .options = {"beta", "2", "beta_warmup", "4", NULL}};
    toy t;

    toy_ready(&t, &warm);
    for (int step = 0; step < 6; step++) {
        MUST(vae_trainer_step(t.trainer));
        ck_assert_double_eq(toy_result(&t, "beta"), step < 4 ? 2.0 * step / 4.0 : 2.0);
        ck_assert_double_eq_tol(toy_result(&t, "step_loss"),
                                toy_result(&t, "step_reconstruction") +
                                    toy_result(&t, "beta") * toy_result(&t, "step_kl"),
                                1e-9);
    }
    toy_free(&t);
}
END_TEST

/* Means over an epoch weigh rows alike, though its last batch is smaller. */
START_TEST(an_epoch_reports_the_mean_of_its_rows)
{
    toy t;
    double sum = 0.0;

    toy_ready(&t, &busy);
    ck_assert(isnan(toy_result(&t, "train_loss")));
    ck_assert(isnan(toy_result(&t, "step_loss")));
    ck_assert(isnan(toy_result(&t, "validation_loss")));
    ck_assert(isnan(toy_result(&t, "best_epoch")));
    for (size_t i = 0; i < TOY_STEPS; i++) {
        size_t left = TOY_ROWS - i * TOY_BATCH, rows = left < TOY_BATCH ? left : TOY_BATCH;
        MUST(vae_trainer_step(t.trainer));
        sum += (double)rows * toy_result(&t, "step_loss");
        ck_assert_double_eq(toy_result(&t, "epoch"), i + 1 == TOY_STEPS);
        ck_assert_double_eq(toy_result(&t, "epoch_step"), (double)i + 1);
    }
    ck_assert_double_eq(toy_result(&t, "epoch_steps"), TOY_STEPS);
    ck_assert_double_eq_tol(toy_result(&t, "train_loss"), sum / TOY_ROWS, 1e-9);
    ck_assert(isnan(toy_result(&t, "validation_loss")));
    ck_assert_double_gt(toy_result(&t, "rows_per_second"), 0.0);
    ck_assert_double_gt(toy_result(&t, "seconds"), 0.0);
    for (size_t i = 0; vae_trainer_result_name(i); i++)
        ck_assert(!isinf(toy_result(&t, vae_trainer_result_name(i))));
    toy_free(&t);
}
END_TEST

/* The learning rate is far too large: at some step the loss overflows, and it does nothing. */
START_TEST(an_overflow_moves_no_weight)
{
    static const toy_case wild = {.optimizer = "sgd", .options = {"learning_rate", "1e6", NULL}};
    toy t;
    vae_status status = VAE_OK;
    float *before = NULL;

    toy_ready(&t, &wild);
    for (int step = 0; step < 50 && status == VAE_OK; step++) {
        free(before);
        before = toy_weights(&t);
        status = vae_trainer_step(t.trainer);
    }
    ck_assert_int_eq(status, VAE_ENONFINITE);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "step"));
    ck_assert(toy_has(&t, before));
    ck_assert_int_eq(vae_trainer_step(t.trainer), VAE_ENONFINITE);
    ck_assert(toy_has(&t, before));
    free(before);
    toy_free(&t);
}
END_TEST

START_TEST(bytes_train_as_the_floats_they_mean)
{
    toy bytes, floats;
    uint8_t k[TOY_ROWS * TOY_DIM];
    float x[TOY_ROWS * TOY_DIM];

    toy_ready(&bytes, &plain);
    toy_ready(&floats, &plain);
    for (size_t i = 0; i < TOY_ROWS * TOY_DIM; i++) {
        k[i] = (uint8_t)(bytes.x[i] * 255.0f);
        x[i] = (float)k[i] / 255.0f;
    }
    vae_source *of_bytes, *of_floats;
    MUST(vae_source_from_uint8(&of_bytes, NULL, k, TOY_ROWS, TOY_DIM, 0));
    MUST(vae_source_from_float(&of_floats, NULL, x, TOY_ROWS, TOY_DIM, 0));
    MUST(vae_trainer_set_data(bytes.trainer, of_bytes, NULL, NULL));
    MUST(vae_trainer_set_data(floats.trainer, of_floats, of_floats, NULL));
    MUST(vae_trainer_fit(bytes.trainer, 2));
    MUST(vae_trainer_fit(floats.trainer, 2));
    toy_expect_same(&bytes, &floats);
    toy_free(&bytes);
    toy_free(&floats);
    vae_source_free(of_bytes);
    vae_source_free(of_floats);
}
END_TEST

static void *fit_apart(void *user)
{
    toy *t = user;
    return vae_trainer_fit(t->trainer, 3) == VAE_OK ? t : NULL;
}

START_TEST(trainers_in_two_threads_do_not_meet)
{
    toy alone, pair[2];
    pthread_t threads[2];
    void *done;

    toy_ready(&alone, &busy);
    MUST(vae_trainer_fit(alone.trainer, 3));
    for (size_t i = 0; i < 2; i++) toy_ready(&pair[i], &busy);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, fit_apart, &pair[i]), 0);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &done), 0);
        ck_assert_ptr_eq(done, &pair[i]);
        toy_expect_same(&alone, &pair[i]);
        toy_free(&pair[i]);
    }
    toy_free(&alone);
}
END_TEST

/* Fused and by way of memory, with validation: memory is asked for in the first epoch only. */
START_TEST(steps_allocate_nothing)
{
    toy t;
    heap h = {.fail_at = SIZE_MAX};
    hook none = {0};
    vae_context *context;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    toy_new(&t, &busy, 1, context);
    toy_set_data(&t, &busy);
    ck_assert_uint_eq(vae_trainer_bytes(t.trainer), 0);
    if (_i) MUST(vae_trainer_on_gradient(t.trainer, look, &none));
    MUST(vae_trainer_fit(t.trainer, 1));
    h.calls = 0;
    MUST(vae_trainer_fit(t.trainer, 4));
    ck_assert_uint_eq(h.calls, 0);
    ck_assert_uint_gt(vae_trainer_bytes(t.trainer), 0);
    toy_free(&t);
    vae_context_free(context);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

/* Whatever allocation fails, training answers so and can go on when there is memory again. */
START_TEST(training_survives_a_lack_of_memory)
{
    toy_case c = busy;
    toy whole, t;
    heap h = {.fail_at = SIZE_MAX};
    vae_context *context;
    vae_status status = VAE_ENOMEM;

    toy_ready(&whole, &c);
    MUST(vae_trainer_fit(whole.trainer, 1));
    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    for (size_t k = 1; status != VAE_OK; k++) {
        toy_new(&t, &c, 1, context);
        toy_set_data(&t, &c);
        h.calls = 0;
        h.fail_at = k;
        status = vae_trainer_fit(t.trainer, 1);
        if (status != VAE_OK) ck_assert_int_eq(status, VAE_ENOMEM);
        h.fail_at = SIZE_MAX;
        MUST(vae_trainer_fit(t.trainer, 1));
        toy_expect_same(&whole, &t);
        toy_free(&t);
        ck_assert_uint_lt(k, 100);
    }
    vae_context_free(context);
    ck_assert_uint_eq(h.held, 0);
    toy_free(&whole);
}
END_TEST

/* Every option: its default is in its range, what is outside is refused, text goes in and out. */
START_TEST(options_have_ranges_that_hold)
{
    toy t;
    const char *name;

    toy_ready(&t, &plain);
    for (size_t i = 0; (name = vae_trainer_option(i)) != NULL; i++) {
        double least, most, initial;
        ck_assert_ptr_nonnull(vae_trainer_option_describe(name));
        if (vae_trainer_option_bounds(name, &least, &most, &initial) != VAE_OK) continue;
        ck_assert(least <= initial && initial <= most);
        if (isinf(least)) continue;
        char below[32], above[32];
        snprintf(below, sizeof below, "%.0f", floor(least) - 1.0);
        snprintf(above, sizeof above, "%.0f", ceil(most) + ceil(most) / 1024.0 + 1.0);
        ck_assert_msg(vae_trainer_parse(t.trainer, name, below) == VAE_EINVAL, "%s", name);
        ck_assert_msg(vae_trainer_parse(t.trainer, name, above) == VAE_EINVAL, "%s", name);
        snprintf(above, sizeof above, "%.17g", most);
        if (most < 1e6) MUST(vae_trainer_parse(t.trainer, name, above));
    }
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_set_text(t.trainer, "reduction", "median"));
    MUST(vae_trainer_set_int(t.trainer, "seed", INT64_MIN));
    toy_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    int optimizers = fixture_kind_count("optimizer");

    tcase_add_test(tests, the_loss_falls);
    tcase_add_loop_test(tests, the_same_bits_for_any_number_of_threads, 0, 5);
    tcase_add_test(tests, another_seed_gives_other_bits);
    tcase_add_loop_test(tests, a_hook_that_does_nothing_changes_no_bit, 0, optimizers);
    tcase_add_test(tests, a_hook_cannot_move_padding);
    tcase_add_test(tests, clipping_shortens_the_step);
    tcase_add_test(tests, a_sum_is_the_mean_times_the_rows);
    tcase_add_test(tests, beta_warms_up_linearly);
    tcase_add_test(tests, an_epoch_reports_the_mean_of_its_rows);
    tcase_add_test(tests, an_overflow_moves_no_weight);
    tcase_add_test(tests, bytes_train_as_the_floats_they_mean);
    tcase_add_test(tests, trainers_in_two_threads_do_not_meet);
    tcase_add_loop_test(tests, steps_allocate_nothing, 0, 2);
    tcase_add_test(tests, training_survives_a_lack_of_memory);
    tcase_add_test(tests, options_have_ranges_that_hold);
}

int main(void)
{
    return check_run("trainer", add);
}
