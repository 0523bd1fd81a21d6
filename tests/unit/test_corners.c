/* SPDX-License-Identifier: MIT */
/* Corners of models and training that no other test comes to. */
#include <math.h>
#include <stdio.h>

#include "model/workspace.h"
#include "support/arena.h"
#include "support/check_main.h"
#include "support/context.h"
#include "support/fixtures.h"
#include "support/heap.h"
#include "support/snapshot.h"
#include "support/toy.h"

static const toy_case plain = {.optimizer = "adam", .options = {NULL}};

START_TEST(sizes_that_overflow_take_no_memory)
{
    struct vae__arena arena = {0};
    ck_assert_ptr_null(vae__alloc(NULL, SIZE_MAX));
    ck_assert_ptr_null(vae__alloc_array(NULL, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(vae__arena_take(&arena, SIZE_MAX / 2, 3));
    ck_assert_int_eq(arena.overflow, 1);
    ck_assert_uint_eq(arena.used, 0);
    void *empty = vae__alloc_array(NULL, 0, 0);
    ck_assert_ptr_nonnull(empty);
    vae__free(NULL, empty);
}
END_TEST

START_TEST(a_workspace_that_cannot_be_counted_is_refused)
{
    static const size_t sizes[][2] = {{SIZE_MAX / 16, 65536}, {SIZE_MAX / 16, 1}};
    const fixture_case shape = {.input = 40, .latent = 3, .rows = 1};
    fixture f;
    vae_workspace *ws = (vae_workspace *)&shape;
    fixture_new(&f, &shape, NULL);
    ck_assert_int_eq(vae__workspace_make("test", &ws, f.model, 1, sizes[_i][0], sizes[_i][1], 1),
                     VAE_EINVAL);
    ck_assert_ptr_null(ws);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "do not fit in memory"));
    fixture_free(&f);
}
END_TEST

START_TEST(widths_that_are_no_widths_are_refused)
{
    char many[65 * 2 + 1];
    vae_config *config;
    MUST(vae_config_new(&config, NULL, 1, 1));
    for (size_t i = 0; i < 65; i++) memcpy(many + 2 * i, "1,", 3);
    many[65 * 2 - 1] = '\0';
    MUST_FAIL(VAE_EINVAL, vae_config_set_text(config, "encoder", many));
    many[64 * 2 - 1] = '\0';
    MUST(vae_config_set_text(config, "encoder", many));
    MUST_FAIL(VAE_EINVAL,
              vae_config_set_text(config, "encoder", "1,12345678901234567890123456789012345"));
    vae_config_free(config);
}
END_TEST

/* A model of another number is told from this one, whichever is larger. */
START_TEST(a_checkpoint_of_a_model_with_another_option_is_refused)
{
    static const char *const sigma[] = {"1", "2"};
    for (int i = 0; i < 2; i++) {
        const fixture_case shape = {.input = 3,
                                    .latent = 1,
                                    .likelihood = "gaussian",
                                    .options = {{"gaussian_sigma", sigma[i]}}};
        vae_config *config = fixture_config(&shape, NULL);
        vae_model *model, *other;
        vae_trainer *trainer, *others;
        MUST(vae_model_new(&model, config, 1));
        MUST(vae_config_parse(config, "gaussian_sigma", sigma[1 - i]));
        MUST(vae_model_new(&other, config, 1));
        MUST(vae_trainer_new(&trainer, model, "sgd"));
        MUST(vae_trainer_new(&others, other, "sgd"));
        snapshot file = snapshot_save(trainer, SNAPSHOT_MEMORY);
        MUST_FAIL(VAE_ESHAPE, vae_trainer_load_memory(others, file.bytes, file.n));
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "gaussian_sigma"));
        free(file.bytes);
        vae_trainer_free(others);
        vae_trainer_free(trainer);
        vae_model_free(other);
        vae_model_free(model);
        vae_config_free(config);
    }
}
END_TEST

static int go_on(vae_trainer *trainer, void *user)
{
    (void)trainer, (void)user;
    return 0;
}

static int read_nothing(void *user, void *data, size_t bytes, size_t *got)
{
    (void)user, (void)data, (void)bytes;
    *got = 0;
    return 0;
}

static int forbidden(vae_trainer *trainer, void *called)
{
    MUST_FAIL(VAE_ESTATE, vae_trainer_on_step(trainer, go_on, NULL));
    MUST_FAIL(VAE_ESTATE, vae_trainer_on_epoch(trainer, go_on, NULL));
    MUST_FAIL(VAE_ESTATE, vae_trainer_on_gradient(trainer, NULL, NULL));
    MUST_FAIL(VAE_ESTATE, vae_trainer_parse(trainer, "batch_size", "3"));
    MUST_FAIL(VAE_ESTATE, vae_trainer_read(trainer, read_nothing, NULL));
    *(int *)called = 1;
    return 0;
}

