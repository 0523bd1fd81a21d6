/* SPDX-License-Identifier: MIT */
/* Where bytes go to and come from: the ends that vae_write_fn and vae_read_fn stand for. */
#ifndef VAE_IO_STREAM_H
#define VAE_IO_STREAM_H

#include "support/status.h"

#include <vae/io.h>

/* Memory of a fixed size. A vae_write_fn; 1 when the bytes do not fit. */
struct vae__memory_sink {
    unsigned char *to;
    size_t left;
};
int vae__memory_write(void *sink, const void *data, size_t bytes);

/* An open file. A vae_write_fn and a vae_read_fn that go on after interruptions and short
 * transfers; 1 with `error` set to errno. */
struct vae__descriptor {
    int fd;
    int error;
};
int vae__descriptor_write(void *descriptor, const void *data, size_t bytes);
int vae__descriptor_read(void *descriptor, void *data, size_t bytes, size_t *got);

/* Calls `read` until `bytes` bytes are there or the end is reached: `*got` says how many, SIZE_MAX
 * when the callback claims more than it was asked for. What the callback answered. */
int vae__read_fully(vae_read_fn read, void *user, void *data, size_t bytes, size_t *got);

/* VAE_EINVAL for a path that is NULL or empty. */
vae_status vae__check_path(const char *who, const char *path);

/* The operating system's sentence for an errno, in any thread. */
#define VAE__ERROR_TEXT 128
const char *vae__error_text(int error, char text[VAE__ERROR_TEXT]);

#endif
