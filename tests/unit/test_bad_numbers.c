/* SPDX-License-Identifier: MIT */
/* Numbers that are not finite, or become so: with every optimizer and likelihood the step is
 * refused with its number and the place, and not a byte of the trainer's state has changed. */
#include <float.h>
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/snapshot.h"

enum { ROWS = 8, BATCH = 4, INPUT = 5, OUTPUT = 4, CONDITION = 2 };

typedef struct setup {
    float x[ROWS * INPUT], target[ROWS * OUTPUT], condition[ROWS * CONDITION];
    vae_model *model;
    vae_source *sources[3];
    vae_trainer *trainer;
} setup;

static const char *optimizer_of(int index)
{
    return vae_kind("optimizer", (size_t)(index % fixture_kind_count("optimizer")));
}

/* The index-th pair of an optimizer and a likelihood; the second half of the rows comes second. */
static void set_up(setup *s, int index, const char *options)
{
    const fixture_case shape = {
        .input = INPUT,
        .latent = 2,
        .output = OUTPUT,
        .condition = CONDITION,
        .encoder = "6",
        .decoder = "7",
        .likelihood = vae_kind("likelihood", (size_t)(index / fixture_kind_count("optimizer")))};
    const char *optimizer = optimizer_of(index);
    vae_config *config = fixture_config(&shape, NULL);
    if (options) {
        MUST(vae_config_set_double(config, "posterior_logvar_min", -80));
        MUST(vae_config_set_double(config, "posterior_logvar_max", 80));
    }
    MUST(vae_model_new(&s->model, config, 3));
    vae_config_free(config);
    fixture_uniform(s->x, ROWS * INPUT, 0, 1, 1);
    fixture_uniform(s->target, ROWS * OUTPUT, 0, 1, 2);
    fixture_uniform(s->condition, ROWS * CONDITION, 0, 1, 3);
    MUST(vae_source_from_float(&s->sources[0], NULL, s->x, ROWS, INPUT, 0));
    MUST(vae_source_from_float(&s->sources[1], NULL, s->target, ROWS, OUTPUT, 0));
    MUST(vae_source_from_float(&s->sources[2], NULL, s->condition, ROWS, CONDITION, 0));
    MUST(vae_trainer_new(&s->trainer, s->model, optimizer));
    MUST(vae_trainer_set_int(s->trainer, "shuffle", 0));
    MUST(vae_trainer_set_int(s->trainer, "batch_size", BATCH));
    MUST(vae_trainer_set_int(s->trainer, "threads", 1));
    MUST(vae_trainer_set_data(s->trainer, s->sources[0], s->sources[1], s->sources[2]));
}

static void tear_down(setup *s)
{
    vae_trainer_free(s->trainer);
    for (int i = 0; i < 3; i++) vae_source_free(s->sources[i]);
    vae_model_free(s->model);
}

static int pairs(void)
{
    return fixture_kind_count("optimizer") * fixture_kind_count("likelihood");
}

static void expect_finite_weights(const setup *s)
{
    const float *w = vae_model_parameters(s->model);
    for (size_t i = 0; i < vae_model_parameter_count(s->model); i++)
        ck_assert_msg(isfinite(w[i]), "weight %zu is %g", i, (double)w[i]);
}

static void expect_sentence(vae_status status, const char *names)
{
    const char *sentence = vae_last_error();
    ck_assert_msg(status == VAE_ENONFINITE, "%s", sentence);
    ck_assert_msg(strncmp(sentence, "vae_trainer_step: ", 18) == 0 && strstr(sentence, names) &&
                      strstr(sentence, "(step "),
                  "\"%s\" has no \"%s\"", sentence, names);
}

static void expect_state(const setup *s, const snapshot *state)
{
    snapshot now = snapshot_save(s->trainer, SNAPSHOT_MEMORY);
    ck_assert_uint_eq(now.n, state->n);
    ck_assert_mem_eq(now.bytes, state->bytes, now.n);
    free(now.bytes);
}

/* A step that is made leaves finite weights; one that is refused says where, and no byte of the
 * checkpoint is another. */
