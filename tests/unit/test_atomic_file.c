/* SPDX-License-Identifier: MIT */
#include "support/check_main.h"
#include "support/folder.h"
#include "support/heap.h"
#include "support/replace.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#define TEMPORARY ".libvae-"

static folder home;

static void enter(void)
{
    home = folder_new();
}

static void leave(void)
{
    folder_remove(&home);
}

static void expect_no_temporary(void)
{
    ck_assert_uint_eq(folder_count(&home, TEMPORARY), 0);
}

START_TEST(new_file_has_the_mode_the_umask_leaves)
{
    const char *path = folder_at(&home, "new");
    mode_t old = umask(027);
    MUST(replace(path, "text"));
    expect_file(path, "text");
    ck_assert_uint_eq(mode_of(path), 0640);
    ck_assert_uint_eq(umask(old), 027);
    expect_no_temporary();
}
END_TEST

START_TEST(mode_of_the_old_file_is_kept)
{
    static const unsigned modes[] = {0600, 0644, 0666, 0751, 0400, 0200};
    const char *path = folder_at(&home, "kept");
    put_file(path, "old");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ck_assert_int_eq(chmod(path, (mode_t)modes[i]), 0);
        MUST(replace(path, "new"));
        ck_assert_uint_eq(mode_of(path), modes[i]);
    }
    ck_assert_int_eq(chmod(path, 0600), 0);
    expect_file(path, "new");
    expect_no_temporary();
}
END_TEST

START_TEST(old_file_is_there_until_the_commit)
{
    const char *path = folder_at(&home, "file");
    struct vae__atomic_file file;
    put_file(path, "old");
    MUST(vae__atomic_open(&file, "test", NULL, path));
    ck_assert_int_eq(vae__descriptor_write(&file.to, "new", 3), 0);
    expect_file(path, "old");
    ck_assert_uint_eq(folder_count(&home, TEMPORARY), 1);
    MUST(vae__atomic_commit(&file));
    expect_file(path, "new");
    expect_no_temporary();
}
END_TEST

START_TEST(abandoned_file_leaves_the_old_one)
{
    const char *path = folder_at(&home, "file");
    struct vae__atomic_file file;
    put_file(path, "old");
    MUST(vae__atomic_open(&file, "test", NULL, path));
    ck_assert_int_eq(vae__descriptor_write(&file.to, "new", 3), 0);
    ck_assert_int_eq(vae__atomic_abandon(&file, VAE_ENONFINITE), VAE_ENONFINITE);
    expect_file(path, "old");
    expect_no_temporary();
}
END_TEST

START_TEST(other_names_of_the_old_file_keep_it)
{
    const char *path = folder_at(&home, "file"), *other = folder_at(&home, "other");
    put_file(path, "old");
    ck_assert_int_eq(link(path, other), 0);
    MUST(replace(path, "new"));
    expect_file(path, "new");
    expect_file(other, "old");
}
END_TEST

static int is_link(const char *path)
{
    struct stat status;
    ck_assert_int_eq(lstat(path, &status), 0);
    return S_ISLNK(status.st_mode);
}

START_TEST(symbolic_links_are_followed)
{
    const char *target = folder_at(&home, "target"), *one = folder_at(&home, "one");
    const char *two = folder_at(&home, "two");
    put_file(target, "old");
    ck_assert_int_eq(symlink("target", one), 0);
    ck_assert_int_eq(symlink(one, two), 0);
    MUST(replace(two, "new"));
    expect_file(target, "new");
    ck_assert(is_link(one) && is_link(two) && !is_link(target));
    expect_no_temporary();
}
END_TEST

START_TEST(link_into_another_folder_replaces_there)
{
    const char *inner = folder_at(&home, "deep"), *path = folder_at(&home, "link");
    const char *target = folder_at(&home, "deep/target");
    ck_assert_int_eq(mkdir(inner, 0777), 0);
    ck_assert_int_eq(symlink("deep/target", path), 0);
    MUST(replace(path, "first")); /* the link leads to nothing yet */
    expect_file(target, "first");
    MUST(replace(path, "second"));
    expect_file(target, "second");
    ck_assert(is_link(path));
    ck_assert_int_eq(unlink(target), 0);
}
END_TEST

START_TEST(links_in_a_circle_are_an_error)
{
    const char *one = folder_at(&home, "one"), *two = folder_at(&home, "two");
    ck_assert_int_eq(symlink("two", one), 0);
    ck_assert_int_eq(symlink("one", two), 0);
    ck_assert_int_eq(replace(one, "new"), VAE_EIO);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), one));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), strerror(ELOOP)));
    ck_assert(is_link(one) && is_link(two));
}
END_TEST

