/* SPDX-License-Identifier: MIT */
/* System calls that are interrupted are made again, names that are taken are drawn again, and a
 * file system that cannot sync a directory is no error; with stand-ins for the C library. */
#include "support/check_main.h"
#include "support/folder.h"
#include "support/replace.h"

#include <errno.h>
#include <stdarg.h>

#ifdef __linux__
#include <sys/syscall.h>

long syscall(long number, ...);

enum call { OPEN_NEW, OPEN_OLD, OPEN_FOLDER, WRITE, FSYNC_FILE, FSYNC_FOLDER, CLOSE, READ, CALLS };

/* The next `times` calls of a kind answer -1 with this errno, or 0 when `error` is 0. */
static struct fault {
    int times, error;
} faults[CALLS];
static int armed, folder_fd = -1;

static int fails(enum call call, long *answer)
{
    if (!armed || faults[call].times == 0) return 0;
    faults[call].times--;
    errno = faults[call].error;
    *answer = faults[call].error ? -1 : 0;
    return 1;
}

int open(const char *path, int flags, ...)
{
    long answer;
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    enum call call = flags & O_CREAT ? OPEN_NEW : flags & O_DIRECTORY ? OPEN_FOLDER : OPEN_OLD;
    if (fails(call, &answer)) return (int)answer;
    answer = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (call == OPEN_FOLDER) folder_fd = (int)answer;
    return (int)answer;
}

ssize_t write(int fd, const void *data, size_t bytes)
{
    long answer;
    return fails(WRITE, &answer) ? answer : syscall(SYS_write, fd, data, bytes);
}

ssize_t read(int fd, void *data, size_t bytes)
{
    long answer;
    return fails(READ, &answer) ? answer : syscall(SYS_read, fd, data, bytes);
}

int fsync(int fd)
{
    long answer;
    if (fails(fd == folder_fd ? FSYNC_FOLDER : FSYNC_FILE, &answer)) return (int)answer;
    return (int)syscall(SYS_fsync, fd);
}

/* A file is closed whatever the answer. */
int close(int fd)
{
    long answer = syscall(SYS_close, fd);
    if (fd == folder_fd)
        folder_fd = -1;
    else
        fails(CLOSE, &answer);
    return (int)answer;
}

static const struct {
    enum call call;
    int times, error;
    vae_status status;
} cases[] = {
    {OPEN_NEW, 3, EINTR, VAE_OK},
    {OPEN_NEW, 5, EEXIST, VAE_OK},
    {OPEN_NEW, 1000, EEXIST, VAE_EIO},
    {OPEN_NEW, 1, EACCES, VAE_EIO},
    {OPEN_FOLDER, 1, EACCES, VAE_OK},
    {WRITE, 3, EINTR, VAE_OK},
    {WRITE, 1, 0, VAE_EIO},
    {WRITE, 1, ENOSPC, VAE_EIO},
    {FSYNC_FILE, 3, EINTR, VAE_OK},
    {FSYNC_FILE, 1, EIO, VAE_EIO},
    {FSYNC_FOLDER, 1, EINVAL, VAE_OK},
    {FSYNC_FOLDER, 1, ENOTSUP, VAE_OK},
    {FSYNC_FOLDER, 1, EINTR, VAE_OK},
    {FSYNC_FOLDER, 1, EIO, VAE_EIO},
    {CLOSE, 1, EINTR, VAE_OK},
    {CLOSE, 1, EIO, VAE_EIO},
};

/* A save is done or leaves the old file, but for the one fault after the new one is in place. */
START_TEST(a_save_goes_on_where_it_can)
{
    folder home = folder_new();
    const char *path = folder_at(&home, "file");
    put_file(path, "old");
    faults[cases[_i].call] = (struct fault){cases[_i].times, cases[_i].error};
    armed = 1;
    vae_status status = replace(path, "new");
    armed = 0;
    ck_assert_msg(status == cases[_i].status, "%s", vae_last_error());
    int replaced = status == VAE_OK || strstr(vae_last_error(), "replaced, but") != NULL;
    ck_assert(replaced == (status == VAE_OK || cases[_i].call == FSYNC_FOLDER));
    expect_file(path, replaced ? "new" : "old");
    ck_assert_uint_eq(folder_count(&home, ".libvae-"), 0);
    folder_remove(&home);
}
END_TEST

static const struct {
    enum call call;
    int times, error;
    vae_status status;
} loads[] = {{OPEN_OLD, 3, EINTR, VAE_OK}, {OPEN_OLD, 1, EACCES, VAE_EIO}, {READ, 3, EINTR, VAE_OK},
             {READ, 1, EIO, VAE_EIO},      {READ, 1, 0, VAE_EFORMAT},      {CLOSE, 1, EIO, VAE_OK}};

START_TEST(a_load_goes_on_where_it_can)
{
    folder home = folder_new();
    const char *path = folder_at(&home, "model");
    vae_config *config;
    vae_model *model, *loaded;
    MUST(vae_config_new(&config, NULL, 3, 2));
    MUST(vae_model_new(&model, config, 1));
    MUST(vae_model_save(model, path));
    faults[loads[_i].call] = (struct fault){loads[_i].times, loads[_i].error};
    armed = 1;
    vae_status status = vae_model_load(&loaded, NULL, path);
    armed = 0;
    ck_assert_msg(status == loads[_i].status, "%s", vae_last_error());
    ck_assert((loaded != NULL) == (status == VAE_OK));
    if (status != VAE_OK) ck_assert_ptr_nonnull(strstr(vae_last_error(), path));
    vae_model_free(loaded);
    vae_model_free(model);
    vae_config_free(config);
    folder_remove(&home);
}
END_TEST
#endif

static void add(TCase *tests)
{
#ifdef __linux__
    tcase_add_loop_test(tests, a_save_goes_on_where_it_can, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_loop_test(tests, a_load_goes_on_where_it_can, 0, (int)(sizeof loads / sizeof *loads));
#else
    (void)tests;
#endif
}

int main(void)
{
    return check_run("io_faults", add);
}
