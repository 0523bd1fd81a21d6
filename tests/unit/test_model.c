/* SPDX-License-Identifier: MIT */
/* A model's weights: names, shapes, the flat block, copies, and who may write when. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

static const fixture_case shape = {.input = 7,
                                   .latent = 3,
                                   .output = 5,
                                   .condition = 2,
                                   .encoder = "6,4",
                                   .decoder = "8",
                                   .likelihood = "gaussian_diag",
                                   .rows = 1};

static vae_model *new_model(uint64_t seed)
{
    vae_config *config = fixture_config(&shape, NULL);
    vae_model *model;
    MUST(vae_model_new(&model, config, seed));
    vae_config_free(config);
    return model;
}

/* PyTorch's state_dict of the same model. */
static const struct {
    const char *name;
    size_t rank, out, in;
} tensors[] = {
    {"encoder.0.weight", 2, 6, 9}, {"encoder.0.bias", 1, 6, 1}, {"encoder.1.weight", 2, 4, 6},
    {"encoder.1.bias", 1, 4, 1},   {"mean.weight", 2, 3, 4},    {"mean.bias", 1, 3, 1},
    {"logvar.weight", 2, 3, 4},    {"logvar.bias", 1, 3, 1},    {"decoder.0.weight", 2, 8, 5},
    {"decoder.0.bias", 1, 8, 1},   {"output.weight", 2, 10, 8}, {"output.bias", 1, 10, 1}};

#define TENSORS (sizeof tensors / sizeof *tensors)

START_TEST(names_and_shapes_are_pytorchs)
{
    vae_model *model = new_model(1);
    size_t weights = 0;

    ck_assert_uint_eq(vae_model_tensor_count(model), TENSORS);
    for (size_t t = 0; t < TENSORS; t++) {
        const char *name;
        size_t rank, sizes[2];
        MUST(vae_model_tensor(model, t, &name, &rank, sizes, NULL, NULL));
        ck_assert_str_eq(name, tensors[t].name);
        ck_assert_uint_eq(rank, tensors[t].rank);
        ck_assert_uint_eq(sizes[0], tensors[t].out);
        ck_assert_uint_eq(sizes[1], tensors[t].in);
        weights += sizes[0] * sizes[1];
    }
    ck_assert_uint_eq(vae_model_weight_count(model), weights);
    ck_assert_uint_ge(vae_model_parameter_count(model), weights);
    vae_model_free(model);
}
END_TEST

START_TEST(dimensions_are_the_configs)
{
    vae_model *model = new_model(1);

    ck_assert_uint_eq(vae_model_input_dim(model), 7);
    ck_assert_uint_eq(vae_model_output_dim(model), 5);
    ck_assert_uint_eq(vae_model_latent_dim(model), 3);
    ck_assert_uint_eq(vae_model_condition_dim(model), 2);
    ck_assert_uint_eq(vae_model_output_parameters(model), 2);
    vae_model_free(model);
}
END_TEST

/* Every element has a place of its own, and what is in no tensor is zero. */
START_TEST(tensors_share_no_element_and_padding_is_zero)
{
    vae_model *model = new_model(3);
    size_t n = vae_model_parameter_count(model), owned = 0;
    unsigned char *owners = fixture_alloc(n, 1);
    const float *flat = vae_model_parameters(model);

    for (size_t t = 0; t < TENSORS; t++) {
        size_t sizes[2], strides[2], offset;
        MUST(vae_model_tensor(model, t, NULL, NULL, sizes, &offset, strides));
        for (size_t o = 0; o < sizes[0]; o++)
            for (size_t i = 0; i < sizes[1]; i++) {
                size_t place = offset + o * strides[0] + i * strides[1];
                ck_assert_uint_lt(place, n);
                ck_assert_uint_eq(owners[place], 0);
                owners[place] = 1;
                owned++;
            }
    }
    ck_assert_uint_eq(owned, vae_model_weight_count(model));
    for (size_t i = 0; i < n; i++) ck_assert(owners[i] || flat[i] == 0.0f);
    free(owners);
    vae_model_free(model);
}
END_TEST

START_TEST(tensors_are_read_as_they_were_written)
{
    vae_model *model = new_model(1);
    float written[80], back[80];
    double flat[80];

    for (size_t t = 0; t < TENSORS; t++) {
        size_t n = tensors[t].out * tensors[t].in;
        fixture_uniform(written, n, -1, 1, t);
        MUST(vae_model_set_tensor(model, tensors[t].name, written, n));
    }
    for (size_t t = 0; t < TENSORS; t++) {
        size_t n = tensors[t].out * tensors[t].in;
        fixture_uniform(written, n, -1, 1, t);
        MUST(vae_model_get_tensor(model, tensors[t].name, back, n));
        ck_assert_mem_eq(written, back, n * sizeof *back);
        fixture_unpack(model, vae_model_parameters(model), t, flat);
        for (size_t i = 0; i < n; i++) ck_assert_double_eq(flat[i], (double)written[i]);
    }
    vae_model_free(model);
}
END_TEST

