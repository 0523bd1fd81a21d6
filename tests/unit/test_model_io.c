/* SPDX-License-Identifier: MIT */
#include "model/model.h"
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/folder.h"
#include "support/heap.h"
#include "support/tape.h"
#include <math.h>

static const size_t encoder[] = {7, 5}, decoder[] = {3};

/* 6-7-5-2 and 2-3-12, every option away from its default. */
static vae_model *unusual_model(vae_context *context)
{
    vae_config *config;
    vae_model *model;
    MUST(vae_config_new(&config, context, 6, 2));
    MUST(vae_config_set_encoder(config, encoder, 2));
    MUST(vae_config_set_decoder(config, decoder, 1));
    MUST(vae_config_set_text(config, "encoder_activation", "leaky_relu"));
    MUST(vae_config_set_text(config, "decoder_activation", "tanh"));
    MUST(vae_config_set_double(config, "leaky_relu_slope", 1.0 / 3.0));
    MUST(vae_config_set_likelihood(config, "gaussian_diag"));
    MUST(vae_config_set_double(config, "gaussian_diag_logvar_min", -7.25));
    MUST(vae_config_set_condition_dim(config, 4));
    MUST(vae_config_set_output_dim(config, 9));
    MUST(vae_model_new(&model, config, 11));
    vae_config_free(config);
    fixture_weights(model, 3.0, 5);
    return model;
}

/* A name and what vae_config_format says, for every option. */
static void expect_same_config(const vae_model *a, const vae_model *b)
{
    char one[1024], two[1024];
    const char *name;
    for (size_t i = 0; (name = vae_config_option(i)) != NULL; i++) {
        MUST(vae_config_format(vae_model_config(a), name, one, sizeof one));
        MUST(vae_config_format(vae_model_config(b), name, two, sizeof two));
        ck_assert_str_eq(one, two);
    }
}

static void expect_same(const vae_model *a, const vae_model *b)
{
    size_t n = vae_model_parameter_count(a);
    expect_same_config(a, b);
    ck_assert_uint_eq(n, vae_model_parameter_count(b));
    ck_assert_mem_eq(vae_model_parameters(a), vae_model_parameters(b), n * sizeof(float));
}

static tape saved(const vae_model *model)
{
    tape t = {0};
    MUST(vae_model_write(model, tape_write, &t));
    return t;
}

START_TEST(path_memory_and_callback_bring_the_model_back)
{
    folder home = folder_new();
    const char *path = folder_at(&home, "model.safetensors");
    vae_model *model = unusual_model(NULL), *back;
    size_t bytes = 0;
    tape t = saved(model);
    MUST(vae_model_save(model, path));
    char *file = get_file(path, &bytes);
    ck_assert_uint_eq(bytes, t.n);
    ck_assert_mem_eq(file, t.bytes, t.n);
    free(file);

    MUST(vae_model_load(&back, NULL, path));
    expect_same(model, back);
    vae_model_free(back);
    MUST(vae_model_load_memory(&back, NULL, t.bytes, t.n));
    expect_same(model, back);
    vae_model_free(back);
    t.most = 1;
    tape_rewind(&t);
    MUST(vae_model_read(&back, NULL, tape_read, &t));
    expect_same(model, back);
    vae_model_free(back);

    vae_model_free(model);
    tape_free(&t);
    folder_remove(&home);
}
END_TEST

START_TEST(memory_asked_for_is_what_is_written)
{
    vae_model *model = unusual_model(NULL);
    size_t bytes = 0, again = 0;
    tape t = saved(model);
    MUST(vae_model_save_memory(model, NULL, 0, &bytes));
    ck_assert_uint_eq(bytes, t.n);
    unsigned char *memory = malloc(bytes); /* exactly as large, so that a byte too many is seen */
    ck_assert_ptr_nonnull(memory);
    MUST_FAIL(VAE_EINVAL, vae_model_save_memory(model, memory, bytes - 1, &again));
    ck_assert_uint_eq(again, bytes);
    MUST(vae_model_save_memory(model, memory, bytes, &again));
    ck_assert_mem_eq(memory, t.bytes, bytes);
    free(memory);
    tape_free(&t);
    vae_model_free(model);
}
END_TEST