START_TEST(long_links_are_followed)
{
    const char *path = folder_at(&home, "long");
    char target[1024 + sizeof "target"];
    for (size_t length = 254; length <= 1024; length += length < 258 ? 2 : 766) {
        for (size_t i = 0; i < length; i += 2) memcpy(target + i, "./", 2);
        memcpy(target + length, "target", sizeof "target");
        ck_assert_int_eq(symlink(target + 6, path), 0); /* 254, 256, 258 and 1024 bytes */
        MUST(replace(path, "new"));
        expect_file(folder_at(&home, "target"), "new");
        ck_assert(is_link(path));
        ck_assert_int_eq(unlink(path) | unlink(folder_at(&home, "target")), 0);
    }
    expect_no_temporary();
}
END_TEST

START_TEST(relative_path_is_the_working_directorys)
{
    ck_assert_int_eq(chdir(home.path), 0);
    MUST(replace("plain", "text"));
    expect_file(folder_at(&home, "plain"), "text");
    ck_assert_int_eq(chdir("/"), 0);
    expect_no_temporary();
}
END_TEST

START_TEST(folder_that_is_not_there_is_an_error)
{
    const char *path = folder_at(&home, "none/file");
    ck_assert_int_eq(replace(path, "text"), VAE_EIO);
    ck_assert_int_eq(strncmp(vae_last_error(), "test: ", 6), 0);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), path));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), strerror(ENOENT)));
}
END_TEST

START_TEST(empty_path_is_refused_before_anything_is_made)
{
    vae_model *model;
    ck_assert_int_eq(chdir(home.path), 0);
    struct stat before, after;
    ck_assert_int_eq(stat(".", &before), 0);
    ck_assert_int_eq(replace("", "text"), VAE_EINVAL);
    ck_assert_str_eq(vae_last_error(), "test: path is empty");
    MUST_FAIL(VAE_EINVAL, vae_model_load(&model, NULL, ""));
    ck_assert_str_eq(vae_last_error(), "vae_model_load: path is empty");
    ck_assert_int_eq(stat(".", &after), 0);
    ck_assert(before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
              before.st_mtim.tv_nsec == after.st_mtim.tv_nsec); /* no name came or went */
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

/* Links of /proc lead on without a path. */
START_TEST(what_a_descriptor_holds_is_looked_at_as_it_is)
{
    int ends[2];
    char path[64];
    ck_assert_int_eq(pipe(ends), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
    if (access(path, F_OK) == 0) {
        ck_assert_int_eq(replace(path, "text"), VAE_EIO);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "not a regular file"));
    }
    ck_assert_int_eq(close(ends[0]) | close(ends[1]), 0);
}
END_TEST

START_TEST(new_owner_is_not_run_as_by_others)
{
    static const unsigned special[] = {04755, 02755, 06711};
    const char *path = folder_at(&home, "set");
    put_file(path, "old");
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        ck_assert_int_eq(chmod(path, (mode_t)special[i]), 0);
        ck_assert_uint_eq(mode_of(path), special[i]);
        MUST(replace(path, "new"));
        ck_assert_uint_eq(mode_of(path), special[i] & 0777);
    }
}
END_TEST

START_TEST(what_is_no_regular_file_stays_as_it_is)
{
    const char *inner = folder_at(&home, "folder"), *pipe_path = folder_at(&home, "pipe");
    struct stat status;
    ck_assert_int_eq(mkdir(inner, 0777), 0);
    ck_assert_int_eq(mkfifo(pipe_path, 0666), 0);
    ck_assert_int_eq(replace(inner, "text"), VAE_EIO);
    ck_assert_int_eq(replace(pipe_path, "text"), VAE_EIO);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "not a regular file"));
    ck_assert_int_eq(replace("/dev/null", "text"), VAE_EIO);
    ck_assert(stat(inner, &status) == 0 && S_ISDIR(status.st_mode));
    ck_assert(stat(pipe_path, &status) == 0 && S_ISFIFO(status.st_mode));
    ck_assert(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    expect_no_temporary();
}
END_TEST

START_TEST(folder_that_may_not_be_written_is_an_error)
{
    const char *path = folder_at(&home, "file");
    put_file(path, "old");
    ck_assert_int_eq(chmod(path, 0666), 0);
    ck_assert_int_eq(chmod(home.path, 0555), 0);
    if (geteuid() == 0) ck_assert_int_eq(seteuid(65534), 0); /* root may write anywhere */
    ck_assert_int_eq(replace(path, "new"), VAE_EIO);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), path));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), strerror(EACCES)));
    if (getuid() == 0) ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chmod(home.path, 0755), 0);
    expect_file(path, "old");
    expect_no_temporary();
}
END_TEST

