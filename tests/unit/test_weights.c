/* SPDX-License-Identifier: MIT */
/* Weights that PyTorch saved: an nn.Sequential counts its activations, so names differ. */
#include "model/model.h"
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/golden.h"
#include "support/tape.h"

#include <stdio.h>

/* 5-4-3-2 and 2-3-4-5: what tests/golden/make_weights.py saves. */
static vae_model *golden_model(void)
{
    static const size_t encoder[] = {4, 3}, decoder[] = {3, 4};
    vae_config *config;
    vae_model *model;
    MUST(vae_config_new(&config, NULL, 5, 2));
    MUST(vae_config_set_encoder(config, encoder, 2));
    MUST(vae_config_set_decoder(config, decoder, 2));
    MUST(vae_model_new(&model, config, 1));
    vae_config_free(config);
    return model;
}

static const struct {
    const char *here, *there;
} names[] = {{"encoder.1.weight", "encoder.2.weight"}, {"encoder.1.bias", "encoder.2.bias"},
             {"decoder.1.weight", "decoder.2.weight"}, {"decoder.1.bias", "decoder.2.bias"},
             {"output.weight", "decoder.4.weight"},    {"output.bias", "decoder.4.bias"}};

/* NULL for names that are the same. Counts its calls. */
static const char *sequential(void *user, const char *tensor)
{
    ++*(size_t *)user;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].here, tensor) == 0) return names[i].there;
    return NULL;
}

static const char *path_of(const char *dtype)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/data/weights-%s.safetensors", VAE_SOURCE_ROOT,
             dtype);
    return path;
}

static const char *const dtypes[] = {"f32", "f64", "f16", "bf16"};

START_TEST(tensors_of_every_dtype_are_as_pytorch_converts_them)
{
    vae_model *model = golden_model();
    golden *g = golden_open("weights-expected");
    size_t calls = 0, count = vae_model_tensor_count(model);
    uint64_t version = model->version;
    MUST(vae_model_load_weights(model, path_of(dtypes[_i]), sequential, &calls));
    ck_assert_uint_eq(calls, count);
    ck_assert(model->version > version);
    for (size_t i = 0; i < count; i++) {
        const char *name, *there;
        char key[64];
        size_t n, size = fixture_tensor_size(model, i);
        float *own = fixture_floats(size);
        MUST(vae_model_tensor(model, i, &name, NULL, NULL, NULL, NULL));
        there = sequential(&calls, name);
        snprintf(key, sizeof key, "%s.%s", dtypes[_i], there ? there : name);
        float *expected = golden_floats(g, key, &n);
        MUST(vae_model_get_tensor(model, name, own, size));
        ck_assert_uint_eq(n, size);
        ck_assert_mem_eq(own, expected, n * sizeof *own);
        free(expected);
        free(own);
    }
    golden_close(g);
    vae_model_free(model);
}
END_TEST

START_TEST(without_new_names_the_first_that_differs_is_missing)
{
    vae_model *model = golden_model(), *same;
    MUST(vae_model_copy(&same, model));
    MUST_FAIL(VAE_EUNKNOWN, vae_model_load_weights(model, path_of("f32"), NULL, NULL));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "no tensor \"encoder.1.weight\""));
    ck_assert_mem_eq(vae_model_parameters(model), vae_model_parameters(same),
                     vae_model_parameter_count(model) * sizeof(float));
    vae_model_free(same);
    vae_model_free(model);
}
END_TEST

static const char *swapped(void *user, const char *tensor)
{
    (void)user;
    return strcmp(tensor, "output.bias") == 0 ? "encoder.0.bias" : tensor;
}

START_TEST(last_tensor_of_another_shape_leaves_the_model_as_it_was)
{
    vae_model *model = golden_model(), *other = golden_model(), *same;
    tape t = {0};
    fixture_weights(other, 2.0, 9);
    MUST(vae_model_write(other, tape_write, &t));
    MUST(vae_model_copy(&same, model));
    uint64_t version = model->version;
    MUST_FAIL(VAE_ESHAPE, vae_model_load_weights_memory(model, t.bytes, t.n, swapped, NULL));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "\"encoder.0.bias\" has shape [4]"));
    ck_assert_mem_eq(vae_model_parameters(model), vae_model_parameters(same),
                     vae_model_parameter_count(model) * sizeof(float));
    ck_assert(model->version == version);
    MUST(vae_model_load_weights_memory(model, t.bytes, t.n, NULL, NULL));
    ck_assert_mem_eq(vae_model_parameters(model), vae_model_parameters(other),
                     vae_model_parameter_count(model) * sizeof(float));
    vae_model_free(same);
    vae_model_free(other);
    vae_model_free(model);
    tape_free(&t);
}
END_TEST

START_TEST(open_parameters_are_not_replaced)
{
    vae_model *model = golden_model();
    size_t calls = 0;
    float *parameters;
    MUST(vae_model_parameters_begin(model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_model_load_weights(model, path_of("f32"), sequential, &calls));
    MUST(vae_model_parameters_end(model));
    MUST(vae_model_load_weights(model, path_of("f32"), sequential, &calls));
    vae_model_free(model);
}
END_TEST

START_TEST(weights_without_a_configuration_make_no_model)
{
    vae_model *back;
    MUST_FAIL(VAE_EFORMAT, vae_model_load(&back, NULL, path_of("f32")));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "not a model of libvae"));
}
END_TEST

/* A workspace made before sees the weights loaded after. */
START_TEST(workspace_computes_with_the_new_weights)
{
    vae_model *model = golden_model();
    vae_workspace *workspace, *fresh;
    vae_batch *batch;
    size_t calls = 0;
    const float x[5] = {0.1f, 0.9f, 0.4f, 0.0f, 1.0f};
    float before[2], after[2], expected[2];
    MUST(vae_batch_new(&batch, NULL));
    MUST(vae_batch_set_input(batch, x, 1, 5));
    MUST(vae_workspace_new(&workspace, model, "inference", 1, 1, 1));
    MUST(vae_encode(workspace, model, batch, before, 2, NULL, 0));
    MUST(vae_model_load_weights(model, path_of("bf16"), sequential, &calls));
    MUST(vae_encode(workspace, model, batch, after, 2, NULL, 0));
    MUST(vae_workspace_new(&fresh, model, "inference", 1, 1, 1));
    MUST(vae_encode(fresh, model, batch, expected, 2, NULL, 0));
    ck_assert_mem_eq(after, expected, sizeof after);
    ck_assert(memcmp(after, before, sizeof after) != 0);
    vae_workspace_free(fresh);
    vae_workspace_free(workspace);
    vae_batch_free(batch);
    vae_model_free(model);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, tensors_of_every_dtype_are_as_pytorch_converts_them, 0,
                        (int)(sizeof dtypes / sizeof dtypes[0]));
    tcase_add_test(tests, without_new_names_the_first_that_differs_is_missing);
    tcase_add_test(tests, last_tensor_of_another_shape_leaves_the_model_as_it_was);
    tcase_add_test(tests, open_parameters_are_not_replaced);
    tcase_add_test(tests, weights_without_a_configuration_make_no_model);
    tcase_add_test(tests, workspace_computes_with_the_new_weights);
}

int main(void)
{
    return check_run("weights", add);
}