START_TEST(equal_models_have_equal_files)
{
    vae_model *model = unusual_model(NULL), *copy, *back;
    tape first = saved(model);
    MUST(vae_model_copy(&copy, model));
    MUST(vae_model_load_memory(&back, NULL, first.bytes, first.n));
    vae_model *others[] = {model, copy, back};
    for (size_t i = 0; i < 3; i++) {
        tape t = saved(others[i]);
        ck_assert_uint_eq(t.n, first.n);
        ck_assert_mem_eq(t.bytes, first.bytes, first.n);
        tape_free(&t);
        vae_model_free(others[i]);
    }
    tape_free(&first);
}
END_TEST

/* The option that takes a kind of each family of a model. */
static const struct {
    const char *family, *option;
} chosen[] = {{"activation", "encoder_activation"},
              {"activation", "decoder_activation"},
              {"likelihood", "likelihood"},
              {"posterior", "posterior"},
              {"prior", "prior"},
              {"init", "init"}};

START_TEST(every_kind_comes_back)
{
    const char *kind;
    ck_assert_ptr_nonnull(vae_kind(chosen[_i].family, 0));
    for (size_t k = 0; (kind = vae_kind(chosen[_i].family, k)) != NULL; k++) {
        vae_config *config;
        vae_model *model, *back;
        const char *text;
        MUST(vae_config_new(&config, NULL, 3, 2));
        MUST(vae_config_set_encoder(config, decoder, 1));
        MUST(vae_config_set_text(config, chosen[_i].option, kind));
        MUST(vae_model_new(&model, config, k));
        tape t = saved(model);
        MUST(vae_model_load_memory(&back, NULL, t.bytes, t.n));
        MUST(vae_config_get_text(vae_model_config(back), chosen[_i].option, &text));
        ck_assert_str_eq(text, kind);
        expect_same(model, back);
        vae_model_free(back);
        vae_model_free(model);
        vae_config_free(config);
        tape_free(&t);
    }
}
END_TEST

START_TEST(model_without_hidden_layers_comes_back)
{
    vae_config *config;
    vae_model *model, *back;
    MUST(vae_config_new(&config, NULL, 3, 2));
    MUST(vae_config_set_encoder(config, NULL, 0));
    MUST(vae_config_set_decoder(config, NULL, 0));
    MUST(vae_model_new(&model, config, 1));
    tape t = saved(model);
    MUST(vae_model_load_memory(&back, NULL, t.bytes, t.n));
    expect_same(model, back);
    vae_model_free(back);
    vae_model_free(model);
    vae_config_free(config);
    tape_free(&t);
}
END_TEST

START_TEST(tensors_of_several_chunks_come_back)
{
    const size_t width = 70;
    vae_config *config;
    vae_model *model, *back;
    MUST(vae_config_new(&config, NULL, 300, 2));
    MUST(vae_config_set_encoder(config, &width, 1));
    MUST(vae_config_set_decoder(config, &width, 1));
    MUST(vae_model_new(&model, config, 1));
    tape t = saved(model);
    MUST(vae_model_load_memory(&back, NULL, t.bytes, t.n));
    expect_same(model, back);
    vae_model_free(back);
    vae_model_free(model);
    vae_config_free(config);
    tape_free(&t);
}
END_TEST

START_TEST(callback_that_fails_is_an_error_at_every_call)
{
    vae_model *model = unusual_model(NULL), *back;
    tape t = saved(model);
    t.most = 200;
    for (size_t k = 1, most = 0; most == 0; k++) {
        tape out = {.fail_at = k};
        vae_status wrote = vae_model_write(model, tape_write, &out);
        tape_rewind(&t);
        t.fail_at = k;
        vae_status read = vae_model_read(&back, NULL, tape_read, &t);
        ck_assert_int_eq(wrote, out.calls >= k ? VAE_EIO : VAE_OK);
        ck_assert_int_eq(read, t.calls >= k ? VAE_EIO : VAE_OK);
        ck_assert(!back == (read != VAE_OK));
        if (read != VAE_OK) ck_assert_ptr_nonnull(strstr(vae_last_error(), "vae_model_"));
        if (read == VAE_OK && wrote == VAE_OK) most = k;
        ck_assert(most == 0 || most > 10);
        vae_model_free(back);
        tape_free(&out);
    }
    tape_free(&t);
    vae_model_free(model);
}
END_TEST