START_TEST(callbacks_may_not_change_what_is_being_run)
{
    toy t;
    int called = 0;
    toy_ready(&t, &plain);
    MUST(vae_trainer_on_step(t.trainer, forbidden, &called));
    MUST(vae_trainer_step(t.trainer));
    ck_assert_int_eq(called, 1);
    toy_free(&t);
}
END_TEST

START_TEST(the_best_weights_wait_for_open_parameters)
{
    static const toy_case validated = {.optimizer = "adam", .options = {NULL}, .validation = 1};
    toy t;
    float *parameters;
    toy_ready(&t, &validated);
    MUST(vae_trainer_epoch(t.trainer));
    MUST(vae_model_parameters_begin(t.model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_trainer_use_best(t.trainer));
    MUST(vae_model_parameters_end(t.model));
    MUST(vae_trainer_use_best(t.trainer));
    MUST(vae_trainer_use_best(t.trainer));
    toy_free(&t);
}
END_TEST

START_TEST(open_parameters_can_be_computed_with_by_nobody)
{
    toy t;
    float *parameters, z[3];
    vae_workspace *w;
    vae_batch *batch;
    toy_ready(&t, &plain);
    MUST(vae_batch_new(&batch, NULL));
    MUST(vae_workspace_new(&w, t.model, "inference", 1, 1, 1));
    MUST(vae_model_parameters_begin(t.model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_sample_prior(w, t.model, batch, 1, 1, z, 0));
    MUST(vae_model_parameters_end(t.model));
    MUST(vae_sample_prior(w, t.model, batch, 1, 1, z, 0));
    vae_workspace_free(w);
    vae_batch_free(batch);
    toy_free(&t);
}
END_TEST

START_TEST(a_cosine_without_an_end_is_refused)
{
    static const toy_case cosine = {.optimizer = "adam", .options = {"schedule", "cosine", NULL}};
    toy t;
    toy_ready(&t, &cosine);
    MUST_FAIL(VAE_EINVAL, vae_trainer_fit(t.trainer, 1));
    MUST(vae_trainer_set_int(t.trainer, "schedule_steps", 10));
    MUST(vae_trainer_fit(t.trainer, 1));
    toy_free(&t);
}
END_TEST

/* Each option of the plan, changed alone between two steps, takes effect; the order of rows costs
 * memory only when they are shuffled. */
START_TEST(a_plan_is_made_anew_when_an_option_changes)
{
    toy t;
    toy_new(&t, &plain, 1, NULL);
    ck_assert(isnan(toy_result(&t, "epoch_steps")));
    toy_set_data(&t, &plain);
    MUST(vae_trainer_step(t.trainer));
    size_t bytes = vae_trainer_bytes(t.trainer);
    MUST(vae_trainer_set_int(t.trainer, "samples", 5));
    MUST(vae_trainer_step(t.trainer));
    ck_assert_uint_gt(vae_trainer_bytes(t.trainer), bytes);
    bytes = vae_trainer_bytes(t.trainer);
    MUST(vae_trainer_set_int(t.trainer, "threads", 5));
    MUST(vae_trainer_step(t.trainer));
    ck_assert_uint_gt(vae_trainer_bytes(t.trainer), bytes);
    toy_free(&t);
    static const toy_case in_order = {.optimizer = "adam", .options = {"shuffle", "0", NULL}};
    toy ordered, shuffled;
    toy_ready(&ordered, &in_order);
    toy_ready(&shuffled, &plain);
    MUST(vae_trainer_step(ordered.trainer));
    MUST(vae_trainer_step(shuffled.trainer));
    ck_assert_uint_eq(vae_trainer_bytes(ordered.trainer) + TOY_ROWS * sizeof(uint64_t),
                      vae_trainer_bytes(shuffled.trainer));
    toy_free(&ordered);
    toy_free(&shuffled);
}
END_TEST

START_TEST(a_gradient_in_memory_survives_a_lack_of_it)
{
    static const toy_case clipped = {.optimizer = "adam",
                                     .options = {"clip_norm", "1", "threads", "1", NULL}};
    vae_status status = VAE_ENOMEM;
    for (size_t k = 1; status != VAE_OK; k++) {
        heap h = {.fail_at = SIZE_MAX};
        vae_context *context;
        toy t;
        MUST(vae_context_new(&context, heap_take, heap_give, &h));
        toy_new(&t, &clipped, 1, context);
        toy_set_data(&t, &clipped);
        float *before = toy_weights(&t);
        h.fail_at = h.calls + k;
        status = vae_trainer_step(t.trainer);
        ck_assert_int_eq(status, h.calls >= h.fail_at ? VAE_ENOMEM : VAE_OK);
        if (status != VAE_OK) ck_assert(toy_has(&t, before));
        h.fail_at = SIZE_MAX;
        MUST(vae_trainer_step(t.trainer));
        free(before);
        toy_free(&t);
        vae_context_free(context);
        ck_assert_uint_eq(h.held, 0);
        ck_assert_uint_lt(k, 20);
    }
}
END_TEST

static int some_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    (void)user;
    for (size_t i = 0; i < n * TOY_DIM; i++) out[i] = (float)((rows[i / TOY_DIM] + i) % 2);
    return 0;
}

START_TEST(an_evaluation_of_callbacks_survives_a_lack_of_memory)
{
    vae_status status = VAE_ENOMEM;
    size_t k = 1;
    for (; status != VAE_OK; k++) {
        heap h = {.fail_at = SIZE_MAX};
        vae_context *context;
        vae_source *source;
        vae_workspace *w;
        double reconstruction, kl;
        toy t;
        MUST(vae_context_new(&context, heap_take, heap_give, &h));
        toy_new(&t, &plain, 1, context);
        MUST(vae_source_from_callback(&source, context, 40, TOY_DIM, some_rows, NULL));
        MUST(vae_workspace_new(&w, t.model, "inference", 8, 1, 1));
        h.fail_at = h.calls + k;
        status = vae_evaluate(w, t.model, source, NULL, NULL, 1, 0, &reconstruction, &kl);
        ck_assert_int_eq(status, h.calls >= h.fail_at ? VAE_ENOMEM : VAE_OK);
        h.fail_at = SIZE_MAX;
        MUST(vae_evaluate(w, t.model, source, NULL, NULL, 1, 0, &reconstruction, &kl));
        vae_workspace_free(w);
        vae_source_free(source);
        toy_free(&t);
        vae_context_free(context);
        ck_assert_uint_eq(h.held, 0);
    }
    ck_assert_uint_gt(k, 2);
}
END_TEST

/* One row, one number, mu = x / 2: the loss is finite, mu * x is not. */
START_TEST(a_gradient_that_overflows_where_the_loss_does_not_is_refused)
{
    const fixture_case shape = {.input = 1,
                                .latent = 1,
                                .output = 1,
                                .likelihood = "gaussian",
                                .rows = 1,
                                .samples = 1,
                                .beta = 1,
                                .target = 1};
    static const float x[] = {3e19f}, target[] = {0};
    fixture f;
    vae_workspace *w;
    double loss;
    fixture_new(&f, &shape, NULL);
    fixture_weights(f.model, 0, 1);
    fixture_fill(f.model, "mean.weight", 0.5f);
    MUST(vae_batch_set_input(f.batch, x, 1, 0));
    MUST(vae_batch_set_target(f.batch, target, 1, 0));
    MUST(vae_workspace_new(&w, f.model, "gradient", 1, 1, 1));
    float *block = fixture_floats(vae_model_parameter_count(f.model));
    MUST(vae_loss(w, f.model, f.batch, &loss, NULL, NULL));
    ck_assert(isfinite(loss));
    MUST_FAIL(VAE_ENONFINITE,
              vae_loss_gradient(w, f.model, f.batch, NULL, NULL, NULL, block, NULL, 0));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "mean.weight"));
    MUST_FAIL(VAE_EINVAL, vae_loss_gradient(w, f.model, f.batch, NULL, NULL, NULL, NULL, NULL, 0));
    free(block);
    vae_workspace_free(w);
    fixture_free(&f);
}
END_TEST

