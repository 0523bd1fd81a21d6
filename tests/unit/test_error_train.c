/* SPDX-License-Identifier: MIT */
/* Every error the headers name for training and for files, and that none of them moves a weight. */
#include <math.h>
#include <pthread.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/tape.h"

#define ROWS 8

static const fixture_case shape = {
    .input = 4, .latent = 2, .encoder = "3", .decoder = "3", .rows = ROWS};

typedef struct setup {
    fixture f;
    vae_source *data;
    vae_trainer *trainer, *other;
    int called;
    tape tape;
} setup;

static void set_up(setup *s)
{
    *s = (setup){0};
    fixture_new(&s->f, &shape, NULL);
    MUST(vae_source_from_float(&s->data, NULL, s->f.x, ROWS, 4, 0));
    MUST(vae_trainer_new(&s->trainer, s->f.model, "adam"));
    MUST(vae_trainer_set_data(s->trainer, s->data, NULL, NULL));
    MUST(vae_trainer_set_int(s->trainer, "batch_size", 4));
    MUST(vae_trainer_set_int(s->trainer, "threads", 1));
}

static void tear_down(setup *s)
{
    vae_trainer_free(s->trainer);
    vae_source_free(s->data);
    tape_free(&s->tape);
    fixture_free(&s->f);
}

START_TEST(construction_errors)
{
    setup s;
    vae_trainer *t;

    set_up(&s);
    MUST_FAIL(VAE_EINVAL, vae_trainer_new(NULL, s.f.model, "adam"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_new(&t, NULL, "adam"));
    ck_assert_ptr_null(t);
    MUST_FAIL(VAE_EINVAL, vae_trainer_new(&t, s.f.model, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_new(&t, s.f.model, "adma"));
    ck_assert_ptr_null(t);
    vae_trainer_free(NULL);
    vae_trainer_stop(NULL);
    ck_assert_uint_eq(vae_trainer_bytes(NULL), 0);
    tear_down(&s);
}
END_TEST

START_TEST(data_errors)
{
    setup s;
    vae_source *narrow, *few;

    set_up(&s);
    MUST(vae_source_from_float(&narrow, NULL, s.f.x, ROWS, 3, 0));
    MUST(vae_source_from_float(&few, NULL, s.f.x, ROWS - 1, 4, 0));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_data(NULL, s.data, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_data(s.trainer, NULL, NULL, NULL));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_set_data(s.trainer, narrow, NULL, NULL));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_set_data(s.trainer, s.data, narrow, NULL));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_set_data(s.trainer, s.data, few, NULL));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_set_data(s.trainer, s.data, NULL, narrow));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_validation(NULL, s.data, NULL, NULL));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_set_validation(s.trainer, narrow, NULL, NULL));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_set_validation(s.trainer, s.data, few, NULL));
    MUST(vae_trainer_set_validation(s.trainer, few, NULL, NULL));
    MUST(vae_trainer_set_validation(s.trainer, NULL, NULL, NULL));
    MUST(vae_trainer_step(s.trainer)); /* the data of before still serves */
    vae_source_free(narrow);
    vae_source_free(few);
    tear_down(&s);
}
END_TEST