START_TEST(file_cut_off_anywhere_changes_nothing)
{
    vae_model *model = unusual_model(NULL), *same, *back;
    tape t = saved(model);
    MUST(vae_model_copy(&same, model));
    fixture_fill(model, "mean.bias", 4.0f);
    fixture_fill(same, "mean.bias", 4.0f);
    for (size_t n = 0; n < t.n; n++) {
        MUST_FAIL(VAE_EFORMAT, vae_model_load_memory(&back, NULL, t.bytes, n));
        ck_assert_ptr_null(back);
        MUST_FAIL(VAE_EFORMAT, vae_model_load_weights_memory(model, t.bytes, n, NULL, NULL));
    }
    expect_same(model, same);
    vae_model_free(same);
    vae_model_free(model);
    tape_free(&t);
}
END_TEST

START_TEST(out_of_memory_is_an_error_at_every_allocation)
{
    vae_model *plain = unusual_model(NULL), *back;
    tape t = saved(plain);
    vae_status status = VAE_ENOMEM;
    for (size_t k = 1; status != VAE_OK; k++) {
        heap h = {.fail_at = SIZE_MAX};
        vae_context *context;
        MUST(vae_context_new(&context, heap_take, heap_give, &h));
        h.fail_at = h.calls + k;
        tape_rewind(&t);
        status = vae_model_read(&back, context, tape_read, &t);
        ck_assert_int_eq(status, h.calls >= h.fail_at ? VAE_ENOMEM : VAE_OK);
        ck_assert(!back == (status != VAE_OK));
        vae_model_free(back);
        vae_context_free(context);
        ck_assert_uint_eq(h.held, 0);
        ck_assert_uint_le(k, 200);
    }
    vae_model_free(plain);
    tape_free(&t);
}
END_TEST

START_TEST(out_of_memory_while_saving_is_an_error)
{
    heap h = {.fail_at = SIZE_MAX};
    vae_context *context;
    vae_status status = VAE_ENOMEM;
    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    vae_model *model = unusual_model(context), *same;
    MUST(vae_model_copy(&same, model));
    vae_context_free(context);
    size_t held = h.held;
    for (size_t k = 1; status != VAE_OK; k++) {
        tape t = {0};
        h.calls = 0;
        h.fail_at = k;
        status = vae_model_write(model, tape_write, &t);
        ck_assert_int_eq(status, h.calls >= k ? VAE_ENOMEM : VAE_OK);
        ck_assert_uint_eq(h.held, held);
        tape_free(&t);
    }
    status = VAE_ENOMEM;
    h.fail_at = SIZE_MAX;
    tape t = saved(model);
    fixture_fill(model, "mean.bias", 4.0f);
    fixture_fill(same, "mean.bias", 4.0f);
    for (size_t k = 1; status != VAE_OK; k++) {
        expect_same(model, same);
        h.calls = 0;
        h.fail_at = k;
        status = vae_model_load_weights_memory(model, t.bytes, t.n, NULL, NULL);
        ck_assert_int_eq(status, h.calls >= k ? VAE_ENOMEM : VAE_OK);
        ck_assert_uint_eq(h.held, held);
    }
    tape_free(&t);
    vae_model_free(same);
    vae_model_free(model);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

START_TEST(failing_to_save_leaves_the_old_file)
{
    folder home = folder_new();
    const char *path = folder_at(&home, "model"), *none = folder_at(&home, "none/model");
    vae_model *model = unusual_model(NULL), *back;
    MUST(vae_model_save(model, path));
    MUST_FAIL(VAE_EIO, vae_model_save(model, home.path));
    MUST_FAIL(VAE_EIO, vae_model_save(model, none));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), none));
    MUST(vae_model_load(&back, NULL, path));
    expect_same(model, back);
    vae_model_free(back);
    vae_model_free(model);
    folder_remove(&home);
}
END_TEST

