/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "math/level.h"
#include "support/check_main.h"

START_TEST(headers_and_library_agree)
{
    ck_assert_uint_eq(vae_version(),
                      VAE_VERSION_MAJOR * 1000000u + VAE_VERSION_MINOR * 1000u + VAE_VERSION_PATCH);
    unsigned major, minor, patch;
    ck_assert_int_eq(sscanf(vae_version_string(), "%u.%u.%u", &major, &minor, &patch), 3);
    ck_assert_uint_eq(vae_version(), major * 1000000u + minor * 1000u + patch);
}
END_TEST

START_TEST(at_least_compares_in_order)
{
    ck_assert(VAE_VERSION_AT_LEAST(VAE_VERSION_MAJOR, VAE_VERSION_MINOR, VAE_VERSION_PATCH));
    ck_assert(!VAE_VERSION_AT_LEAST(VAE_VERSION_MAJOR, VAE_VERSION_MINOR, VAE_VERSION_PATCH + 1));
    ck_assert(!VAE_VERSION_AT_LEAST(VAE_VERSION_MAJOR, VAE_VERSION_MINOR + 1, 0));
    ck_assert(!VAE_VERSION_AT_LEAST(VAE_VERSION_MAJOR + 1, 0, 0));
    ck_assert(VAE_VERSION_AT_LEAST(0, 0, 1000));
}
END_TEST

START_TEST(build_info_names_version_and_every_level)
{
    char text[512];
    size_t length = vae_build_info(text, sizeof text);
    ck_assert_uint_lt(length, sizeof text);
    ck_assert_uint_eq(length, strlen(text));
    ck_assert_ptr_nonnull(strstr(text, vae_version_string()));
    ck_assert_ptr_nonnull(strstr(text, "BLAS"));
    for (size_t i = 0; i < VAE__LEVEL_COUNT; i++)
        ck_assert_ptr_nonnull(strstr(text, vae__level_name(i)));
}
END_TEST

START_TEST(build_info_is_cut_to_any_size)
{
    char whole[512];
    size_t length = vae_build_info(whole, sizeof whole);
    ck_assert_uint_eq(vae_build_info(NULL, 0), length);
    ck_assert_uint_eq(vae_build_info(NULL, 100), length);
    for (size_t size = 1; size <= length + 1; size++) {
        char *cut = malloc(size); /* exactly as large, so that a byte too many is seen */
        ck_assert_ptr_nonnull(cut);
        ck_assert_uint_eq(vae_build_info(cut, size), length);
        ck_assert_uint_eq(strlen(cut), size - 1);
        ck_assert_int_eq(strncmp(cut, whole, size - 1), 0);
        free(cut);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, headers_and_library_agree);
    tcase_add_test(tests, at_least_compares_in_order);
    tcase_add_test(tests, build_info_names_version_and_every_level);
    tcase_add_test(tests, build_info_is_cut_to_any_size);
}

int main(void)
{
    return check_run("version", add);
}
