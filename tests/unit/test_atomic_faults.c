/* SPDX-License-Identifier: MIT */
/* Every system call of a save fails once, by standing in for the C library's functions. */
#include "support/check_main.h"
#include "support/folder.h"
#include "support/replace.h"

#include <errno.h>
#include <stdarg.h>

#ifdef __linux__
#include <sys/syscall.h>

long syscall(long number, ...);

static int armed, calls, fail_at, failed;
static unsigned created; /* the mode the latest new file was made with */

/* Whether this call is the one to fail. */
static int fails(void)
{
    if (!armed || ++calls != fail_at) return 0;
    failed = 1;
    errno = EIO;
    return 1;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    if (armed && (flags & O_CREAT)) created = mode;
    return fails() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t write(int fd, const void *data, size_t bytes)
{
    if (armed && bytes > 2) bytes = 2; /* and never takes all at once */
    return fails() ? -1 : (ssize_t)syscall(SYS_write, fd, data, bytes);
}

int fsync(int fd)
{
    return fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int fchmod(int fd, mode_t mode)
{
    return fails() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int rename(const char *from, const char *to)
{
    return fails() ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

ssize_t readlink(const char *restrict path, char *restrict link, size_t bytes)
{
    return fails() ? -1 : (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, path, link, bytes);
}

/* Closes all the same, as Linux does when it reports an error. */
int close(int fd)
{
    int failing = fails(), answer = (int)syscall(SYS_close, fd);
    if (failing) errno = EIO;
    return failing ? -1 : answer;
}

/* One save whose k-th call fails; 0 when it has fewer calls. */
static int save_with_fault(const folder *home, int k)
{
    const char *path = folder_at(home, "file");
    size_t bytes;
    put_file(path, "old");
    ck_assert_int_eq(chmod(path, 0622), 0); /* not what a umask leaves: fchmod is needed */
    calls = failed = 0;
    fail_at = k;
    armed = 1;
    vae_status status = replace(path, "new text");
    armed = 0;
    char *text = get_file(path, &bytes);
    int is_old = strcmp(text, "old") == 0;
    ck_assert(is_old || strcmp(text, "new text") == 0);
    free(text);
    ck_assert_uint_eq(folder_count(home, ".libvae-"), 0);
    ck_assert_uint_eq(mode_of(path), 0622);
    if (status == VAE_OK) {
        ck_assert(!is_old);
        return failed;
    }
    ck_assert_int_eq(status, VAE_EIO);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), path));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), strerror(EIO)));
    ck_assert(is_old || strstr(vae_last_error(), "replaced, but") != NULL);
    return 1;
}

START_TEST(file_is_old_or_new_whichever_call_fails)
{
    int k = 1, fds = dup(0);
    folder home = folder_new();
    while (save_with_fault(&home, k)) k++;
    /* readlink, open, fchmod, 4 writes, fsync, close, rename, open, fsync, close */
    ck_assert_int_eq(k - 1, 13);
    close(fds);
    ck_assert_int_eq(dup(0), fds); /* no descriptor was left open */
    folder_remove(&home);
}
END_TEST

START_TEST(short_writes_are_gone_on_with)
{
    folder home = folder_new();
    ck_assert_int_eq(save_with_fault(&home, 1000), 0);
    expect_file(folder_at(&home, "file"), "new text");
    folder_remove(&home);
}
END_TEST

START_TEST(nobody_may_read_the_temporary_who_may_not_read_the_file)
{
    folder home = folder_new();
    ck_assert_int_eq(save_with_fault(&home, 1000), 0);
    ck_assert_uint_eq(created, 0622);
    folder_remove(&home);
}
END_TEST
#endif

static void add(TCase *tests)
{
#ifdef __linux__
    tcase_add_test(tests, file_is_old_or_new_whichever_call_fails);
    tcase_add_test(tests, short_writes_are_gone_on_with);
    tcase_add_test(tests, nobody_may_read_the_temporary_who_may_not_read_the_file);
#else
    (void)tests;
#endif
}

int main(void)
{
    return check_run("atomic_faults", add);
}