START_TEST(path_that_cannot_be_read_is_an_error)
{
    folder home = folder_new();
    const char *none = folder_at(&home, "none"), *pipe_path = folder_at(&home, "empty");
    vae_model *model = unusual_model(NULL), *back = model;
    MUST_FAIL(VAE_EIO, vae_model_load(&back, NULL, none));
    ck_assert_ptr_null(back);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), none));
    MUST_FAIL(VAE_EIO, vae_model_load(&back, NULL, home.path));
    MUST_FAIL(VAE_EIO, vae_model_load_weights(model, none, NULL, NULL));
    put_file(pipe_path, "");
    MUST_FAIL(VAE_EFORMAT, vae_model_load(&back, NULL, pipe_path));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), pipe_path));
    MUST_FAIL(VAE_EFORMAT, vae_model_load(&back, NULL, "/dev/null"));
    MUST_FAIL(VAE_EFORMAT, vae_model_load(&back, NULL, "/dev/zero")); /* without end */
    vae_model_free(model);
    folder_remove(&home);
}
END_TEST

/* What could not be loaded again is not saved. */
START_TEST(weights_that_are_not_finite_replace_nothing)
{
    vae_model *model = unusual_model(NULL);
    float *weights;
    size_t bytes;
    MUST(vae_model_parameters_begin(model, &weights));
    weights[0] = INFINITY;
    MUST_FAIL(VAE_ENONFINITE, vae_model_save_memory(model, NULL, 0, &bytes));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "encoder.0.weight"));
    weights[0] = 1.0f;
    MUST(vae_model_parameters_end(model));
    MUST(vae_model_save_memory(model, NULL, 0, &bytes));
    vae_model_free(model);
}
END_TEST

START_TEST(null_arguments_are_refused)
{
    vae_model *model = unusual_model(NULL), *back = model;
    tape t = saved(model);
    size_t bytes;
    MUST_FAIL(VAE_EINVAL, vae_model_save(NULL, "x"));
    MUST_FAIL(VAE_EINVAL, vae_model_save(model, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_save_memory(NULL, NULL, 0, &bytes));
    MUST_FAIL(VAE_EINVAL, vae_model_save_memory(model, NULL, 0, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_write(NULL, tape_write, &t));
    MUST_FAIL(VAE_EINVAL, vae_model_write(model, NULL, &t));
    MUST_FAIL(VAE_EINVAL, vae_model_load(NULL, NULL, "x"));
    MUST_FAIL(VAE_EINVAL, vae_model_load(&back, NULL, NULL));
    ck_assert_ptr_null(back);
    MUST_FAIL(VAE_EINVAL, vae_model_load_memory(NULL, NULL, t.bytes, t.n));
    MUST_FAIL(VAE_EINVAL, vae_model_load_memory(&back, NULL, NULL, 0));
    MUST_FAIL(VAE_EINVAL, vae_model_read(NULL, NULL, tape_read, &t));
    MUST_FAIL(VAE_EINVAL, vae_model_read(&back, NULL, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights(NULL, "x", NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights(model, NULL, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights_memory(NULL, t.bytes, t.n, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_load_weights_memory(model, NULL, 0, NULL, NULL));
    tape_free(&t);
    vae_model_free(model);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, path_memory_and_callback_bring_the_model_back);
    tcase_add_test(tests, memory_asked_for_is_what_is_written);
    tcase_add_test(tests, equal_models_have_equal_files);
    tcase_add_loop_test(tests, every_kind_comes_back, 0, (int)(sizeof chosen / sizeof chosen[0]));
    tcase_add_test(tests, model_without_hidden_layers_comes_back);
    tcase_add_test(tests, tensors_of_several_chunks_come_back);
    tcase_add_test(tests, callback_that_fails_is_an_error_at_every_call);
    tcase_add_test(tests, file_cut_off_anywhere_changes_nothing);
    tcase_add_test(tests, out_of_memory_is_an_error_at_every_allocation);
    tcase_add_test(tests, out_of_memory_while_saving_is_an_error);
    tcase_add_test(tests, failing_to_save_leaves_the_old_file);
    tcase_add_test(tests, path_that_cannot_be_read_is_an_error);
    tcase_add_test(tests, weights_that_are_not_finite_replace_nothing);
    tcase_add_test(tests, null_arguments_are_refused);
}

int main(void)
{
    return check_run("model_io", add);
}