static vae_status step_honestly(const setup *s, const char *names)
{
    snapshot before = snapshot_save(s->trainer, SNAPSHOT_MEMORY);
    vae_status status = vae_trainer_step(s->trainer);
    if (status == VAE_OK) {
        expect_finite_weights(s);
    } else {
        expect_sentence(status, names);
        expect_state(s, &before);
    }
    free(before.bytes);
    return status;
}

static const float bad[] = {NAN, INFINITY, -INFINITY};

/* In the second batch of a running epoch: its first number, one in the middle, its last. */
static void refuse_in(setup *s, float *values, size_t dim, const char *names)
{
    const size_t places[] = {BATCH * dim, (BATCH + 1) * dim + dim / 2, ROWS * dim - 1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            float sound = values[places[i]];
            values[places[i]] = bad[b];
            ck_assert_int_eq(step_honestly(s, names), VAE_ENONFINITE);
            values[places[i]] = sound;
        }
}

START_TEST(data_that_are_not_finite_change_nothing)
{
    setup s;
    set_up(&s, _i, NULL);
    MUST(vae_trainer_step(s.trainer));
    refuse_in(&s, s.x, INPUT, "of the input");
    refuse_in(&s, s.target, OUTPUT, "of the target");
    refuse_in(&s, s.condition, CONDITION, "of the condition");
    MUST(vae_trainer_step(s.trainer));
    expect_finite_weights(&s);
    tear_down(&s);
}
END_TEST

/* A refused first step begins no epoch: what is set after it, the order's seed as well, holds from
 * the first row on. */
START_TEST(a_first_step_that_is_refused_begins_nothing)
{
    setup s, fresh;
    set_up(&s, _i, NULL);
    set_up(&fresh, _i, NULL);
    const setup *both[] = {&s, &fresh};
    for (size_t i = 0; i < 2; i++) MUST(vae_trainer_set_int(both[i]->trainer, "shuffle", 1));
    for (size_t row = 0; row < ROWS; row++) s.x[row * INPUT] = NAN;
    ck_assert_int_eq(step_honestly(&s, "of the input"), VAE_ENONFINITE);
    memcpy(s.x, fresh.x, sizeof s.x);
    for (size_t i = 0; i < 2; i++) {
        MUST(vae_trainer_set_int(both[i]->trainer, "seed", 5));
        for (int step = 0; step < 3; step++) MUST(vae_trainer_step(both[i]->trainer));
    }
    snapshot state = snapshot_save(fresh.trainer, SNAPSHOT_MEMORY);
    expect_state(&s, &state);
    free(state.bytes);
    tear_down(&fresh);
    tear_down(&s);
}
END_TEST

static void expect_too_long(const setup *s, const char *says)
{
    snapshot before = snapshot_save(s->trainer, SNAPSHOT_MEMORY);
    ck_assert_int_eq(vae_trainer_step(s->trainer), VAE_EINVAL);
    ck_assert_msg(strstr(vae_last_error(), says) != NULL, "%s", vae_last_error());
    expect_state(s, &before);
    free(before.bytes);
}

/* A schedule may raise the rate, and a tiny epsilon lengthen the step, beyond what floats hold. */
START_TEST(a_step_that_is_too_long_is_refused)
{
    setup s;
    set_up(&s, _i, NULL);
    MUST(vae_trainer_set_text(s.trainer, "schedule", "piecewise"));
    MUST(vae_trainer_set_text(s.trainer, "schedule_rates", "1e6"));
    MUST(vae_trainer_set_double(s.trainer, "learning_rate", 1e6));
    expect_too_long(&s, "the schedule makes the learning rate 1e+12; at most 1e+06 (step 0)");
    MUST(vae_trainer_set_text(s.trainer, "schedule", "constant"));
    MUST(vae_trainer_set_double(s.trainer, "learning_rate", 1.01));
    MUST(vae_trainer_set_double(s.trainer, "epsilon", 1e-18));
    if (strcmp(optimizer_of(_i), "sgd") == 0)
        MUST(vae_trainer_step(s.trainer));
    else
        expect_too_long(&s, "a learning rate of 1.01 with an epsilon of 1e-18");
    MUST(vae_trainer_set_double(s.trainer, "learning_rate", 0.01));
    MUST(vae_trainer_step(s.trainer));
    tear_down(&s);
}
END_TEST

