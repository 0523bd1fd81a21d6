/* SPDX-License-Identifier: MIT */
/* Codes and sentences: pinned values, one sentence for each thread. */
#include <pthread.h>
#include <stdio.h>

#include "support/check_main.h"

/* Programs compiled against an earlier release hold these numbers. */
static const struct {
    vae_status status;
    int value;
    const char *name;
} codes[] = {{VAE_OK, 0, "VAE_OK"},
             {VAE_EINVAL, -1, "VAE_EINVAL"},
             {VAE_ENOMEM, -2, "VAE_ENOMEM"},
             {VAE_EIO, -3, "VAE_EIO"},
             {VAE_EFORMAT, -4, "VAE_EFORMAT"},
             {VAE_EUNKNOWN, -5, "VAE_EUNKNOWN"},
             {VAE_ESHAPE, -6, "VAE_ESHAPE"},
             {VAE_ENONFINITE, -7, "VAE_ENONFINITE"},
             {VAE_ESTATE, -8, "VAE_ESTATE"},
             {VAE_ECALLBACK, -9, "VAE_ECALLBACK"},
             {VAE_EDATA, -10, "VAE_EDATA"},
             {VAE_ETHREAD, -11, "VAE_ETHREAD"}};

START_TEST(codes_keep_their_values_and_names)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        ck_assert_int_eq(codes[i].status, codes[i].value);
        ck_assert_str_eq(vae_status_name(codes[i].status), codes[i].name);
    }
}
END_TEST

START_TEST(codes_never_answered_have_a_name_too)
{
    ck_assert_str_eq(vae_status_name(1), "unknown status");
    ck_assert_str_eq(vae_status_name(-12), "unknown status");
    ck_assert_str_eq(vae_status_name(-2147483647 - 1), "unknown status");
    ck_assert_str_eq(vae_status_name(2147483647), "unknown status");
}
END_TEST

START_TEST(no_sentence_before_the_first_failure_and_none_lost_to_success)
{
    vae_config *config;

    ck_assert_str_eq(vae_last_error(), "");
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, 0, 1));
    ck_assert_ptr_null(config);
    MUST(vae_config_new(&config, NULL, 1, 1));
    ck_assert_ptr_eq(strstr(vae_last_error(), "vae_config_new"), vae_last_error());
    vae_config_free(config);
}
END_TEST

static void *fail_elsewhere(void *sentence)
{
    vae_config *config;
    ck_assert_str_eq(vae_last_error(), "");
    MUST_FAIL(VAE_EINVAL, vae_config_new(&config, NULL, 7, 0));
    (void)strncpy(sentence, vae_last_error(), 255);
    return NULL;
}

START_TEST(each_thread_has_its_own_sentence)
{
    char mine[256] = "", theirs[256] = "";
    pthread_t thread;
    vae_batch *batch;

    MUST(vae_batch_new(&batch, NULL));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_samples(batch, 0));
    (void)strncpy(mine, vae_last_error(), 255);
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_elsewhere, theirs), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_str_eq(vae_last_error(), mine);
    ck_assert_ptr_nonnull(strstr(theirs, "vae_config_new"));
    vae_batch_free(batch);
}
END_TEST

/* A sentence longer than its room is cut, not overrun. */
START_TEST(long_names_do_not_overflow_the_sentence)
{
    char name[4096];
    vae_config *config;

    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_activation(config, name));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_int(config, name, 1));
    ck_assert_uint_lt(strlen(vae_last_error()), 1024);
    vae_config_free(config);
}
END_TEST

START_TEST(a_sentence_may_be_made_of_the_one_before)
{
    char before[65], expected[256];
    vae_config *config;

    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST_FAIL(VAE_EINVAL, vae_config_new(NULL, NULL, 1, 1));
    (void)snprintf(before, sizeof before, "%s", vae_last_error());
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_int(config, vae_last_error(), 1));
    (void)snprintf(expected, sizeof expected, "vae_config_set_int: the config has no option \"%s\"",
                   before);
    ck_assert_str_eq(vae_last_error(), expected);
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_activation(config, vae_last_error()));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "\"vae_config_set_int: the config has no"));
    vae_config_free(config);
}
END_TEST

#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* Names, and how sentences show them. */
static const struct {
    const char *name, *shown;
} shows[] = {
    {"plain ~name", "plain ~name"},
    {"\x1b[31mred", "?[31mred"},
    {"two\r\nlines\t\x7f", "two??lines??"},
    {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
    {"\xc2\x9b"
     "31m \xc2\xa0",
     "??31m \xc2\xa0"},
    {"\xe2\x80\xaegnp.exe", "???gnp.exe"},
    {"\xe2\x80\x8b\xe2\x81\xa6\xef\xbb\xbf", "?????????"},
    {"\xc0\x80 \xc1\xbf \xe0\x9f\xbf \xf0\x8f\xbf\xbf", "?? ?? ??? ????"},
    {"\xed\xa0\x80 \xf4\x90\x80\x80 \xf9\x80\x80\x80", "??? ???? ????"},
    {"\xa9 \xbf\xbf \xff", "? ?? ?"},
    {"\xc3", "?"},
    {"\xe2\x82", "??"},
    {"\xf0\x9f\x98", "???"},
    {X63 "\xc3\xa9", X63 "?"}, /* cut in the middle of a character */
};

START_TEST(a_sentence_holds_nothing_that_a_terminal_obeys)
{
    char expected[256];
    vae_config *config;
    vae_model *model;

    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST_FAIL(VAE_EUNKNOWN, vae_config_set_int(config, shows[_i].name, 1));
    (void)snprintf(expected, sizeof expected, "no option \"%s\"", shows[_i].shown);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), expected));
    (void)snprintf(expected, sizeof expected, "/nowhere/%s", shows[_i].name);
    MUST_FAIL(VAE_EIO, vae_model_load(&model, NULL, expected));
    if (strlen(shows[_i].name) < 64) {
        (void)snprintf(expected, sizeof expected, "vae_model_load: /nowhere/%s: ", shows[_i].shown);
        ck_assert_ptr_eq(strstr(vae_last_error(), expected), vae_last_error());
    }
    vae_config_free(config);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, codes_keep_their_values_and_names);
    tcase_add_test(tests, codes_never_answered_have_a_name_too);
    tcase_add_test(tests, no_sentence_before_the_first_failure_and_none_lost_to_success);
    tcase_add_test(tests, each_thread_has_its_own_sentence);
    tcase_add_test(tests, long_names_do_not_overflow_the_sentence);
    tcase_add_test(tests, a_sentence_may_be_made_of_the_one_before);
    tcase_add_loop_test(tests, a_sentence_holds_nothing_that_a_terminal_obeys, 0,
                        (int)(sizeof shows / sizeof *shows));
}

int main(void)
{
    return check_run("status", add);
}
