/* SPDX-License-Identifier: MIT */
/* Options of a model's description: defaults, ranges, types, text in and out. */
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"

static vae_config *new_config(void)
{
    vae_config *config;
    MUST(vae_config_new(&config, NULL, 784, 20));
    return config;
}

/* As the header says. */
static const struct {
    const char *option, *initial;
    double least, most; /* 0, 0: text */
} documented[] = {{"input_dim", "784", 1, 1048576},
                  {"latent_dim", "20", 1, 1048576},
                  {"output_dim", "0", 0, 1048576},
                  {"condition_dim", "0", 0, 1048576},
                  {"encoder", "400", 0, 0},
                  {"decoder", "400", 0, 0},
                  {"encoder_activation", "relu", 0, 0},
                  {"decoder_activation", "relu", 0, 0},
                  {"likelihood", "bernoulli", 0, 0},
                  {"posterior", "gaussian_diag", 0, 0},
                  {"prior", "standard_normal", 0, 0},
                  {"init", "pytorch", 0, 0},
                  {"posterior_logvar_min", "-20", -80, 80},
                  {"posterior_logvar_max", "20", -80, 80},
                  {"leaky_relu_slope", "0.01", 0, 1},
                  {"elu_alpha", "1", 0, 100},
                  {"gaussian_sigma", "1", 1e-6, 1e6},
                  {"gaussian_diag_logvar_min", "-10", -80, 80},
                  {"gaussian_diag_logvar_max", "10", -80, 80}};

START_TEST(defaults_and_ranges_are_the_documented_ones)
{
    vae_config *config = new_config();
    const char *option = documented[_i].option;
    char text[64];
    double least, most;

    MUST(vae_config_format(config, option, text, sizeof text));
    if (documented[_i].most > 0) {
        ck_assert_double_eq(strtod(text, NULL), strtod(documented[_i].initial, NULL));
        MUST(vae_config_option_bounds(option, &least, &most, NULL));
        ck_assert_double_eq(least, documented[_i].least);
        ck_assert_double_eq(most, documented[_i].most);
    } else {
        ck_assert_str_eq(text, documented[_i].initial);
        MUST_FAIL(VAE_EINVAL, vae_config_option_bounds(option, &least, &most, NULL));
    }
    vae_config_free(config);
}
END_TEST

START_TEST(every_option_is_listed_once_and_described)
{
    vae_config *config = new_config();
    const char *name;
    size_t n = 0;

    for (; (name = vae_config_option(n)) != NULL; n++) {
        char text[256];
        for (size_t k = 0; k < n; k++) ck_assert_str_ne(vae_config_option(k), name);
        ck_assert_ptr_nonnull(vae_config_option_describe(name));
        MUST(vae_config_format(config, name, text, sizeof text));
        MUST(vae_config_parse(config, name, text));
        ck_assert_ptr_null(vae_config_check(config));
    }
    ck_assert_uint_ge(n, sizeof documented / sizeof *documented);
    ck_assert_ptr_null(vae_config_option(SIZE_MAX));
    ck_assert_ptr_null(vae_config_option_describe("no such option"));
    ck_assert_ptr_null(vae_config_option_describe(NULL));
    vae_config_free(config);
}
END_TEST

/* Whole numbers are exactly those that a double setter refuses. */
static int is_int(const char *option)
{
    vae_config *config = new_config();
    int64_t value;
    int answer = vae_config_get_int(config, option, &value) == VAE_OK;
    vae_config_free(config);
    return answer;
}

static void expect_number(const vae_config *config, const char *option, double expected)
{
    int64_t integer;
    double number;
    if (is_int(option)) {
        MUST(vae_config_get_int(config, option, &integer));
        number = (double)integer;
    } else {
        MUST(vae_config_get_double(config, option, &number));
    }
    ck_assert_msg(number == expected, "%s is %g instead of %g", option, number, expected);
}

static vae_status set_number(vae_config *config, const char *option, double value)
{
    return is_int(option) ? vae_config_set_int(config, option, (int64_t)value)
                          : vae_config_set_double(config, option, value);
}