START_TEST(noise_that_is_not_finite_is_named)
{
    const fixture_case shape = {.input = 3, .latent = 2, .rows = 4, .samples = 2, .beta = 1};
    fixture f;
    vae_workspace *w;
    fixture_new(&f, &shape, NULL);
    f.eps[13] = INFINITY;
    MUST(vae_workspace_new(&w, f.model, "inference", 4, 2, 1));
    MUST_FAIL(VAE_ENONFINITE, vae_loss(w, f.model, f.batch, NULL, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "eps"));
    vae_workspace_free(w);
    fixture_free(&f);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, sizes_that_overflow_take_no_memory);
    tcase_add_loop_test(tests, a_workspace_that_cannot_be_counted_is_refused, 0, 2);
    tcase_add_test(tests, widths_that_are_no_widths_are_refused);
    tcase_add_test(tests, a_checkpoint_of_a_model_with_another_option_is_refused);
    tcase_add_test(tests, callbacks_may_not_change_what_is_being_run);
    tcase_add_test(tests, the_best_weights_wait_for_open_parameters);
    tcase_add_test(tests, open_parameters_can_be_computed_with_by_nobody);
    tcase_add_test(tests, a_cosine_without_an_end_is_refused);
    tcase_add_test(tests, a_plan_is_made_anew_when_an_option_changes);
    tcase_add_test(tests, a_gradient_in_memory_survives_a_lack_of_it);
    tcase_add_test(tests, an_evaluation_of_callbacks_survives_a_lack_of_memory);
    tcase_add_test(tests, a_gradient_that_overflows_where_the_loss_does_not_is_refused);
    tcase_add_test(tests, noise_that_is_not_finite_is_named);
}

int main(void)
{
    return check_run("corners", add);
}
