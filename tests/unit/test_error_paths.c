/* SPDX-License-Identifier: MIT */
/* Every error the headers name for building things: its code, and a sentence that begins with the
 * function's name. Computing and training have files of their own. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

static void *no_memory(void *user, size_t bytes)
{
    (void)user, (void)bytes;
    return NULL;
}

static void no_release(void *user, void *memory)
{
    (void)user, (void)memory;
}

START_TEST(context_errors)
{
    vae_context *context;
    const char *text;

    MUST_FAIL(VAE_EINVAL, vae_context_new(NULL, NULL, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_context_new(&context, no_memory, NULL, NULL));
    ck_assert_ptr_null(context);
    MUST_FAIL(VAE_EINVAL, vae_context_new(&context, NULL, no_release, NULL));
    MUST_FAIL(VAE_ENOMEM, vae_context_new(&context, no_memory, no_release, NULL));
    ck_assert_ptr_null(context);
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_context_set_text(NULL, "gemm", "auto"));
    MUST_FAIL(VAE_EINVAL, vae_context_set_text(context, NULL, "auto"));
    MUST_FAIL(VAE_EINVAL, vae_context_set_text(context, "gemm", NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_context_set_text(context, "gem", "auto"));
    MUST_FAIL(VAE_EUNKNOWN, vae_context_set_text(context, "gemm", "cublas"));
    MUST_FAIL(VAE_EUNKNOWN, vae_context_set_text(context, "simd", "sse9"));
    MUST_FAIL(VAE_EINVAL, vae_context_get_text(NULL, "gemm", &text));
    MUST_FAIL(VAE_EINVAL, vae_context_get_text(context, NULL, &text));
    MUST_FAIL(VAE_EINVAL, vae_context_get_text(context, "gemm", NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_context_get_text(context, "gem", &text));
    MUST(vae_context_get_text(context, "gemm", &text));
    ck_assert_str_eq(text, "auto");
    vae_context_free(context);
    vae_context_free(NULL);
}
END_TEST

START_TEST(config_construction_errors)
{
    vae_config *config, *copy;

    MUST_FAIL(VAE_EINVAL, vae_config_new(NULL, NULL, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, 0, 1));
    ck_assert_ptr_null(config);
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, 1048577, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, 1, 0));
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, 1, 1048577));
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, SIZE_MAX, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_copy(&copy, NULL));
    ck_assert_ptr_null(copy);
    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_copy(NULL, config));
    ck_assert_ptr_nonnull(vae_config_check(NULL));
    vae_config_free(config);
    vae_config_free(NULL);
}
END_TEST

START_TEST(config_setters_errors)
{
    static const size_t zero[] = {5, 0}, wide[] = {1048577};
    size_t many[65];
    vae_config *config;

    for (size_t i = 0; i < 65; i++) many[i] = 1;
    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_encoder(NULL, many, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_encoder(config, NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_encoder(config, zero, 2));
    MUST_FAIL(VAE_EINVAL, vae_config_set_encoder(config, wide, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_encoder(config, many, 65));
    MUST(vae_config_set_encoder(config, many, 64));
    MUST_FAIL(VAE_EINVAL, vae_config_set_decoder(NULL, many, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_decoder(config, NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_decoder(config, zero, 2));
    MUST_FAIL(VAE_EINVAL, vae_config_set_decoder(config, wide, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_decoder(config, many, 65));
    MUST_FAIL(VAE_EINVAL, vae_config_set_activation(NULL, "relu"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_activation(config, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_activation(config, "rleu"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_likelihood(NULL, "bernoulli"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_likelihood(config, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_likelihood(config, "poisson?"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_posterior(NULL, "gaussian_diag"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_posterior(config, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_posterior(config, ""));
    MUST_FAIL(VAE_EINVAL, vae_config_set_prior(NULL, "standard_normal"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_prior(config, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_prior(config, "normal?"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_init(NULL, "pytorch"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_init(config, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_init(config, "tensorflow"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_condition_dim(NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_condition_dim(config, 1048577));
    MUST_FAIL(VAE_EINVAL, vae_config_set_output_dim(NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_output_dim(config, SIZE_MAX));
    vae_config_free(config);
}
END_TEST

START_TEST(config_options_errors)
{
    vae_config *config;
    int64_t integer;
    double number;
    const char *text;
    char room[8];

    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_int(NULL, "latent_dim", 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_int(config, NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_int(config, "likelihood", 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_int(config, "gaussian_sigma", 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_int(config, "latent", 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_double(NULL, "elu_alpha", 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_double(config, NULL, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_double(config, "latent_dim", 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_double(config, "alpha?", 1));
    MUST_FAIL(VAE_EINVAL, vae_config_set_text(NULL, "likelihood", "bernoulli"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_text(config, NULL, "bernoulli"));
    MUST_FAIL(VAE_EINVAL, vae_config_set_text(config, "likelihood", NULL));
    MUST_FAIL(VAE_EINVAL, vae_config_set_text(config, "latent_dim", "1"));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_text(config, "like", "bernoulli"));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_text(config, "likelihood", "bernouli"));
    MUST_FAIL(VAE_EINVAL, vae_config_get_int(NULL, "latent_dim", &integer));
    MUST_FAIL(VAE_EINVAL, vae_config_get_int(config, NULL, &integer));
    MUST_FAIL(VAE_EINVAL, vae_config_get_int(config, "latent_dim", NULL));
    MUST_FAIL(VAE_EINVAL, vae_config_get_int(config, "elu_alpha", &integer));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_get_int(config, "latent", &integer));
    MUST_FAIL(VAE_EINVAL, vae_config_get_double(NULL, "elu_alpha", &number));
    MUST_FAIL(VAE_EINVAL, vae_config_get_double(config, "elu_alpha", NULL));
    MUST_FAIL(VAE_EINVAL, vae_config_get_double(config, "latent_dim", &number));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_get_double(config, "alpha?", &number));
    MUST_FAIL(VAE_EINVAL, vae_config_get_text(NULL, "likelihood", &text));
    MUST_FAIL(VAE_EINVAL, vae_config_get_text(config, "likelihood", NULL));
    MUST_FAIL(VAE_EINVAL, vae_config_get_text(config, "latent_dim", &text));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_get_text(config, "like", &text));
    MUST_FAIL(VAE_EINVAL, vae_config_parse(NULL, "latent_dim", "1"));
    MUST_FAIL(VAE_EINVAL, vae_config_parse(config, NULL, "1"));
    MUST_FAIL(VAE_EINVAL, vae_config_parse(config, "latent_dim", NULL));
    MUST_FAIL(VAE_EINVAL, vae_config_parse(config, "latent_dim", "one"));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_parse(config, "latent", "1"));
    MUST_FAIL(VAE_EINVAL, vae_config_format(NULL, "latent_dim", room, sizeof room));
    MUST_FAIL(VAE_EINVAL, vae_config_format(config, NULL, room, sizeof room));
    MUST_FAIL(VAE_EINVAL, vae_config_format(config, "latent_dim", NULL, 8));
    MUST_FAIL(VAE_EINVAL, vae_config_format(config, "likelihood", room, sizeof room));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_format(config, "latent", room, sizeof room));
    MUST_FAIL(VAE_EINVAL, vae_config_option_bounds(NULL, &number, NULL, NULL));
    MUST_FAIL(VAE_EINVAL, vae_config_option_bounds("likelihood", &number, NULL, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_option_bounds("latent", &number, NULL, NULL));
    vae_config_free(config);
}
END_TEST

static vae_model *new_model(void)
{
    static const fixture_case shape = {.input = 4, .latent = 2, .encoder = "3", .decoder = "3"};
    vae_config *config = fixture_config(&shape, NULL);
    vae_model *model;
    MUST(vae_model_new(&model, config, 1));
    vae_config_free(config);
    return model;
}

START_TEST(model_errors)
{
    vae_model *model = new_model(), *other = model;
    float *parameters, values[12] = {0}, mean[4] = {0, 0, 0, NAN};
    size_t offset;

    MUST_FAIL(VAE_EINVAL, vae_model_new(NULL, vae_model_config(model), 1));
    MUST_FAIL(VAE_EINVAL, vae_model_new(&other, NULL, 1));
    ck_assert_ptr_null(other);
    MUST_FAIL(VAE_EINVAL, vae_model_copy(NULL, model));
    MUST_FAIL(VAE_EINVAL, vae_model_copy(&other, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_parameters_begin(NULL, &parameters));
    MUST_FAIL(VAE_EINVAL, vae_model_parameters_begin(model, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_parameters_end(NULL));
    MUST_FAIL(VAE_ESTATE, vae_model_parameters_end(model));
    MUST_FAIL(VAE_EINVAL, vae_model_tensor(NULL, 0, NULL, NULL, NULL, &offset, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_tensor(model, 10, NULL, NULL, NULL, &offset, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_tensor(model, SIZE_MAX, NULL, NULL, NULL, &offset, NULL));
    MUST_FAIL(VAE_EINVAL, vae_model_get_tensor(NULL, "mean.bias", values, 2));
    MUST_FAIL(VAE_EINVAL, vae_model_get_tensor(model, NULL, values, 2));
    MUST_FAIL(VAE_EINVAL, vae_model_get_tensor(model, "mean.bias", NULL, 2));
    MUST_FAIL(VAE_EUNKNOWN, vae_model_get_tensor(model, "mean.bia", values, 2));
    MUST_FAIL(VAE_ESHAPE, vae_model_get_tensor(model, "mean.bias", values, 3));
    MUST_FAIL(VAE_ESHAPE, vae_model_get_tensor(model, "mean.bias", values, SIZE_MAX));
    MUST_FAIL(VAE_EINVAL, vae_model_set_tensor(NULL, "mean.bias", values, 2));
    MUST_FAIL(VAE_EINVAL, vae_model_set_tensor(model, NULL, values, 2));
    MUST_FAIL(VAE_EINVAL, vae_model_set_tensor(model, "mean.bias", NULL, 2));
    MUST_FAIL(VAE_EUNKNOWN, vae_model_set_tensor(model, "", values, 2));
    MUST_FAIL(VAE_ESHAPE, vae_model_set_tensor(model, "mean.bias", values, 1));
    MUST_FAIL(VAE_ENONFINITE, vae_model_set_tensor(model, "output.bias", mean, 4));
    MUST_FAIL(VAE_EINVAL, vae_model_set_output_mean(NULL, values, 4));
    MUST_FAIL(VAE_EINVAL, vae_model_set_output_mean(model, NULL, 4));
    MUST_FAIL(VAE_ESHAPE, vae_model_set_output_mean(model, values, 5));
    MUST_FAIL(VAE_ENONFINITE, vae_model_set_output_mean(model, mean, 4));
    MUST(vae_model_parameters_begin(model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_model_set_output_mean(model, values, 4));
    MUST(vae_model_parameters_end(model));
    vae_model_free(model);
}
END_TEST

START_TEST(workspace_errors)
{
    vae_model *model = new_model();
    vae_workspace *w;

    MUST_FAIL(VAE_EINVAL, vae_workspace_new(NULL, model, "inference", 1, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, NULL, "inference", 1, 1, 1));
    ck_assert_ptr_null(w);
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, model, NULL, 1, 1, 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_workspace_new(&w, model, "training", 1, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, model, "inference", 0, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, model, "inference", 1048577, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, model, "gradient", 1, 0, 1));
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, model, "gradient", 1, 65537, 1));
    MUST_FAIL(VAE_EINVAL, vae_workspace_new(&w, model, "gradient", 1, 1, 65));
    ck_assert_ptr_null(w);
    ck_assert_uint_eq(vae_workspace_bytes(NULL), 0);
    ck_assert_uint_eq(vae_workspace_threads(NULL), 0);
    ck_assert_ptr_null(vae_workspace_kernels(NULL));
    MUST(vae_workspace_new(&w, model, "gradient", 3, 2, 2));
    ck_assert_uint_gt(vae_workspace_bytes(w), 0);
    ck_assert_uint_eq(vae_workspace_threads(w), 2);
    const char *kernels = vae_workspace_kernels(w);
    vae_workspace_free(w);
    ck_assert_ptr_nonnull(strstr(kernels, " ")); /* static: still there */
    vae_workspace_free(NULL);
    vae_model_free(model);
}
END_TEST