/* The largest rate there is. With a gradient in memory (clipping) and without. */
START_TEST(an_exploding_rate_leaves_finite_weights)
{
    for (int clip = 0; clip < 2; clip++) {
        setup s;
        vae_status status = VAE_OK;
        set_up(&s, _i, NULL);
        MUST(vae_trainer_set_double(s.trainer, "learning_rate", 1e6));
        if (clip) MUST(vae_trainer_set_double(s.trainer, "clip_norm", 1e30));
        for (int i = 0; i < 200 && status == VAE_OK; i++) status = step_honestly(&s, "");
        expect_finite_weights(&s);
        tear_down(&s);
    }
}
END_TEST

/* Far outside the clamp's range the loss is that of its end. */
START_TEST(a_log_variance_beyond_its_range_is_clamped)
{
    static const float far[] = {1000, -1000, 1e30f, -1e30f};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        setup s;
        double loss;
        set_up(&s, _i, NULL);
        fixture_fill(s.model, "logvar.bias", far[i]);
        MUST(vae_trainer_step(s.trainer));
        MUST(vae_trainer_result(s.trainer, "step_loss", &loss));
        ck_assert(isfinite(loss));
        for (int step = 0; step < 3; step++) step_honestly(&s, "");
        tear_down(&s);
    }
}
END_TEST

/* With the widest range that can be set the loss may overflow; then it says so. */
START_TEST(the_widest_range_of_log_variance_is_honest)
{
    static const float far[] = {90, -90};
    for (size_t i = 0; i < 2; i++) {
        setup s;
        set_up(&s, _i, "wide");
        fixture_fill(s.model, "logvar.bias", far[i]);
        for (int step = 0; step < 3; step++) step_honestly(&s, "");
        expect_finite_weights(&s);
        tear_down(&s);
    }
}
END_TEST

typedef struct spoiler {
    size_t at;
    float value;
} spoiler;

static int spoil(float *gradient, size_t n, uint64_t step, void *user)
{
    const spoiler *p = user;
    (void)step;
    ck_assert_uint_lt(p->at, n);
    gradient[p->at] = p->value;
    return 0;
}

START_TEST(a_gradient_that_is_not_finite_is_named_by_its_tensor)
{
    setup s;
    set_up(&s, _i, NULL);
    MUST(vae_trainer_step(s.trainer));
    for (size_t t = 0; t < vae_model_tensor_count(s.model); t++) {
        const char *name;
        size_t shape[2], offset, strides[2];
        MUST(vae_model_tensor(s.model, t, &name, NULL, shape, &offset, strides));
        const size_t last = (shape[0] - 1) * strides[0] + (shape[1] - 1) * strides[1];
        for (size_t b = 0; b < 2 * sizeof bad / sizeof *bad; b++) {
            spoiler p = {offset + (b % 2 ? last : 0), bad[b / 2]};
            MUST(vae_trainer_on_gradient(s.trainer, spoil, &p));
            ck_assert_int_eq(step_honestly(&s, name), VAE_ENONFINITE);
        }
    }
    MUST(vae_trainer_on_gradient(s.trainer, NULL, NULL));
    MUST(vae_trainer_step(s.trainer));
    tear_down(&s);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, data_that_are_not_finite_change_nothing, 0, pairs());
    tcase_add_loop_test(tests, a_first_step_that_is_refused_begins_nothing, 0, pairs());
    tcase_add_loop_test(tests, a_step_that_is_too_long_is_refused, 0, pairs());
    tcase_add_loop_test(tests, an_exploding_rate_leaves_finite_weights, 0, pairs());
    tcase_add_loop_test(tests, a_log_variance_beyond_its_range_is_clamped, 0, pairs());
    tcase_add_loop_test(tests, the_widest_range_of_log_variance_is_honest, 0, pairs());
    tcase_add_loop_test(tests, a_gradient_that_is_not_finite_is_named_by_its_tensor, 0, pairs());
}

int main(void)
{
    return check_run("bad_numbers", add);
}