START_TEST(disk_that_fills_up_leaves_the_old_file)
{
    const char *path = folder_at(&home, "file");
    const struct rlimit few = {.rlim_cur = 3, .rlim_max = RLIM_INFINITY};
    put_file(path, "old");
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &few), 0);
    ck_assert_int_eq(replace(path, "longer than three"), VAE_EIO); /* after a short write */
    ck_assert_ptr_nonnull(strstr(vae_last_error(), path));
    ck_assert_ptr_nonnull(strstr(vae_last_error(), strerror(EFBIG)));
    expect_file(path, "old");
    expect_no_temporary();
}
END_TEST

START_TEST(full_device_is_an_error_with_its_reason)
{
    struct vae__descriptor full = {.fd = open("/dev/full", O_WRONLY)};
    if (full.fd < 0) ck_assert_int_eq(errno, ENOENT); /* a system without one */
    if (full.fd < 0) return;
    ck_assert_int_ne(vae__descriptor_write(&full, "text", 4), 0);
    ck_assert_int_eq(full.error, ENOSPC);
    close(full.fd);
}
END_TEST

START_TEST(long_paths_and_names_are_fine)
{
    char name[256], text[600];
    memset(name, 'n', 255);
    name[255] = '\0';
    snprintf(text, sizeof text, "%s/%s", home.path, name);
    MUST(replace(text, "new")); /* the temporary's name is not made from it */
    expect_file(text, "new");
    char *vast = malloc(100000);
    ck_assert_ptr_nonnull(vast);
    memset(vast, 'x', 99999);
    vast[99999] = '\0';
    ck_assert_int_eq(replace(vast, "new"), VAE_EIO);
    size_t reason = strlen(strerror(ENAMETOOLONG)), length = strlen(vae_last_error());
    ck_assert_uint_gt(length, reason);
    ck_assert_str_eq(vae_last_error() + length - reason, strerror(ENAMETOOLONG));
    free(vast);
}
END_TEST

START_TEST(out_of_memory_leaves_the_old_file)
{
    const char *path = folder_at(&home, "file");
    vae_status status = VAE_ENOMEM;
    for (size_t k = 1; status != VAE_OK; k++) {
        heap h = {.fail_at = SIZE_MAX};
        vae_context *context;
        put_file(path, "old");
        MUST(vae_context_new(&context, heap_take, heap_give, &h));
        h.fail_at = h.calls + k;
        status = replace_in(context, path, "new");
        ck_assert_int_eq(status, h.calls >= h.fail_at ? VAE_ENOMEM : VAE_OK);
        expect_file(path, status == VAE_OK ? "new" : "old");
        vae_context_free(context);
        ck_assert_uint_eq(h.held, 0);
        ck_assert_uint_le(k, 20);
    }
    expect_no_temporary();
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, enter, leave);
    tcase_add_test(tests, new_file_has_the_mode_the_umask_leaves);
    tcase_add_test(tests, mode_of_the_old_file_is_kept);
    tcase_add_test(tests, old_file_is_there_until_the_commit);
    tcase_add_test(tests, abandoned_file_leaves_the_old_one);
    tcase_add_test(tests, other_names_of_the_old_file_keep_it);
    tcase_add_test(tests, symbolic_links_are_followed);
    tcase_add_test(tests, link_into_another_folder_replaces_there);
    tcase_add_test(tests, links_in_a_circle_are_an_error);
    tcase_add_test(tests, long_links_are_followed);
    tcase_add_test(tests, relative_path_is_the_working_directorys);
    tcase_add_test(tests, folder_that_is_not_there_is_an_error);
    tcase_add_test(tests, empty_path_is_refused_before_anything_is_made);
    tcase_add_test(tests, what_a_descriptor_holds_is_looked_at_as_it_is);
    tcase_add_test(tests, new_owner_is_not_run_as_by_others);
    tcase_add_test(tests, what_is_no_regular_file_stays_as_it_is);
    tcase_add_test(tests, folder_that_may_not_be_written_is_an_error);
    tcase_add_test(tests, disk_that_fills_up_leaves_the_old_file);
    tcase_add_test(tests, full_device_is_an_error_with_its_reason);
    tcase_add_test(tests, long_paths_and_names_are_fine);
    tcase_add_test(tests, out_of_memory_leaves_the_old_file);
}

int main(void)
{
    return check_run("atomic_file", add);
}