START_TEST(a_refused_tensor_leaves_the_model_as_it_was)
{
    vae_model *model = new_model(1), *copy;
    float values[54] = {0};

    MUST(vae_model_copy(&copy, model));
    values[53] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_model_set_tensor(model, "encoder.0.weight", values, 54));
    values[53] = INFINITY;
    MUST_FAIL(VAE_ENONFINITE, vae_model_set_tensor(model, "encoder.0.weight", values, 54));
    MUST_FAIL(VAE_ESHAPE, vae_model_set_tensor(model, "encoder.0.weight", values, 53));
    MUST_FAIL(VAE_EUNKNOWN, vae_model_set_tensor(model, "encoder.2.weight", values, 54));
    ck_assert_mem_eq(vae_model_parameters(model), vae_model_parameters(copy),
                     vae_model_parameter_count(model) * sizeof(float));
    vae_model_free(copy);
    vae_model_free(model);
}
END_TEST

START_TEST(a_copy_has_the_same_weights_and_a_life_of_its_own)
{
    vae_model *model = new_model(1), *copy;
    size_t bytes = vae_model_parameter_count(model) * sizeof(float);
    float *before = fixture_floats(vae_model_parameter_count(model));

    MUST(vae_model_copy(&copy, model));
    ck_assert_mem_eq(vae_model_parameters(model), vae_model_parameters(copy), bytes);
    memcpy(before, vae_model_parameters(model), bytes);
    fixture_weights(copy, 2, 9);
    ck_assert_mem_eq(vae_model_parameters(model), before, bytes);
    memcpy(before, vae_model_parameters(copy), bytes);
    vae_model_free(model);
    ck_assert_mem_eq(vae_model_parameters(copy), before, bytes);
    ck_assert_ptr_null(vae_config_check(vae_model_config(copy)));
    ck_assert_uint_eq(vae_model_output_dim(copy), 5);
    vae_model_free(copy);
    free(before);
}
END_TEST

START_TEST(a_model_keeps_its_config_when_the_original_changes)
{
    vae_config *config = fixture_config(&shape, NULL);
    vae_model *model;
    const char *likelihood;

    MUST(vae_model_new(&model, config, 1));
    MUST(vae_config_set_likelihood(config, "bernoulli"));
    vae_config_free(config);
    MUST(vae_config_get_text(vae_model_config(model), "likelihood", &likelihood));
    ck_assert_str_eq(likelihood, "gaussian_diag");
    vae_model_free(model);
}
END_TEST

START_TEST(open_parameters_let_nobody_else_use_the_model)
{
    fixture f;
    vae_workspace *workspace;
    float values[6] = {1, 2, 3, 4, 5, 6}, *parameters, mu[3];

    fixture_new(&f, &shape, NULL);
    MUST(vae_workspace_new(&workspace, f.model, "inference", 1, 1, 1));
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_input(f.batch, f.x, 1, 0));
    MUST(vae_batch_set_condition(f.batch, f.condition, 1, 0));
    MUST_FAIL(VAE_ESTATE, vae_model_parameters_end(f.model));
    MUST(vae_model_parameters_begin(f.model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_model_parameters_begin(f.model, &parameters));
    MUST_FAIL(VAE_ESTATE, vae_model_set_tensor(f.model, "encoder.0.bias", values, 6));
    MUST(vae_model_parameters_end(f.model));
    MUST(vae_model_set_tensor(f.model, "encoder.0.bias", values, 6));
    MUST(vae_encode(workspace, f.model, f.batch, mu, 0, NULL, 0));
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

START_TEST(a_weight_that_is_not_finite_keeps_the_block_open_until_mended)
{
    vae_model *model = new_model(1);
    size_t offset;
    float *parameters, good;

    MUST(vae_model_tensor(model, 4, NULL, NULL, NULL, &offset, NULL));
    MUST(vae_model_parameters_begin(model, &parameters));
    good = parameters[offset];
    parameters[offset] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_model_parameters_end(model));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "mean.weight"));
    MUST_FAIL(VAE_ESTATE, vae_model_parameters_begin(model, &parameters));
    parameters[offset] = good;
    MUST(vae_model_parameters_end(model));
    vae_model_free(model);
}
END_TEST

