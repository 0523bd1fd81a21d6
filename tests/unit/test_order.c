/* SPDX-License-Identifier: MIT */
/* Which rows an epoch uses, in which order, and what new data and sizes do to a running one. */
#include "support/check_main.h"
#include "support/disk.h"
#include "support/fixtures.h"
#include "support/toy.h"

static const toy_case plain = {.optimizer = "sgd", .options = {NULL}};

/* A callback source that writes down which rows it was asked for. */
typedef struct diary {
    const float *x;
    uint64_t rows[8 * TOY_ROWS];
    size_t n, largest;
} diary;

static int read_diary(void *user, const uint64_t *rows, size_t n, float *out)
{
    diary *d = user;
    if (n > d->largest) d->largest = n;
    for (size_t r = 0; r < n; r++) {
        ck_assert_uint_lt(rows[r], TOY_ROWS);
        d->rows[d->n++] = rows[r];
        memcpy(out + r * TOY_DIM, d->x + rows[r] * TOY_DIM, TOY_DIM * sizeof *out);
    }
    return 0;
}

typedef struct setup {
    toy t;
    diary d;
    vae_source *source;
} setup;

static void set_up(setup *s, const char *shuffle)
{
    toy_new(&s->t, &plain, 1, NULL);
    s->d = (diary){.x = s->t.x};
    MUST(vae_source_from_callback(&s->source, NULL, TOY_ROWS, TOY_DIM, read_diary, &s->d));
    MUST(vae_trainer_parse(s->t.trainer, "shuffle", shuffle));
    MUST(vae_trainer_set_data(s->t.trainer, s->source, NULL, NULL));
    s->d.n = s->d.largest = 0; /* the fingerprint has been taken */
}

static void tear_down(setup *s)
{
    toy_free(&s->t);
    vae_source_free(s->source);
}

static void expect_permutation(const uint64_t *rows)
{
    int seen[TOY_ROWS] = {0};
    for (size_t i = 0; i < TOY_ROWS; i++) seen[rows[i]]++;
    for (size_t i = 0; i < TOY_ROWS; i++) ck_assert_int_eq(seen[i], 1);
}

START_TEST(without_shuffling_rows_come_in_order)
{
    setup s;

    set_up(&s, "0");
    MUST(vae_trainer_fit(s.t.trainer, 2));
    ck_assert_uint_eq(s.d.n, 2 * TOY_ROWS);
    ck_assert_uint_eq(s.d.largest, TOY_BATCH);
    for (size_t i = 0; i < 2 * TOY_ROWS; i++) ck_assert_uint_eq(s.d.rows[i], i % TOY_ROWS);
    tear_down(&s);
}
END_TEST

START_TEST(an_epoch_uses_every_row_once_in_a_new_order)
{
    setup s;

    set_up(&s, "1");
    MUST(vae_trainer_fit(s.t.trainer, 3));
    ck_assert_uint_eq(s.d.n, 3 * TOY_ROWS);
    for (size_t e = 0; e < 3; e++) expect_permutation(s.d.rows + e * TOY_ROWS);
    ck_assert_mem_ne(s.d.rows, s.d.rows + TOY_ROWS, TOY_ROWS * sizeof *s.d.rows);
    ck_assert_mem_ne(s.d.rows + TOY_ROWS, s.d.rows + 2 * TOY_ROWS, TOY_ROWS * sizeof *s.d.rows);
    tear_down(&s);
}
END_TEST

START_TEST(another_seed_gives_another_order)
{
    setup a, b;

    set_up(&a, "1");
    set_up(&b, "1");
    MUST(vae_trainer_set_int(b.t.trainer, "seed", 1));
    MUST(vae_trainer_epoch(a.t.trainer));
    MUST(vae_trainer_epoch(b.t.trainer));
    expect_permutation(b.d.rows);
    ck_assert_mem_ne(a.d.rows, b.d.rows, TOY_ROWS * sizeof *a.d.rows);
    tear_down(&a);
    tear_down(&b);
}
END_TEST

/* A batch larger than the data is the data, and asks for no more memory. */
START_TEST(a_batch_is_no_larger_than_the_data)
{
    setup a, b;

    set_up(&a, "1");
    set_up(&b, "1");
    MUST(vae_trainer_set_int(a.t.trainer, "batch_size", TOY_ROWS));
    MUST(vae_trainer_set_int(b.t.trainer, "batch_size", 1048576));
    MUST(vae_trainer_epoch(a.t.trainer));
    MUST(vae_trainer_epoch(b.t.trainer));
    ck_assert_double_eq(toy_result(&b.t, "epoch_steps"), 1);
    ck_assert_uint_eq(vae_trainer_bytes(a.t.trainer), vae_trainer_bytes(b.t.trainer));
    toy_expect_same(&a.t, &b.t);
    tear_down(&a);
    tear_down(&b);
}
END_TEST

