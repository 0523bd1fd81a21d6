/* SPDX-License-Identifier: MIT */
/* Memory: whichever allocation fails, the call says so and nothing leaks; computing takes none; an
 * object keeps the context it was made under. */
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/heap.h"

static const fixture_case shape = {.input = 5,
                                   .latent = 2,
                                   .output = 4,
                                   .condition = 1,
                                   .encoder = "6,3",
                                   .decoder = "7",
                                   .rows = 4,
                                   .samples = 2,
                                   .beta = 1};

/* Makes one of everything under a context; frees it all again. Answers the first failure. */
typedef struct world {
    vae_config *config, *config_copy;
    vae_model *model, *model_copy;
    vae_workspace *inference, *gradient;
    vae_batch *batch;
} world;

static vae_status build(world *w, vae_context *context)
{
    vae_status status = vae_config_new(&w->config, context, 5, 2);
    if (status == VAE_OK) status = vae_config_set_text(w->config, "encoder", "6,3");
    if (status == VAE_OK) status = vae_config_copy(&w->config_copy, w->config);
    if (status == VAE_OK) status = vae_model_new(&w->model, w->config, 1);
    if (status == VAE_OK) status = vae_model_copy(&w->model_copy, w->model);
    if (status == VAE_OK) status = vae_workspace_new(&w->inference, w->model, "inference", 4, 2, 2);
    if (status == VAE_OK) status = vae_workspace_new(&w->gradient, w->model, "gradient", 4, 2, 2);
    if (status == VAE_OK) status = vae_batch_new(&w->batch, context);
    return status;
}

static void tear_down(world *w)
{
    vae_batch_free(w->batch);
    vae_workspace_free(w->gradient);
    vae_workspace_free(w->inference);
    vae_model_free(w->model_copy);
    vae_model_free(w->model);
    vae_config_free(w->config_copy);
    vae_config_free(w->config);
}

START_TEST(whichever_allocation_fails_is_reported_and_nothing_leaks)
{
    vae_status status = VAE_ENOMEM;
    size_t k = 2; /* the first is the context's own */

    for (; status == VAE_ENOMEM; k++) {
        heap h = {.fail_at = k};
        world w = {0};
        vae_context *context;
        MUST(vae_context_new(&context, heap_take, heap_give, &h));
        status = build(&w, context);
        ck_assert_msg(status == VAE_OK || status == VAE_ENOMEM, "allocation %zu: %s", k,
                      vae_last_error());
        if (status == VAE_ENOMEM) ck_assert_ptr_nonnull(strstr(vae_last_error(), "memory"));
        tear_down(&w);
        vae_context_free(context);
        ck_assert_uint_eq(h.held, 0);
    }
    ck_assert_int_eq(status, VAE_OK);
    ck_assert_uint_gt(k, 15);
}
END_TEST

/* One name for two options: both or neither. */
START_TEST(a_setter_that_runs_out_of_memory_changes_nothing)
{
    heap h = {.fail_at = SIZE_MAX};
    vae_context *context;
    vae_config *config;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    MUST(vae_config_new(&config, context, 5, 2));
    for (size_t more = 1; more <= 2; more++) {
        const char *encoder, *decoder;
        h.fail_at = h.calls + more;
        MUST_FAIL(VAE_ENOMEM, vae_config_set_activation(config, "tanh"));
        h.fail_at = SIZE_MAX;
        MUST(vae_config_get_text(config, "encoder_activation", &encoder));
        MUST(vae_config_get_text(config, "decoder_activation", &decoder));
        ck_assert_str_eq(encoder, "relu");
        ck_assert_str_eq(decoder, "relu");
    }
    MUST(vae_config_set_activation(config, "tanh"));
    vae_config_free(config);
    vae_context_free(context);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

/* Children hold their context: it may be freed first. */
START_TEST(a_context_may_be_freed_before_its_objects)
{
    heap h = {.fail_at = SIZE_MAX};
    world w = {0};
    vae_context *context;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    MUST(build(&w, context));
    vae_context_free(context);
    MUST(vae_config_set_likelihood(w.config, "gaussian"));
    ck_assert_uint_gt(h.held, 1);
    tear_down(&w);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

static void compute_everything(fixture *f, vae_workspace *workspace, float *block)
{
    float out[16], z[8] = {0};
    double terms[3], rows[2][4];

    MUST(vae_encode(workspace, f->model, f->batch, out, 0, NULL, 0));
    MUST(vae_encode_sample(workspace, f->model, f->batch, out, 0));
    MUST(vae_reconstruct(workspace, f->model, f->batch, out, 0));
    MUST(vae_reconstruct_sample(workspace, f->model, f->batch, out, 0));
    MUST(vae_sample_prior(workspace, f->model, f->batch, 4, 1, z, 0));
    MUST(vae_batch_set_latent(f->batch, z, 4, 0));
    MUST(vae_decode(workspace, f->model, f->batch, out, 0));
    MUST(vae_decode_parameters(workspace, f->model, f->batch, out, 0));
    MUST(vae_decode_sample(workspace, f->model, f->batch, out, 0));
    MUST(vae_score(workspace, f->model, f->batch, rows[0], rows[1]));
    MUST(vae_loss(workspace, f->model, f->batch, &terms[0], &terms[1], &terms[2]));
    MUST(vae_loss_gradient(workspace, f->model, f->batch, NULL, NULL, NULL, block, NULL, 0));
}

START_TEST(computing_allocates_nothing)
{
    heap h = {.fail_at = SIZE_MAX};
    fixture f;
    vae_context *context;
    vae_workspace *workspace;
    float *block;
    size_t before;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    fixture_new(&f, &shape, context);
    block = fixture_floats(vae_model_parameter_count(f.model));
    MUST(vae_workspace_new(&workspace, f.model, "gradient", 4, 2, 2));
    before = h.calls;
    compute_everything(&f, workspace, block);
    fixture_weights(f.model, 1, 8);
    compute_everything(&f, workspace, block);
    ck_assert_uint_eq(h.calls, before);
    vae_workspace_free(workspace);
    free(block);
    fixture_free(&f);
    vae_context_free(context);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, whichever_allocation_fails_is_reported_and_nothing_leaks);
    tcase_add_test(tests, a_setter_that_runs_out_of_memory_changes_nothing);
    tcase_add_test(tests, a_context_may_be_freed_before_its_objects);
    tcase_add_test(tests, computing_allocates_nothing);
}

int main(void)
{
    return check_run("memory", add);
}
