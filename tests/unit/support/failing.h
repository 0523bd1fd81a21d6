/* SPDX-License-Identifier: MIT */
/* How the programs' parts fail: the sentence they leave, and a disk that fills up. */
#ifndef FAILING_H
#define FAILING_H

#include "report.h"

#include <check.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static inline void expect_reason(const char *text)
{
    if (!strstr(failure(), text)) ck_abort_msg("expected '%s': %s", text, failure());
}

/* From here on no file grows beyond so many bytes; answers the limit to go back to. */
static inline struct rlimit disk_fill(rlim_t bytes)
{
    const struct rlimit small = {bytes, RLIM_INFINITY};
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    return before;
}

static inline void disk_clear(struct rlimit before)
{
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
}

#endif