/* A running epoch keeps its order, whatever is set meanwhile. */
START_TEST(changes_within_an_epoch_lose_no_row)
{
    setup s;

    set_up(&s, "1");
    MUST(vae_trainer_step(s.t.trainer));
    MUST(vae_trainer_set_int(s.t.trainer, "batch_size", 5));
    MUST(vae_trainer_set_int(s.t.trainer, "seed", 77));
    MUST(vae_trainer_set_int(s.t.trainer, "shuffle", 0));
    MUST(vae_trainer_step(s.t.trainer));
    MUST(vae_trainer_set_int(s.t.trainer, "samples", 2));
    MUST(vae_trainer_set_int(s.t.trainer, "threads", 1));
    MUST(vae_trainer_set_int(s.t.trainer, "batch_size", 1000));
    MUST(vae_trainer_epoch(s.t.trainer));
    ck_assert_uint_eq(s.d.n, TOY_ROWS);
    ck_assert_double_eq(toy_result(&s.t, "epoch_step"), 3);
    expect_permutation(s.d.rows);
    ck_assert_uint_ne(s.d.rows[0] + 1, s.d.rows[1]);
    MUST(vae_trainer_epoch(s.t.trainer));
    for (size_t i = 0; i < TOY_ROWS; i++) ck_assert_uint_eq(s.d.rows[TOY_ROWS + i], i);
    tear_down(&s);
}
END_TEST

START_TEST(the_same_rows_from_elsewhere_go_on_where_they_were)
{
    setup s;
    toy whole;

    set_up(&s, "1");
    toy_ready(&whole, &plain);
    MUST(vae_trainer_fit(whole.trainer, 2));
    MUST(vae_trainer_step(s.t.trainer));
    MUST(vae_trainer_set_data(s.t.trainer, s.t.data, NULL, NULL));
    MUST(vae_trainer_fit(s.t.trainer, 2));
    toy_expect_same(&whole, &s.t);
    toy_free(&whole);
    tear_down(&s);
}
END_TEST

START_TEST(another_number_of_rows_begins_the_epoch_anew)
{
    setup s;
    vae_source *few;

    set_up(&s, "1");
    MUST(vae_source_from_float(&few, NULL, s.t.x, 20, TOY_DIM, 0));
    MUST(vae_trainer_step(s.t.trainer));
    MUST(vae_trainer_step(s.t.trainer));
    MUST(vae_trainer_set_data(s.t.trainer, few, NULL, NULL));
    MUST(vae_trainer_epoch(s.t.trainer));
    ck_assert_double_eq(toy_result(&s.t, "epoch"), 1);
    ck_assert_double_eq(toy_result(&s.t, "epoch_step"), 2);
    ck_assert_double_eq(toy_result(&s.t, "step"), 4);
    tear_down(&s);
    vae_source_free(few);
}
END_TEST

/* A target, a condition and an input read by callback arrive beside each other. */
START_TEST(callbacks_train_as_memory_does)
{
    static const size_t widths[] = {9};
    uint8_t labels[TOY_ROWS];
    float hot[TOY_ROWS * 4] = {0};
    toy t;
    disk d = {.dim = TOY_DIM};
    vae_source *one_hot, *input;
    vae_model *models[2];
    vae_config *config;

    toy_new(&t, &plain, 1, NULL);
    d.x = t.x;
    for (size_t r = 0; r < TOY_ROWS; r++) {
        labels[r] = (uint8_t)(r % 4);
        hot[r * 4 + r % 4] = 1.0f;
    }
    MUST(vae_config_new(&config, NULL, TOY_DIM, 2));
    MUST(vae_config_set_encoder(config, widths, 1));
    MUST(vae_config_set_condition_dim(config, 4));
    MUST(vae_source_from_callback(&input, NULL, TOY_ROWS, TOY_DIM, read_disk, &d));
    for (size_t i = 0; i < 2; i++) {
        vae_trainer *trainer;
        if (i == 0) MUST(vae_source_from_labels(&one_hot, NULL, labels, TOY_ROWS, 4));
        if (i == 1) MUST(vae_source_from_float(&one_hot, NULL, hot, TOY_ROWS, 4, 0));
        MUST(vae_model_new(&models[i], config, 5));
        MUST(vae_trainer_new(&trainer, models[i], "adam"));
        MUST(vae_trainer_set_data(trainer, i ? input : t.data, i ? input : NULL, one_hot));
        MUST(vae_trainer_set_validation(trainer, i ? input : t.data, NULL, one_hot));
        MUST(vae_trainer_fit(trainer, 2));
        vae_trainer_free(trainer);
        vae_source_free(one_hot);
    }
    ck_assert_mem_eq(vae_model_parameters(models[0]), vae_model_parameters(models[1]),
                     vae_model_parameter_count(models[0]) * sizeof(float));
    for (size_t i = 0; i < 2; i++) vae_model_free(models[i]);
    vae_source_free(input);
    vae_config_free(config);
    toy_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, without_shuffling_rows_come_in_order);
    tcase_add_test(tests, an_epoch_uses_every_row_once_in_a_new_order);
    tcase_add_test(tests, another_seed_gives_another_order);
    tcase_add_test(tests, a_batch_is_no_larger_than_the_data);
    tcase_add_test(tests, changes_within_an_epoch_lose_no_row);
    tcase_add_test(tests, the_same_rows_from_elsewhere_go_on_where_they_were);
    tcase_add_test(tests, another_number_of_rows_begins_the_epoch_anew);
    tcase_add_test(tests, callbacks_train_as_memory_does);
}

int main(void)
{
    return check_run("order", add);
}
