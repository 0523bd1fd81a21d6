/* SPDX-License-Identifier: MIT */
/* The programs' files that appear whole or not at all, whichever call fails (the linker's --wrap
 * sends those below here) and whatever stands in their place. */
#include "plot.h"
#include "support/check_main.h"
#include "support/failing.h"
#include "support/folder.h"
#include "whole_file.h"

#include <errno.h>

static size_t calls, fail_at; /* counted while fail_at is not 0 */

static int fails(void)
{
    if (fail_at == 0 || ++calls != fail_at) return 0;
    errno = EDQUOT;
    return 1;
}

int __real_mkstemp(char *path);
int __wrap_mkstemp(char *path);
int __wrap_mkstemp64(char *path);
int __real_fchmod(int handle, mode_t mode);
int __wrap_fchmod(int handle, mode_t mode);
FILE *__real_fdopen(int handle, const char *mode);
FILE *__wrap_fdopen(int handle, const char *mode);
int __real_fsync(int handle);
int __wrap_fsync(int handle);
int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int __wrap_mkstemp(char *path)
{
    return fails() ? -1 : __real_mkstemp(path);
}

int __wrap_mkstemp64(char *path)
{
    return __wrap_mkstemp(path);
}

int __wrap_fchmod(int handle, mode_t mode)
{
    return fails() ? -1 : __real_fchmod(handle, mode);
}

FILE *__wrap_fdopen(int handle, const char *mode)
{
    return fails() ? NULL : __real_fdopen(handle, mode);
}

int __wrap_fsync(int handle)
{
    return fails() ? -1 : __real_fsync(handle);
}

int __wrap_fclose(FILE *file)
{
    int failed_now = fails();
    int answer = __real_fclose(file);
    if (failed_now) errno = EDQUOT;
    return failed_now ? EOF : answer;
}

int __wrap_rename(const char *from, const char *to)
{
    return fails() ? -1 : __real_rename(from, to);
}

static folder home;

static void make_home(void)
{
    home = folder_new();
}

static void remove_home(void)
{
    folder_remove(&home);
}

static int write_text(const char *path, const char *text)
{
    whole_file file;
    if (whole_file_open(&file, path)) return -1;
    fputs(text, file.out);
    return whole_file_close(&file, 0);
}

/* "." and ".." are entries too. */
static void expect_files(size_t n)
{
    ck_assert_uint_eq(folder_count(&home, ""), n + 2);
}

static void expect_unwritten(int error)
{
    expect_reason("cannot write");
    expect_reason(strerror(error));
}

START_TEST(whichever_call_fails_the_old_file_stays_and_no_other_is_left)
{
    const char *path = folder_at(&home, "file");
    if (_i) put_file(path, "old");
    size_t k = 1;
    for (;; k++) {
        calls = 0;
        fail_at = k;
        int status = write_text(path, "new");
        int reached = calls >= k;
        fail_at = 0;
        if (!reached) {
            ck_assert_int_eq(status, 0);
            break;
        }
        ck_assert_int_eq(status, -1);
        expect_unwritten(EDQUOT);
        expect_files((size_t)_i);
        if (_i) expect_file(path, "old");
    }
    expect_file(path, "new");
    expect_files(1);
    ck_assert_uint_eq(k, 7); /* mkstemp, fchmod, fdopen, fsync, fclose, rename */
}
END_TEST

static int write_much(const char *path)
{
    whole_file file;
    if (whole_file_open(&file, path)) return -1;
    for (int i = 0; i < 20000; i++) fputs("too much\n", file.out);
    return whole_file_close(&file, 0);
}

static int draw_much(const char *path)
{
    static double x[20000];
    const plot_labels labels = {"", "", "", NULL};
    const plot_series points = {"points", x, x, sizeof x / sizeof *x};
    for (size_t i = 0; i < points.n; i++) x[i] = (double)i;
    return plot_points(path, &labels, &points, 1);
}

START_TEST(a_disk_that_fills_up_is_named_and_leaves_the_old_file)
{
    const char *path = folder_at(&home, "file");
    put_file(path, "old");
    struct rlimit before = disk_fill(65536);
    int status = _i ? draw_much(path) : write_much(path);
    disk_clear(before);
    ck_assert_int_eq(status, -1);
    expect_unwritten(EFBIG);
    expect_file(path, "old");
    expect_files(1);
}
END_TEST

START_TEST(giving_up_leaves_the_old_file_and_the_sentence_of_the_failure)
{
    const char *path = folder_at(&home, "file");
    whole_file file;
    put_file(path, "old");
    ck_assert_int_eq(whole_file_open(&file, path), 0);
    fputs("new", file.out);
    expect_file(path, "old");
    ck_assert_int_eq(whole_file_close(&file, failed("no more to say")), -1);
    ck_assert_str_eq(failure(), "no more to say");
    expect_file(path, "old");
    expect_files(1);
}
END_TEST

