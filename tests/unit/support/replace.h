/* SPDX-License-Identifier: MIT */
/* A file replaced as a whole by a text. */
#ifndef REPLACE_H
#define REPLACE_H

#include "io/atomic_file.h"

#include <string.h>

static inline vae_status replace_in(const vae_context *context, const char *path, const char *text)
{
    struct vae__atomic_file file;
    VAE__TRY(vae__atomic_open(&file, "test", context, path));
    if (vae__descriptor_write(&file.to, text, strlen(text)) != 0)
        return vae__atomic_abandon(&file, VAE_EIO);
    return vae__atomic_commit(&file);
}

static inline vae_status replace(const char *path, const char *text)
{
    return replace_in(NULL, path, text);
}

#endif
