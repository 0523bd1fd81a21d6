/* SPDX-License-Identifier: MIT */
/* The lists of names: complete, described, and holding every name that was ever released. */
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"

static const struct {
    const char *family, *name;
} released[] = {{"activation", "identity"},      {"activation", "relu"},
                {"activation", "leaky_relu"},    {"activation", "elu"},
                {"activation", "gelu"},          {"activation", "silu"},
                {"activation", "tanh"},          {"activation", "sigmoid"},
                {"activation", "softplus"},      {"init", "pytorch"},
                {"likelihood", "bernoulli"},     {"likelihood", "gaussian"},
                {"likelihood", "gaussian_diag"}, {"posterior", "gaussian_diag"},
                {"prior", "standard_normal"},    {"optimizer", "adam"},
                {"optimizer", "adamw"},          {"optimizer", "sgd"},
                {"optimizer", "rmsprop"},        {"schedule", "constant"},
                {"schedule", "piecewise"},       {"schedule", "cosine"},
                {"schedule", "exponential"}};

START_TEST(released_names_stay)
{
    int found = 0;
    for (size_t i = 0; vae_kind(released[_i].family, i) != NULL; i++)
        found += strcmp(vae_kind(released[_i].family, i), released[_i].name) == 0;
    ck_assert_msg(found == 1, "%s %s is there %d times", released[_i].family, released[_i].name,
                  found);
}
END_TEST

START_TEST(every_family_and_kind_is_named_once_and_described)
{
    size_t families = 0;
    for (const char *family; (family = vae_kind_family(families)) != NULL; families++) {
        for (size_t k = 0; k < families; k++) ck_assert_str_ne(vae_kind_family(k), family);
        ck_assert_int_gt(fixture_kind_count(family), 0);
        for (size_t i = 0; vae_kind(family, i) != NULL; i++) {
            const char *line = vae_kind_describe(family, vae_kind(family, i));
            ck_assert_msg(line != NULL && *line != '\0' && strchr(line, '\n') == NULL,
                          "%s %s has no line", family, vae_kind(family, i));
            for (size_t k = 0; k < i; k++)
                ck_assert_str_ne(vae_kind(family, k), vae_kind(family, i));
        }
    }
    ck_assert_uint_ge(families, 7);
}
END_TEST

START_TEST(ends_and_unknown_names_answer_null)
{
    ck_assert_ptr_null(vae_kind_family(SIZE_MAX));
    ck_assert_ptr_null(vae_kind("activation", SIZE_MAX));
    ck_assert_ptr_null(vae_kind("activations", 0));
    ck_assert_ptr_null(vae_kind("", 0));
    ck_assert_ptr_null(vae_kind(NULL, 0));
    ck_assert_ptr_null(vae_kind_describe("activation", "rleu"));
    ck_assert_ptr_null(vae_kind_describe("activations", "relu"));
    ck_assert_ptr_null(vae_kind_describe("activation", NULL));
    ck_assert_ptr_null(vae_kind_describe(NULL, "relu"));
}
END_TEST

/* The families that a config takes by name take every kind they list, and refuse others with a
 * sentence that lists them. */
START_TEST(configs_take_every_listed_kind)
{
    static const struct {
        const char *family;
        vae_status (*set)(vae_config *, const char *);
    } setters[] = {{"activation", vae_config_set_activation},
                   {"likelihood", vae_config_set_likelihood},
                   {"posterior", vae_config_set_posterior},
                   {"prior", vae_config_set_prior},
                   {"init", vae_config_set_init}};
    vae_config *config;

    MUST(vae_config_new(&config, NULL, 3, 2));
    for (size_t i = 0; vae_kind(setters[_i].family, i) != NULL; i++)
        MUST(setters[_i].set(config, vae_kind(setters[_i].family, i)));
    ck_assert_int_eq(setters[_i].set(config, "rleu"), VAE_EUNKNOWN);
    for (size_t i = 0; vae_kind(setters[_i].family, i) != NULL; i++)
        ck_assert_msg(strstr(vae_last_error(), vae_kind(setters[_i].family, i)) != NULL,
                      "\"%s\" does not list %s", vae_last_error(), vae_kind(setters[_i].family, i));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "rleu"));
    vae_config_free(config);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, released_names_stay, 0, (int)(sizeof released / sizeof *released));
    tcase_add_test(tests, every_family_and_kind_is_named_once_and_described);
    tcase_add_test(tests, ends_and_unknown_names_answer_null);
    tcase_add_loop_test(tests, configs_take_every_listed_kind, 0, 5);
}

int main(void)
{
    return check_run("kinds", add);
}