START_TEST(modes_are_kept_and_new_files_have_what_the_umask_leaves)
{
    const char *path = folder_at(&home, "file");
    mode_t before = umask(027);
    ck_assert_int_eq(write_text(path, "new"), 0);
    ck_assert_uint_eq(mode_of(path), 0640);
    ck_assert_uint_eq(umask(027), 027);
    ck_assert_int_eq(chmod(path, 0604), 0);
    ck_assert_int_eq(write_text(path, "newer"), 0);
    ck_assert_uint_eq(mode_of(path), 0604);
    ck_assert_int_eq(chmod(path, 07755), 0);
    ck_assert_int_eq(write_text(path, "newest"), 0);
    ck_assert_uint_eq(mode_of(path), 0755);
    umask(before);
}
END_TEST

START_TEST(links_are_followed_to_what_is_there_and_what_is_not)
{
    const char *link = folder_at(&home, "link"), *second = folder_at(&home, "second");
    const char *target = folder_at(&home, "target");
    ck_assert_int_eq(symlink("second", link), 0);
    ck_assert_int_eq(symlink(target, second), 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(write_text(link, i ? "new" : "first"), 0);
        expect_file(target, i ? "new" : "first");
        expect_files(3);
    }
    const char *loop = folder_at(&home, "loop");
    ck_assert_int_eq(symlink("loop", loop), 0);
    ck_assert_int_eq(write_text(loop, "new"), -1);
    expect_unwritten(ELOOP);
}
END_TEST

START_TEST(what_is_no_regular_file_is_written_to_and_stays)
{
    const char *pipe = folder_at(&home, "pipe"), *link = folder_at(&home, "link");
    char text[4] = "";
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    int reader = open(pipe, O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(reader, 0);
    ck_assert_int_eq(write_text(pipe, "new"), 0);
    ck_assert_int_eq(read(reader, text, sizeof text), 3);
    ck_assert_str_eq(text, "new");
    close(reader);
    expect_files(1);
    calls = 0;
    fail_at = 1; /* fdopen */
    ck_assert_int_eq(write_text("/dev/null", "new"), -1);
    fail_at = 0;
    expect_unwritten(EDQUOT);
    if (access("/dev/full", W_OK)) return;
    ck_assert_int_eq(symlink("/dev/full", link), 0);
    ck_assert_int_eq(write_text(link, "new"), -1);
    expect_unwritten(ENOSPC);
    expect_files(2);
}
END_TEST

/* Of the program itself: what it has printed before stays in front. */
START_TEST(standard_output_is_written_to_where_it_is)
{
    const char *path = folder_at(&home, "output");
    int before = dup(STDOUT_FILENO), output = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    ck_assert(before >= 0 && output >= 0);
    ck_assert_int_eq(write(output, "before ", 7), 7);
    fflush(stdout);
    dup2(output, STDOUT_FILENO);
    int status = write_text("/dev/stdout", "new");
    dup2(before, STDOUT_FILENO);
    close(before);
    close(output);
    ck_assert_int_eq(status, 0);
    expect_file(path, "before new");
    expect_files(1);
}
END_TEST

START_TEST(a_folder_or_a_name_too_long_is_refused)
{
    char name[WHOLE_FILE_PATH + 8];
    ck_assert_int_eq(write_text(home.path, "new"), -1);
    expect_unwritten(EISDIR);
    ck_assert_int_eq(write_text("", "new"), -1);
    expect_unwritten(ENOENT);
    memset(name, '/', sizeof name);
    memcpy(name, home.path, strlen(home.path));
    strcpy(name + sizeof name - 5, "file");
    ck_assert_int_eq(write_text(name, "new"), -1);
    expect_unwritten(ENAMETOOLONG);
    strcpy(name + WHOLE_FILE_PATH - 3, "f"); /* fits, but a temporary beside it does not */
    ck_assert_int_eq(write_text(name, "new"), -1);
    expect_unwritten(ENAMETOOLONG);
    expect_files(0);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_home, remove_home);
    tcase_add_loop_test(tests, whichever_call_fails_the_old_file_stays_and_no_other_is_left, 0, 2);
    tcase_add_loop_test(tests, a_disk_that_fills_up_is_named_and_leaves_the_old_file, 0, 2);
    tcase_add_test(tests, giving_up_leaves_the_old_file_and_the_sentence_of_the_failure);
    tcase_add_test(tests, modes_are_kept_and_new_files_have_what_the_umask_leaves);
    tcase_add_test(tests, links_are_followed_to_what_is_there_and_what_is_not);
    tcase_add_test(tests, what_is_no_regular_file_is_written_to_and_stays);
    tcase_add_test(tests, standard_output_is_written_to_where_it_is);
    tcase_add_test(tests, a_folder_or_a_name_too_long_is_refused);
}

int main(void)
{
    return check_run("whole_file", add);
}
