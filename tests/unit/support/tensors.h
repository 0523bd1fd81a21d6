/* SPDX-License-Identifier: MIT */
/* Whole tensors of a safetensors file, from and to arrays. */
#ifndef VAE_TESTS_TENSORS_H
#define VAE_TESTS_TENSORS_H

#include "io/safetensors.h"

#include <string.h>

/* A vae__values_fn: of an array `from`, elements as large as the dtype `how` has them. */
static inline void tensor_values(const void *from, const void *how, size_t first, size_t n,
                                 void *values)
{
    size_t bytes = vae__dtype_find(how)->bytes;
    memcpy(values, (const unsigned char *)from + first * bytes, n * bytes);
}

static inline vae_status tensor_write(struct vae__writer *writer, const char *name,
                                      const char *dtype, size_t rank, const size_t *shape,
                                      const void *values)
{
    return vae__writer_tensor(writer, name, dtype, rank, shape, tensor_values, values, dtype);
}

static inline vae_status tensor_read(const struct vae__reader *reader, const char *name,
                                     size_t rank, const size_t *shape, float *values)
{
    const struct vae__found *found;
    VAE__TRY(vae__reader_expect(reader, name, rank, shape, &found));
    return vae__found_floats(reader, found, 0, found->count, values);
}

#endif