static int refuse_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    (void)user, (void)rows, (void)n, (void)out;
    return 1;
}

START_TEST(source_construction_errors)
{
    float x[6] = {0};
    uint8_t k[6] = {0, 1, 2, 3, 2, 1};
    vae_source *s;

    MUST_FAIL(VAE_EINVAL, vae_source_from_float(NULL, NULL, x, 2, 3, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&s, NULL, NULL, 2, 3, 0));
    ck_assert_ptr_null(s);
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&s, NULL, x, 0, 3, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&s, NULL, x, 2, 0, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&s, NULL, x, 2, 3, 2));
    MUST_FAIL(VAE_EINVAL, vae_source_from_float(&s, NULL, x, SIZE_MAX, 3, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(NULL, NULL, k, 2, 3, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(&s, NULL, NULL, 2, 3, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(&s, NULL, k, 0, 3, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(&s, NULL, k, 2, 0, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_uint8(&s, NULL, k, 2, 3, 1));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(NULL, NULL, k, 6, 4));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&s, NULL, NULL, 6, 4));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&s, NULL, k, 0, 4));
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&s, NULL, k, 6, 3)); /* there is a label 3 */
    MUST_FAIL(VAE_EINVAL, vae_source_from_labels(&s, NULL, k, 6, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(NULL, NULL, 2, 3, refuse_rows, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(&s, NULL, 0, 3, refuse_rows, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(&s, NULL, 2, 0, refuse_rows, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_from_callback(&s, NULL, 2, 3, NULL, NULL));
    ck_assert_ptr_null(s);
    ck_assert_uint_eq(vae_source_rows(NULL), 0);
    ck_assert_uint_eq(vae_source_dim(NULL), 0);
    vae_source_free(NULL);
}
END_TEST

START_TEST(source_use_errors)
{
    float x[6] = {0}, out[6], least, most;
    uint8_t k[6] = {0};
    int binary;
    vae_source *s, *bytes, *failing;

    MUST(vae_source_from_float(&s, NULL, x, 2, 3, 0));
    MUST(vae_source_from_uint8(&bytes, NULL, k, 2, 3, 0));
    MUST(vae_source_from_callback(&failing, NULL, 2, 3, refuse_rows, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(NULL, 1));
    MUST_FAIL(VAE_ESTATE, vae_source_set_scale(s, 1));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(bytes, 0));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(bytes, -1));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(bytes, NAN));
    MUST_FAIL(VAE_EINVAL, vae_source_set_scale(bytes, 1e31));
    MUST_FAIL(VAE_EINVAL, vae_source_set_binarize(NULL, "none"));
    MUST_FAIL(VAE_EINVAL, vae_source_set_binarize(s, NULL));
    MUST_FAIL(VAE_EUNKNOWN, vae_source_set_binarize(s, "binary"));
    MUST_FAIL(VAE_EINVAL, vae_source_read(NULL, 0, 1, out));
    MUST_FAIL(VAE_EINVAL, vae_source_read(s, 0, 1, NULL));
    MUST_FAIL(VAE_EINVAL, vae_source_read(s, 1, 2, out));
    MUST_FAIL(VAE_EINVAL, vae_source_read(s, SIZE_MAX, 2, out));
    MUST_FAIL(VAE_ECALLBACK, vae_source_read(failing, 0, 1, out));
    MUST_FAIL(VAE_EINVAL, vae_source_mean(NULL, out));
    MUST_FAIL(VAE_EINVAL, vae_source_mean(s, NULL));
    MUST_FAIL(VAE_ECALLBACK, vae_source_mean(failing, out));
    MUST_FAIL(VAE_EINVAL, vae_source_range(NULL, 0, &least, &most, &binary));
    MUST_FAIL(VAE_ECALLBACK, vae_source_range(failing, 0, &least, &most, &binary));
    vae_source_free(s);
    vae_source_free(bytes);
    vae_source_free(failing);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, context_errors);
    tcase_add_test(tests, config_construction_errors);
    tcase_add_test(tests, config_setters_errors);
    tcase_add_test(tests, config_options_errors);
    tcase_add_test(tests, model_errors);
    tcase_add_test(tests, workspace_errors);
    tcase_add_test(tests, source_construction_errors);
    tcase_add_test(tests, source_use_errors);
}

int main(void)
{
    return check_run("error_paths", add);
}