/* The workspace's copies of weights are refreshed: results follow the weights. */
START_TEST(written_parameters_are_the_ones_computed_with)
{
    fixture f;
    vae_workspace *workspace;
    float *parameters, before[3], after[3];
    size_t offset, strides[2];

    fixture_new(&f, &shape, NULL);
    MUST(vae_workspace_new(&workspace, f.model, "gradient", 1, 1, 1));
    vae_batch_clear(f.batch);
    MUST(vae_batch_set_input(f.batch, f.x, 1, 0));
    MUST(vae_batch_set_condition(f.batch, f.condition, 1, 0));
    MUST(vae_encode(workspace, f.model, f.batch, before, 0, NULL, 0));
    MUST(vae_model_tensor(f.model, 5, NULL, NULL, NULL, &offset, strides));
    MUST(vae_model_parameters_begin(f.model, &parameters));
    for (size_t j = 0; j < 3; j++) parameters[offset + j * strides[0]] += 2;
    MUST(vae_model_parameters_end(f.model));
    MUST(vae_encode(workspace, f.model, f.batch, after, 0, NULL, 0));
    for (size_t j = 0; j < 3; j++) ck_assert_float_eq_tol(after[j] - before[j], 2, 1e-5f);
    vae_workspace_free(workspace);
    fixture_free(&f);
}
END_TEST

/* Burda 2015: the logit of the mean clipped to [0.001, 0.999]; the Gaussians take the mean. */
START_TEST(output_mean_becomes_the_bias)
{
    static const float mean[5] = {0, 0.001f, 0.3f, 0.5f, 1};
    static const double clipped[5] = {0.001, 0.001, 0.3, 0.5, 0.999};
    fixture_case c = shape;
    fixture f;
    float bias[10], untouched[10];
    size_t n;

    c.likelihood = vae_kind("likelihood", (size_t)_i);
    fixture_new(&f, &c, NULL);
    n = 5 * vae_model_output_parameters(f.model);
    MUST(vae_model_get_tensor(f.model, "output.bias", untouched, n));
    MUST(vae_model_set_output_mean(f.model, mean, 5));
    MUST(vae_model_get_tensor(f.model, "output.bias", bias, n));
    for (size_t i = 0; i < 5; i++) {
        double expected = strcmp(c.likelihood, "bernoulli") == 0
                              ? log(clipped[i] / (1 - clipped[i]))
                              : (double)mean[i];
        ck_assert_double_eq_tol((double)bias[i], expected, 1e-4);
    }
    ck_assert_mem_eq(bias + 5, untouched + 5, (n - 5) * sizeof *bias);
    fixture_free(&f);
}
END_TEST

START_TEST(null_models_have_no_size)
{
    ck_assert_uint_eq(vae_model_input_dim(NULL), 0);
    ck_assert_uint_eq(vae_model_output_dim(NULL), 0);
    ck_assert_uint_eq(vae_model_latent_dim(NULL), 0);
    ck_assert_uint_eq(vae_model_condition_dim(NULL), 0);
    ck_assert_uint_eq(vae_model_output_parameters(NULL), 0);
    ck_assert_uint_eq(vae_model_parameter_count(NULL), 0);
    ck_assert_uint_eq(vae_model_weight_count(NULL), 0);
    ck_assert_uint_eq(vae_model_tensor_count(NULL), 0);
    ck_assert_ptr_null(vae_model_parameters(NULL));
    ck_assert_ptr_null(vae_model_config(NULL));
    vae_model_free(NULL);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, names_and_shapes_are_pytorchs);
    tcase_add_test(tests, dimensions_are_the_configs);
    tcase_add_test(tests, tensors_share_no_element_and_padding_is_zero);
    tcase_add_test(tests, tensors_are_read_as_they_were_written);
    tcase_add_test(tests, a_refused_tensor_leaves_the_model_as_it_was);
    tcase_add_test(tests, a_copy_has_the_same_weights_and_a_life_of_its_own);
    tcase_add_test(tests, a_model_keeps_its_config_when_the_original_changes);
    tcase_add_test(tests, open_parameters_let_nobody_else_use_the_model);
    tcase_add_test(tests, a_weight_that_is_not_finite_keeps_the_block_open_until_mended);
    tcase_add_test(tests, written_parameters_are_the_ones_computed_with);
    tcase_add_loop_test(tests, output_mean_becomes_the_bias, 0, fixture_kind_count("likelihood"));
    tcase_add_test(tests, null_models_have_no_size);
}

int main(void)
{
    return check_run("model", add);
}
