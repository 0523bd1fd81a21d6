/* SPDX-License-Identifier: MIT */
#include "io/atomic_file.h"

#include "support/context.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINKS_MAX 40
#define NAME_TRIES 100
#define NAME_BYTES 32 /* ".libvae-0123456789abcdef.tmp" */

static vae_status fail(const struct vae__atomic_file *file, const char *what, int error)
{
    char text[VAE__ERROR_TEXT];
    return vae__fail_in(VAE_EIO, file->who, "%.300s: %s: %s", file->path, what,
                        vae__error_text(error, text));
}

/* The bytes of a path up to and with its last slash. */
static size_t directory_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* `name` as seen from the directory that `path` is in; with room for `extra` bytes more. */
static char *beside(const vae_context *context, const char *path, const char *name, size_t extra)
{
    size_t directory = name[0] == '/' ? 0 : directory_length(path), length = strlen(name);
    char *joined = vae__alloc(context, directory + length + 1 + extra);
    if (!joined) return NULL;
    memcpy(joined, path, directory);
    memcpy(joined + directory, name, length + 1);
    return joined;
}

/* What the symbolic link at `path` says; "" when there is no link. */
static vae_status read_link(const struct vae__atomic_file *file, const char *path, char **link)
{
    for (size_t size = 256;; size *= 2) {
        *link = vae__alloc(file->context, size);
        if (!*link) return vae__fail_memory(file->who, size);
        ssize_t length = readlink(path, *link, size);
        if (length < 0) {
            **link = '\0';
            if (errno == EINVAL || errno == ENOENT) return VAE_OK;
            int error = errno;
            vae__free(file->context, *link);
            *link = NULL;
            return fail(file, "cannot be looked up", error);
        }
        if ((size_t)length < size) {
            (*link)[length] = '\0';
            return VAE_OK;
        }
        vae__free(file->context, *link);
    }
}

/* Follows the path's last component through symbolic links, also to a file not there yet. */
static vae_status find_target(struct vae__atomic_file *file)
{
    file->target = vae__copy_text(file->context, file->path);
    for (int i = 0; i < LINKS_MAX; i++) {
        char *link;
        if (!file->target) return vae__fail_memory(file->who, strlen(file->path) + 1);
        VAE__TRY(read_link(file, file->target, &link));
        if (*link == '\0') {
            vae__free(file->context, link);
            return VAE_OK;
        }
        char *next = beside(file->context, file->target, link, 0);
        vae__free(file->context, link);
        vae__free(file->context, file->target);
        file->target = next;
    }
    return fail(file, "cannot be looked up", ELOOP);
}

/* The mode to keep; -1 when there is none: what the umask leaves. Looks where the path leads as the
 * system does: a link in /proc may say what is no path. */
static vae_status find_mode(const struct vae__atomic_file *file, long *mode)
{
    struct stat old;
    *mode = -1;
    if (stat(file->path, &old) != 0)
        return errno == ENOENT ? VAE_OK : fail(file, "cannot be looked up", errno);
    if (!S_ISREG(old.st_mode))
        return vae__fail_in(VAE_EIO, file->who, "%.300s: not a regular file", file->path);
    *mode = (long)(old.st_mode & 0777); /* a set-uid file's new owner is another */
    return VAE_OK;
}

/* A name that nothing else is likely to choose now; O_EXCL makes sure. */
static void draw_name(char *name, int attempt)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t bits = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
    bits = ((bits ^ (uint64_t)getpid() << 40) + (uint64_t)attempt) * 0x9e3779b97f4a7c15u;
    snprintf(name, NAME_BYTES, ".libvae-%016llx.tmp", (unsigned long long)bits);
}

static vae_status open_temporary(struct vae__atomic_file *file, long mode)
{
    file->temporary = beside(file->context, file->target, "", NAME_BYTES);
    if (!file->temporary) return vae__fail_memory(file->who, NAME_BYTES);
    char *name = file->temporary + strlen(file->temporary);
    for (int i = 0; i < NAME_TRIES && file->to.fd < 0; i++) {
        draw_name(name, i);
        do {
            file->to.fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                               mode < 0 ? 0666 : (mode_t)mode);
        } while (file->to.fd < 0 && errno == EINTR);
        if (file->to.fd < 0 && errno != EEXIST) break;
    }
    return file->to.fd >= 0 ? VAE_OK : fail(file, "no temporary file beside it", errno);
}

static vae_status set_mode(const struct vae__atomic_file *file, long mode)
{
    struct stat now;
    if (mode < 0) return VAE_OK;
    if (fstat(file->to.fd, &now) == 0 && (long)(now.st_mode & 07777) == mode) return VAE_OK;
    return fchmod(file->to.fd, (mode_t)mode) == 0 ? VAE_OK
                                                  : fail(file, "its mode cannot be kept", errno);
}

static void clean_up(struct vae__atomic_file *file)
{
    if (file->to.fd >= 0) close(file->to.fd);
    vae__free(file->context, file->temporary);
    vae__free(file->context, file->target);
    *file = (struct vae__atomic_file){.to = {.fd = -1}};
}

vae_status vae__atomic_abandon(struct vae__atomic_file *file, vae_status status)
{
    if (file->to.error != 0) fail(file, "writing failed", file->to.error);
    if (file->to.fd >= 0) unlink(file->temporary);
    clean_up(file);
    return status;
}

vae_status vae__atomic_open(struct vae__atomic_file *file, const char *who,
                            const vae_context *context, const char *path)
{
    long mode;
    VAE__TRY(vae__check_path(who, path));
    *file =
        (struct vae__atomic_file){.who = who, .context = context, .path = path, .to = {.fd = -1}};
    vae_status status = find_mode(file, &mode);
    if (status == VAE_OK) status = find_target(file);
    if (status == VAE_OK) status = open_temporary(file, mode);
    if (status == VAE_OK) status = set_mode(file, mode);
    return status == VAE_OK ? VAE_OK : vae__atomic_abandon(file, status);
}

/* Makes the rename last. Not every file system can sync a directory, nor every user open one. */
static vae_status sync_directory(const struct vae__atomic_file *file)
{
    size_t length = directory_length(file->target);
    file->target[length] = '\0'; /* not needed any more */
    int fd = open(length > 0 ? file->target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return VAE_OK;
    int error = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    if (error == 0 || error == EINVAL || error == ENOTSUP || error == EINTR) return VAE_OK;
    return fail(file, "replaced, but its directory cannot be synced", error);
}

static int sync_and_close(struct vae__atomic_file *file)
{
    int answer, fd = file->to.fd;
    do {
        answer = fsync(fd);
    } while (answer != 0 && errno == EINTR);
    if (answer != 0) return errno;
    file->to.fd = -1;
    return close(fd) == 0 || errno == EINTR ? 0 : errno;
}

vae_status vae__atomic_commit(struct vae__atomic_file *file)
{
    vae_status status = VAE_OK;
    int error = sync_and_close(file);
    if (error != 0)
        status = fail(file, "writing failed", error);
    else if (rename(file->temporary, file->target) != 0)
        status = fail(file, "cannot be replaced", errno);
    if (status == VAE_OK)
        status = sync_directory(file);
    else
        unlink(file->temporary);
    clean_up(file);
    return status;
}
