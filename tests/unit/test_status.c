/* SPDX-License-Identifier: MIT */
/* Codes and sentences: pinned values, one sentence for each thread. */
#include <pthread.h>

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

static void add(TCase *tests)
{
    tcase_add_test(tests, codes_keep_their_values_and_names);
    tcase_add_test(tests, codes_never_answered_have_a_name_too);
    tcase_add_test(tests, no_sentence_before_the_first_failure_and_none_lost_to_success);
    tcase_add_test(tests, each_thread_has_its_own_sentence);
    tcase_add_test(tests, long_names_do_not_overflow_the_sentence);
}

int main(void)
{
    return check_run("status", add);
}