START_TEST(numbers_keep_to_their_range_and_a_refused_one_changes_nothing)
{
    vae_config *config = new_config();
    const char *option;

    for (size_t i = 0; (option = vae_config_option(i)) != NULL; i++) {
        double least, most, initial;
        if (vae_config_option_bounds(option, &least, &most, &initial) != VAE_OK) continue;
        ck_assert_double_le(least, initial);
        ck_assert_double_le(initial, most);
        MUST(set_number(config, option, most));
        expect_number(config, option, most);
        ck_assert_int_eq(set_number(config, option, most * 2 + 1), VAE_EINVAL);
        expect_number(config, option, most);
        MUST(set_number(config, option, least));
        ck_assert_int_eq(set_number(config, option, least - fabs(least) - 1), VAE_EINVAL);
        expect_number(config, option, least);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), option));
        if (!is_int(option)) {
            MUST_FAIL(VAE_EINVAL, vae_config_set_double(config, option, NAN));
            MUST_FAIL(VAE_EINVAL, vae_config_set_double(config, option, INFINITY));
            expect_number(config, option, least);
        }
    }
    vae_config_free(config);
}
END_TEST

START_TEST(numbers_survive_text_exactly)
{
    static const double values[] = {0.1, 1.0 / 3, 5e-7 + 1e-6, 123456.789, 2.2250738585072014e-3};
    vae_config *a = new_config(), *b = new_config();

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[64];
        double back;
        MUST(vae_config_set_double(a, "gaussian_sigma", values[i]));
        MUST(vae_config_format(a, "gaussian_sigma", text, sizeof text));
        MUST(vae_config_parse(b, "gaussian_sigma", text));
        MUST(vae_config_get_double(b, "gaussian_sigma", &back));
        ck_assert_double_eq(back, values[i]);
    }
    vae_config_free(a);
    vae_config_free(b);
}
END_TEST

static const struct {
    const char *option, *text;
    vae_status status;
} parses[] = {{"latent_dim", "7", VAE_OK},
              {"latent_dim", "7x", VAE_EINVAL},
              {"latent_dim", "", VAE_EINVAL},
              {"latent_dim", " 7", VAE_EINVAL},
              {"latent_dim", "7.5", VAE_EINVAL},
              {"latent_dim", "0", VAE_EINVAL},
              {"latent_dim", "99999999999999999999999", VAE_EINVAL},
              {"gaussian_sigma", "0.5", VAE_OK},
              {"gaussian_sigma", "5e-1", VAE_OK},
              {"gaussian_sigma", "0,5", VAE_EINVAL},
              {"gaussian_sigma", "nan", VAE_EINVAL},
              {"gaussian_sigma", "inf", VAE_EINVAL},
              {"gaussian_sigma", "1e999", VAE_EINVAL},
              {"likelihood", "gaussian", VAE_OK},
              {"likelihood", "Gaussian", VAE_EUNKNOWN},
              {"likelihood", "", VAE_EUNKNOWN},
              {"encoder", "", VAE_OK},
              {"encoder", "512,256,1", VAE_OK},
              {"encoder", "512,", VAE_EINVAL},
              {"encoder", ",512", VAE_EINVAL},
              {"encoder", "512;256", VAE_EINVAL},
              {"encoder", "512,0", VAE_EINVAL},
              {"encoder", "-3", VAE_EINVAL},
              {"encoder", "1048576", VAE_OK},
              {"encoder", "1048577", VAE_EINVAL},
              {"no_such_option", "1", VAE_EUNKNOWN}};

