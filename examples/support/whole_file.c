/* SPDX-License-Identifier: MIT */
#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

enum { LINKS = 40 };

static int refuse(const whole_file *file)
{
    return failed_system("cannot write %s", file->path);
}

/* The bytes of a path up to and with its last slash. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path) + 1 : 0;
}

/* Follows the path's last part through symbolic links, also to a file not there yet. */
static int find_target(whole_file *file)
{
    char link[WHOLE_FILE_PATH], next[WHOLE_FILE_PATH];
    size_t size = sizeof file->target;
    int fits = (size_t)snprintf(file->target, size, "%s", file->path) < size;
    for (int i = 0; fits && i < LINKS; i++) {
        ssize_t n = readlink(file->target, link, sizeof link - 1);
        if (n < 0) return 0;
        link[n] = '\0';
        int folder = link[0] == '/' ? 0 : folder_length(file->target);
        fits = (size_t)snprintf(next, size, "%.*s%s", folder, file->target, link) < size;
        memcpy(file->target, next, size);
    }
    errno = fits ? ELOOP : ENAMETOOLONG;
    return refuse(file);
}

/* A name that was nobody's: mkstemp follows no link that somebody has put there. */
static int open_temporary(whole_file *file, mode_t mode)
{
    size_t size = sizeof file->temporary;
    if (find_target(file)) return -1;
    if ((size_t)snprintf(file->temporary, size, "%.*s.vae-XXXXXX", folder_length(file->target),
                         file->target) >= size) {
        errno = ENAMETOOLONG;
        return refuse(file);
    }
    int handle = mkstemp(file->temporary);
    if (handle < 0) return refuse(file);
    if (fchmod(handle, mode) == 0 && (file->out = fdopen(handle, "w"))) return 0;
    refuse(file);
    close(handle);
    unlink(file->temporary);
    return -1;
}

static int open_directly(whole_file *file, int is_output)
{
    int handle = is_output ? dup(STDOUT_FILENO) : open(file->path, O_WRONLY);
    if (handle < 0) return refuse(file);
    if ((file->out = fdopen(handle, "w"))) return 0;
    refuse(file);
    close(handle);
    return -1;
}

int whole_file_open(whole_file *file, const char *path)
{
    struct stat old, output;
    mode_t mask = umask(0);
    umask(mask);
    *file = (whole_file){.path = path};
    if (stat(path, &old)) return open_temporary(file, 0666 & ~mask);
    int is_output = fstat(STDOUT_FILENO, &output) == 0 && old.st_dev == output.st_dev &&
                    old.st_ino == output.st_ino;
    if (is_output || !S_ISREG(old.st_mode)) return open_directly(file, is_output);
    return open_temporary(file, old.st_mode & 0777);
}

/* What a write left in errno before stays there, to be the reason. */
static int finish(whole_file *file)
{
    if (!ferror(file->out)) errno = 0;
    if (fflush(file->out) || ferror(file->out)) return refuse(file);
    return *file->temporary && fsync(fileno(file->out)) ? refuse(file) : 0;
}

int whole_file_close(whole_file *file, int status)
{
    if (!status) status = finish(file);
    if (fclose(file->out) && !status) status = refuse(file);
    if (!*file->temporary) return status;
    if (!status && rename(file->temporary, file->target)) status = refuse(file);
    if (status) unlink(file->temporary);
    return status;
}
