/* SPDX-License-Identifier: MIT */
/* The sentences that the programs leave. */
#include "report.h"
#include "support/check_main.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

START_TEST(no_sentence_holds_what_a_terminal_obeys)
{
    const char name[] = "a\033[31m\x7f\n\tb\xc3\xa9";
    ck_assert_int_eq(failed("%s: no", name), -1);
    ck_assert_str_eq(failure(), "a?[31m???b\xc3\xa9: no");
    errno = ENOENT;
    ck_assert_int_eq(failed_system("%s", name), -1);
    ck_assert_ptr_eq(strstr(failure(), "a?[31m???b\xc3\xa9: "), failure());
    ck_assert_ptr_nonnull(strstr(failure(), strerror(ENOENT)));
}
END_TEST

/* What was printed is lost at the first try; errno is another's by the second. */
START_TEST(a_reason_that_is_no_longer_known_is_not_made_up)
{
    int before = dup(STDOUT_FILENO), closed = open("/dev/null", O_RDONLY);
    ck_assert(before >= 0 && closed >= 0);
    fflush(stdout);
    dup2(closed, STDOUT_FILENO);
    puts("lost");
    int first = finish_printing();
    int named = strstr(failure(), strerror(EBADF)) != NULL;
    errno = ENOENT;
    int second = finish_printing();
    dup2(before, STDOUT_FILENO);
    clearerr(stdout);
    close(before);
    close(closed);
    ck_assert_int_eq(first, -1);
    ck_assert(named);
    ck_assert_int_eq(second, -1);
    ck_assert_str_eq(failure(), "cannot write to standard output");
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, no_sentence_holds_what_a_terminal_obeys);
    tcase_add_test(tests, a_reason_that_is_no_longer_known_is_not_made_up);
}

int main(void)
{
    return check_run("report", add);
}