START_TEST(text_is_taken_whole_or_refused)
{
    vae_config *config = new_config();
    char before[64] = "", after[64] = "";

    if (parses[_i].status != VAE_EUNKNOWN || strcmp(parses[_i].option, "likelihood") == 0)
        MUST(vae_config_format(config, parses[_i].option, before, sizeof before));
    if (parses[_i].status != VAE_OK) {
        MUST_FAIL(parses[_i].status, vae_config_parse(config, parses[_i].option, parses[_i].text));
        if (*before != '\0') {
            MUST(vae_config_format(config, parses[_i].option, after, sizeof after));
            ck_assert_str_eq(before, after);
        }
    } else {
        MUST(vae_config_parse(config, parses[_i].option, parses[_i].text));
    }
    vae_config_free(config);
}
END_TEST

START_TEST(setters_are_the_options_spelled_out)
{
    static const size_t widths[] = {512, 256, 1};
    vae_config *config = new_config();
    const char *text;
    int64_t dim;

    MUST(vae_config_set_encoder(config, widths, 3));
    MUST(vae_config_get_text(config, "encoder", &text));
    ck_assert_str_eq(text, "512,256,1");
    MUST(vae_config_set_decoder(config, NULL, 0));
    MUST(vae_config_get_text(config, "decoder", &text));
    ck_assert_str_eq(text, "");
    MUST(vae_config_set_activation(config, "gelu"));
    MUST(vae_config_get_text(config, "encoder_activation", &text));
    ck_assert_str_eq(text, "gelu");
    MUST(vae_config_get_text(config, "decoder_activation", &text));
    ck_assert_str_eq(text, "gelu");
    MUST(vae_config_set_condition_dim(config, 10));
    MUST(vae_config_get_int(config, "condition_dim", &dim));
    ck_assert_int_eq(dim, 10);
    MUST(vae_config_set_output_dim(config, 11));
    MUST(vae_config_get_int(config, "output_dim", &dim));
    ck_assert_int_eq(dim, 11);
    vae_config_free(config);
}
END_TEST

START_TEST(check_finds_ranges_that_contradict_each_other)
{
    static const char *const ranges[][2] = {
        {"posterior_logvar_min", "posterior_logvar_max"},
        {"gaussian_diag_logvar_min", "gaussian_diag_logvar_max"}};
    vae_config *config = new_config();
    vae_model *model;

    MUST(vae_config_set_likelihood(config, "gaussian_diag"));
    ck_assert_ptr_null(vae_config_check(config));
    MUST(vae_config_set_double(config, ranges[_i][0], 3));
    MUST(vae_config_set_double(config, ranges[_i][1], 2));
    ck_assert_ptr_nonnull(vae_config_check(config));
    MUST_FAIL(VAE_EINVAL, vae_model_new(&model, config, 1));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), ranges[_i][0]));
    ck_assert_ptr_null(model);
    vae_config_free(config);
}
END_TEST

START_TEST(a_copy_is_independent)
{
    vae_config *config = new_config(), *copy;
    const char *text;
    int64_t latent;

    MUST(vae_config_set_likelihood(config, "gaussian"));
    MUST(vae_config_copy(&copy, config));
    MUST(vae_config_set_likelihood(config, "bernoulli"));
    MUST(vae_config_set_int(config, "latent_dim", 3));
    vae_config_free(config);
    MUST(vae_config_get_text(copy, "likelihood", &text));
    ck_assert_str_eq(text, "gaussian");
    MUST(vae_config_get_int(copy, "latent_dim", &latent));
    ck_assert_int_eq(latent, 20);
    vae_config_free(copy);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, defaults_and_ranges_are_the_documented_ones, 0,
                        (int)(sizeof documented / sizeof *documented));
    tcase_add_test(tests, every_option_is_listed_once_and_described);
    tcase_add_test(tests, numbers_keep_to_their_range_and_a_refused_one_changes_nothing);
    tcase_add_test(tests, numbers_survive_text_exactly);
    tcase_add_loop_test(tests, text_is_taken_whole_or_refused, 0,
                        (int)(sizeof parses / sizeof *parses));
    tcase_add_test(tests, setters_are_the_options_spelled_out);
    tcase_add_loop_test(tests, check_finds_ranges_that_contradict_each_other, 0, 2);
    tcase_add_test(tests, a_copy_is_independent);
}

int main(void)
{
    return check_run("config", add);
}
