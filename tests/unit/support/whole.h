/* SPDX-License-Identifier: MIT */
/* A safetensors file opened with its data. */
#ifndef WHOLE_H
#define WHOLE_H

#include "io/safetensors.h"

static inline vae_status whole_memory(struct vae__reader *reader, const char *who,
                                      const vae_context *context, const void *memory, size_t bytes)
{
    VAE__TRY(vae__reader_memory(reader, who, context, memory, bytes));
    return vae__reader_data(reader);
}

static inline vae_status whole_stream(struct vae__reader *reader, const char *who,
                                      const vae_context *context, vae_read_fn read, void *user)
{
    VAE__TRY(vae__reader_stream(reader, who, context, read, user));
    return vae__reader_data(reader);
}

#endif
