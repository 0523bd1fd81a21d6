/* SPDX-License-Identifier: MIT */
/* What every Check test shares: one case in one suite, results as TAP, calls that must succeed. */
#ifndef CHECK_MAIN_H
#define CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <vae/vae.h>

/* The call answers VAE_OK. */
#define MUST(...) check_must((__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

/* The call answers this code, and vae_last_error names the function that was called. */
#define MUST_FAIL(code, ...)                                                                       \
    check_must_fail((code), (__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

static inline void check_must(vae_status status, const char *call, const char *file, int line)
{
    if (status != VAE_OK)
        ck_abort_msg("%s:%d: %s answered %s: %s", file, line, call, vae_status_name(status),
                     vae_last_error());
}

static inline void check_must_fail(vae_status code, vae_status status, const char *call,
                                   const char *file, int line)
{
    char function[64] = "";
    size_t length = strcspn(call, "( ");

    if (status != code)
        ck_abort_msg("%s:%d: %s answered %s instead of %s (last error: %s)", file, line, call,
                     vae_status_name(status), vae_status_name(code), vae_last_error());
    ck_assert_uint_lt(length, sizeof function);
    memcpy(function, call, length);
    if (strncmp(vae_last_error(), function, length) != 0 || vae_last_error()[length] == '\0')
        ck_abort_msg("%s:%d: the error of %s does not begin with its name: \"%s\"", file, line,
                     call, vae_last_error());
}

/* Runs what `add` adds; the answer is main's. The timeout leaves room for sanitizers. */
static inline int check_run(const char *name, void (*add)(TCase *tests))
{
    Suite *suite = suite_create(name);
    TCase *tests = tcase_create(name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(tests, 300.0);
    add(tests);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
