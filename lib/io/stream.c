/* SPDX-License-Identifier: MIT */
#include "io/stream.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TRANSFER_MAX ((size_t)1 << 30) /* systems refuse or cut more than INT_MAX at once */

int vae__memory_write(void *user, const void *data, size_t bytes)
{
    struct vae__memory_sink *sink = user;
    if (bytes > sink->left) return 1;
    memcpy(sink->to, data, bytes);
    sink->to += bytes;
    sink->left -= bytes;
    return 0;
}

static size_t at_most(size_t bytes)
{
    return bytes < TRANSFER_MAX ? bytes : TRANSFER_MAX;
}

int vae__descriptor_write(void *user, const void *data, size_t bytes)
{
    struct vae__descriptor *file = user;
    const char *from = data;
    while (bytes > 0) {
        ssize_t written = write(file->fd, from, at_most(bytes));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            file->error = written < 0 ? errno : ENOSPC;
            return 1;
        }
        from += written;
        bytes -= (size_t)written;
    }
    return 0;
}

int vae__descriptor_read(void *user, void *data, size_t bytes, size_t *got)
{
    struct vae__descriptor *file = user;
    ssize_t count;
    do {
        count = read(file->fd, data, at_most(bytes));
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        file->error = errno;
        return 1;
    }
    *got = (size_t)count;
    return 0;
}

int vae__read_fully(vae_read_fn read_bytes, void *user, void *data, size_t bytes, size_t *got)
{
    *got = 0;
    while (*got < bytes) {
        size_t left = bytes - *got, now = 0;
        int answer = read_bytes(user, (char *)data + *got, left, &now);
        if (answer != 0) return answer;
        if (now == 0) break;
        *got = now > left ? SIZE_MAX : *got + now;
    }
    return 0;
}

vae_status vae__check_path(const char *who, const char *path)
{
    if (path && *path != '\0') return VAE_OK;
    return vae__fail_in(VAE_EINVAL, who, path ? "path is empty" : "path is NULL");
}

const char *vae__error_text(int error, char text[VAE__ERROR_TEXT])
{
    if (strerror_r(error, text, VAE__ERROR_TEXT) != 0)
        snprintf(text, VAE__ERROR_TEXT, "error %d", error);
    return text;
}