START_TEST(option_errors)
{
    setup s;
    int64_t integer;
    double number;
    const char *text;

    set_up(&s);
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_int(NULL, "batch_size", 1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_int(s.trainer, NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_int(s.trainer, "batch_size", 0));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_int(s.trainer, "batch_size", 1048577));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_int(s.trainer, "threads", 65));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_int(s.trainer, "learning_rate", 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_set_int(s.trainer, "batch", 1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_double(NULL, "learning_rate", 1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_double(s.trainer, NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_double(s.trainer, "learning_rate", -1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_double(s.trainer, "learning_rate", NAN));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_double(s.trainer, "batch_size", 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_set_double(s.trainer, "lr", 1));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_text(NULL, "schedule", "constant"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_set_text(s.trainer, "schedule", NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_set_text(s.trainer, "schedule", "linear?"));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_set_text(s.trainer, "scheduler", "constant"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_get_int(NULL, "batch_size", &integer));
    MUST_FAIL(VAE_EINVAL, vae_trainer_get_int(s.trainer, "batch_size", NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_get_int(s.trainer, "batch", &integer));
    MUST_FAIL(VAE_EINVAL, vae_trainer_get_double(NULL, "beta", &number));
    MUST_FAIL(VAE_EINVAL, vae_trainer_get_double(s.trainer, "beta", NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_get_double(s.trainer, "beta9", &number));
    MUST_FAIL(VAE_EINVAL, vae_trainer_get_text(NULL, "schedule", &text));
    MUST_FAIL(VAE_EINVAL, vae_trainer_get_text(s.trainer, "schedule", NULL));
    MUST_FAIL(VAE_EINVAL, vae_trainer_parse(NULL, "beta", "1"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_parse(s.trainer, "beta", NULL));
    MUST_FAIL(VAE_EINVAL, vae_trainer_parse(s.trainer, "beta", "one"));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_parse(s.trainer, "no", "1"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_option_bounds(NULL, &number, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_trainer_option_bounds("schedule", &number, NULL, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_option_bounds("no", &number, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_trainer_result(NULL, "step", &number));
    MUST_FAIL(VAE_EINVAL, vae_trainer_result(s.trainer, NULL, &number));
    MUST_FAIL(VAE_EINVAL, vae_trainer_result(s.trainer, "step", NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_trainer_result(s.trainer, "steps", &number));
    ck_assert_ptr_null(vae_trainer_option(SIZE_MAX));
    ck_assert_ptr_null(vae_trainer_option_describe("no"));
    ck_assert_ptr_null(vae_trainer_result_name(SIZE_MAX));
    tear_down(&s);
}
END_TEST

typedef vae_status (*train_fn)(vae_trainer *);

static vae_status fit_once(vae_trainer *trainer)
{
    return vae_trainer_fit(trainer, 1);
}

static const struct {
    const char *name;
    train_fn train;
} trains[] = {{"vae_trainer_step", vae_trainer_step},
              {"vae_trainer_epoch", vae_trainer_epoch},
              {"vae_trainer_fit", fit_once}};

static void expect(int index, vae_trainer *trainer, vae_status code)
{
    ck_assert_int_eq(trains[index].train(trainer), code);
    ck_assert_msg(strstr(vae_last_error(), trains[index].name) == vae_last_error(),
                  "\"%s\" does not begin with %s", vae_last_error(), trains[index].name);
}

static int refuse_gradient(float *gradient, size_t n, uint64_t step, void *user)
{
    (void)gradient, (void)n, (void)step, (void)user;
    return 7;
}

static int spoil_gradient(float *gradient, size_t n, uint64_t step, void *user)
{
    (void)n, (void)step, (void)user;
    gradient[0] = NAN;
    return 0;
}

static int refuse_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    (void)user, (void)rows, (void)n, (void)out;
    return 1;
}

START_TEST(a_failing_step_moves_no_weight)
{
    setup s;
    size_t bytes;
    float *before, *parameters;
    vae_source *failing;

    set_up(&s);
    bytes = vae_model_parameter_count(s.f.model) * sizeof(float);
    before = fixture_alloc(bytes, 1);
    memcpy(before, vae_model_parameters(s.f.model), bytes);
    expect(_i, NULL, VAE_EINVAL);
    MUST(vae_trainer_on_gradient(s.trainer, refuse_gradient, NULL));
    expect(_i, s.trainer, VAE_ECALLBACK);
    MUST(vae_trainer_on_gradient(s.trainer, spoil_gradient, NULL));
    expect(_i, s.trainer, VAE_ENONFINITE);
    MUST(vae_trainer_on_gradient(s.trainer, NULL, NULL));
    for (size_t i = 0; i < ROWS * 4; i++) s.f.x[i] = NAN;
    expect(_i, s.trainer, VAE_ENONFINITE);
    MUST(vae_source_from_callback(&failing, NULL, ROWS, 4, refuse_rows, NULL));
    ck_assert_int_eq(vae_trainer_set_data(s.trainer, failing, NULL, NULL), VAE_ECALLBACK);
    MUST(vae_model_parameters_begin(s.f.model, &parameters));
    expect(_i, s.trainer, VAE_ESTATE);
    MUST(vae_model_parameters_end(s.f.model));
    ck_assert_mem_eq(before, vae_model_parameters(s.f.model), bytes);
    vae_source_free(failing);
    free(before);
    tear_down(&s);
}
END_TEST

START_TEST(training_without_data_is_an_error_of_state)
{
    fixture f;
    vae_trainer *trainer;

    fixture_new(&f, &shape, NULL);
    MUST(vae_trainer_new(&trainer, f.model, "sgd"));
    expect(_i, trainer, VAE_ESTATE);
    MUST_FAIL(VAE_ESTATE, vae_trainer_use_best(trainer));
    MUST_FAIL(VAE_EINVAL, vae_trainer_use_best(NULL));
    vae_trainer_free(trainer);
    fixture_free(&f);
}
END_TEST

/* What a callback may not do answers VAE_ESTATE, and training goes on unharmed. */
static int misbehave(vae_trainer *t, void *user)
{
    setup *s = user;
    float *parameters, mean[4] = {0};
    double value;

    s->called++;
    MUST_FAIL(VAE_ESTATE, vae_trainer_step(t));
    MUST_FAIL(VAE_ESTATE, vae_trainer_epoch(t));
    MUST_FAIL(VAE_ESTATE, vae_trainer_fit(t, 9));
    MUST_FAIL(VAE_ESTATE, vae_trainer_set_data(t, s->data, NULL, NULL));
    MUST_FAIL(VAE_ESTATE, vae_trainer_set_validation(t, s->data, NULL, NULL));
    MUST_FAIL(VAE_ESTATE, vae_trainer_set_int(t, "batch_size", 2));
    MUST_FAIL(VAE_ESTATE, vae_trainer_set_double(t, "weight_decay", 0.1));
    MUST_FAIL(VAE_ESTATE, vae_trainer_set_text(t, "schedule", "cosine"));
    MUST_FAIL(VAE_ESTATE, vae_trainer_use_best(t));
    MUST_FAIL(VAE_ESTATE, vae_trainer_load(t, "no such file"));
    MUST_FAIL(VAE_ESTATE, vae_trainer_load_memory(t, "", 0));
    MUST_FAIL(VAE_ESTATE, vae_model_parameters_begin(s->f.model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_model_set_output_mean(s->f.model, mean, 4));
    vae_trainer_free(t);
    MUST(vae_trainer_set_double(t, "learning_rate", 0.01));
    MUST(vae_trainer_set_double(t, "beta", 0.5));
    MUST(vae_trainer_result(t, "step", &value));
    return 0;
}

START_TEST(callbacks_may_look_but_not_step_load_or_free)
{
    setup s;
    double epoch;

    set_up(&s);
    MUST(vae_trainer_on_step(s.trainer, misbehave, &s));
    MUST(vae_trainer_on_epoch(s.trainer, misbehave, &s));
    MUST(vae_trainer_fit(s.trainer, 2));
    MUST(vae_trainer_result(s.trainer, "epoch", &epoch));
    ck_assert_double_eq(epoch, 2);
    ck_assert_int_eq(s.called, 2 * 2 + 2); /* two steps an epoch */
    MUST_FAIL(VAE_EINVAL, vae_trainer_on_step(NULL, misbehave, &s));
    MUST_FAIL(VAE_EINVAL, vae_trainer_on_epoch(NULL, misbehave, &s));
    MUST_FAIL(VAE_EINVAL, vae_trainer_on_gradient(NULL, refuse_gradient, &s));
    tear_down(&s);
}
END_TEST

static int misbehave_writing(void *user, const void *data, size_t bytes)
{
    setup *s = user;
    misbehave(s->trainer, s);
    return tape_write(&s->tape, data, bytes);
}

static int misbehave_reading(void *user, void *data, size_t bytes, size_t *got)
{
    setup *s = user;
    misbehave(s->trainer, s);
    return tape_read(&s->tape, data, bytes, got);
}

static int misbehave_for_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    setup *s = user;
    (void)rows;
    misbehave(s->trainer, s);
    for (size_t i = 0; i < n * 4; i++) out[i] = 0.5f;
    return 0;
}

static int write_amid(vae_trainer *t, void *user)
{
    MUST(vae_trainer_write(t, misbehave_writing, user));
    return misbehave(t, user);
}

/* Callbacks of files and rows run in the middle of a trainer's affairs as well. */
START_TEST(callbacks_of_files_and_rows_may_not_change_the_trainer)
{
    setup s;
    vae_source *rows;
    set_up(&s);
    MUST(vae_source_from_callback(&rows, NULL, ROWS, 4, misbehave_for_rows, &s));
    MUST(vae_trainer_write(s.trainer, misbehave_writing, &s));
    ck_assert_int_gt(s.called, 0);
    s.called = 0;
    MUST(vae_trainer_read(s.trainer, misbehave_reading, &s));
    ck_assert_int_gt(s.called, 0);
    s.called = 0;
    MUST(vae_trainer_set_validation(s.trainer, rows, NULL, NULL));
    ck_assert_int_gt(s.called, 0);
    s.called = 0;
    MUST(vae_trainer_on_step(s.trainer, write_amid, &s));
    MUST(vae_trainer_step(s.trainer));
    ck_assert_int_gt(s.called, 0);
    MUST(vae_trainer_set_int(s.trainer, "batch_size", 2));
    tear_down(&s);
    vae_source_free(rows);
}
END_TEST

/* A second trainer of the model, called from a callback of the first, does not free the model. */
static int use_another(vae_trainer *t, void *user)
{
    setup *s = user;
    MUST(vae_trainer_set_data(s->other, s->data, NULL, NULL));
    MUST(vae_trainer_write(s->other, tape_write, &s->tape));
    return misbehave(t, s);
}

START_TEST(two_trainers_of_a_model_hold_it_together)
{
    setup s;
    float *parameters;
    set_up(&s);
    MUST(vae_trainer_new(&s.other, s.f.model, "sgd"));
    MUST(vae_trainer_on_step(s.trainer, use_another, &s));
    MUST(vae_trainer_step(s.trainer));
    ck_assert_int_eq(s.called, 1);
    MUST(vae_model_parameters_begin(s.f.model, &parameters));
    MUST(vae_model_parameters_end(s.f.model));
    vae_trainer_free(s.other);
    tear_down(&s);
}
END_TEST

static int swallow(void *user, const void *data, size_t bytes)
{
    (void)user, (void)data, (void)bytes;
    return 0;
}

static void *write_often(void *trainer)
{
    for (int i = 0; i < 300; i++) MUST(vae_trainer_write(trainer, swallow, NULL));
    return NULL;
}

/* Saving only reads, so two trainers of a model may be saved by two threads. */
START_TEST(two_threads_that_save_leave_the_model_free)
{
    setup s;
    pthread_t thread;
    float *parameters;
    set_up(&s);
    MUST(vae_trainer_new(&s.other, s.f.model, "sgd"));
    ck_assert_int_eq(pthread_create(&thread, NULL, write_often, s.other), 0);
    write_often(s.trainer);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    MUST(vae_model_parameters_begin(s.f.model, &parameters));
    MUST(vae_model_parameters_end(s.f.model));
    vae_trainer_free(s.other);
    tear_down(&s);
}
END_TEST

static int refuse_bytes(void *user, const void *data, size_t bytes)
{
    (void)user, (void)data, (void)bytes;
    return 1;
}

static int refuse_read(void *user, void *data, size_t bytes, size_t *got)
{
    (void)user, (void)data, (void)bytes;
    *got = 0;
    return 1;
}

START_TEST(model_file_errors)
{
    setup s;
    vae_model *m;
    size_t bytes;
    char garbage[64] = "not a safetensors file";

    set_up(&s);
    MUST_FAIL(VAE_EINVAL, vae_model_save(NULL, "x"));
    MUST_FAIL(VAE_EINVAL, vae_model_save(s.f.model, NULL));
    MUST_FAIL(VAE_EIO, vae_model_save(s.f.model, "/no such folder/model.safetensors"));
    MUST_FAIL(VAE_EINVAL, vae_model_save_memory(NULL, NULL, 0, &bytes));
    MUST_FAIL(VAE_EINVAL, vae_model_save_memory(s.f.model, NULL, 0, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_save_memory(s.f.model, garbage, sizeof garbage, &bytes));
    MUST_FAIL(VAE_EINVAL, vae_model_write(s.f.model, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_write(NULL, refuse_bytes, NULL));
    MUST_FAIL(VAE_EIO, vae_model_write(s.f.model, refuse_bytes, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load(NULL, NULL, "x"));
    MUST_FAIL(VAE_EINVAL, vae_model_load(&m, NULL, NULL));
    MUST_FAIL(VAE_EIO, vae_model_load(&m, NULL, "/no such folder/model.safetensors"));
    ck_assert_ptr_null(m);
    MUST_FAIL(VAE_EINVAL, vae_model_load_memory(NULL, NULL, garbage, sizeof garbage));
    MUST_FAIL(VAE_EINVAL, vae_model_load_memory(&m, NULL, NULL, 8));
    MUST_FAIL(VAE_EFORMAT, vae_model_load_memory(&m, NULL, garbage, sizeof garbage));
    MUST_FAIL(VAE_EFORMAT, vae_model_load_memory(&m, NULL, garbage, 0));
    MUST_FAIL(VAE_EINVAL, vae_model_read(NULL, NULL, refuse_read, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_read(&m, NULL, NULL, NULL));
    MUST_FAIL(VAE_EIO, vae_model_read(&m, NULL, refuse_read, NULL));
    ck_assert_ptr_null(m);
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights(NULL, "x", NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights(s.f.model, NULL, NULL, NULL));
    MUST_FAIL(VAE_EIO, vae_model_load_weights(s.f.model, "/no such folder/x", NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights_memory(NULL, garbage, 64, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights_memory(s.f.model, NULL, 64, NULL, NULL));
    MUST_FAIL(VAE_EFORMAT, vae_model_load_weights_memory(s.f.model, garbage, 64, NULL, NULL));
    tear_down(&s);
}
END_TEST

START_TEST(checkpoint_errors)
{
    setup s, other;
    size_t bytes;
    char garbage[64] = "not a safetensors file";
    void *memory;

    set_up(&s);
    set_up(&other);
    MUST_FAIL(VAE_EINVAL, vae_trainer_save(NULL, "x"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_save(s.trainer, NULL));
    MUST_FAIL(VAE_EIO, vae_trainer_save(s.trainer, "/no such folder/x"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_save_memory(NULL, NULL, 0, &bytes));
    MUST_FAIL(VAE_EINVAL, vae_trainer_save_memory(s.trainer, garbage, 64, &bytes));
    MUST_FAIL(VAE_EINVAL, vae_trainer_write(s.trainer, NULL, NULL));
    MUST_FAIL(VAE_EIO, vae_trainer_write(s.trainer, refuse_bytes, NULL));
    MUST_FAIL(VAE_EINVAL, vae_trainer_load(NULL, "x"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_load(s.trainer, NULL));
    MUST_FAIL(VAE_EIO, vae_trainer_load(s.trainer, "/no such folder/x"));
    MUST_FAIL(VAE_EINVAL, vae_trainer_load_memory(NULL, garbage, 64));
    MUST_FAIL(VAE_EINVAL, vae_trainer_load_memory(s.trainer, NULL, 64));
    MUST_FAIL(VAE_EFORMAT, vae_trainer_load_memory(s.trainer, garbage, 64));
    MUST_FAIL(VAE_EINVAL, vae_trainer_read(s.trainer, NULL, NULL));
    MUST_FAIL(VAE_EIO, vae_trainer_read(s.trainer, refuse_read, NULL));
    MUST(vae_trainer_step(s.trainer));
    MUST(vae_trainer_save_memory(s.trainer, NULL, 0, &bytes));
    memory = fixture_alloc(bytes, 1);
    MUST(vae_trainer_save_memory(s.trainer, memory, bytes, &bytes));
    MUST(vae_trainer_load_memory(other.trainer, memory, bytes));
    other.f.x[0] += 0.5f; /* other data */
    MUST_FAIL(VAE_EDATA, vae_trainer_set_data(other.trainer, other.data, NULL, NULL));
    free(memory);
    tear_down(&s);
    tear_down(&other);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, construction_errors);
    tcase_add_test(tests, data_errors);
    tcase_add_test(tests, option_errors);
    tcase_add_loop_test(tests, a_failing_step_moves_no_weight, 0, 3);
    tcase_add_loop_test(tests, training_without_data_is_an_error_of_state, 0, 3);
    tcase_add_test(tests, callbacks_may_look_but_not_step_load_or_free);
    tcase_add_test(tests, callbacks_of_files_and_rows_may_not_change_the_trainer);
    tcase_add_test(tests, two_trainers_of_a_model_hold_it_together);
    tcase_add_test(tests, two_threads_that_save_leave_the_model_free);
    tcase_add_test(tests, model_file_errors);
    tcase_add_test(tests, checkpoint_errors);
}

int main(void)
{
    return check_run("error_train", add);
}
