/* SPDX-License-Identifier: MIT */
#include "io/model_file.h"
#include "support/fpstate.h"

#include <stdio.h>

#define NAME_BYTES 64
#define CHUNK 1024 /* floats on the stack */

/* Where the k-th number of a tensor's standard order is in a flat block. */
static size_t place(const struct vae__tensor *tensor, size_t k)
{
    size_t columns = tensor->rank == 2 ? tensor->shape[1] : 1;
    return tensor->offset + k / columns * tensor->strides[0] + k % columns * tensor->strides[1];
}

static size_t count(const struct vae__tensor *tensor)
{
    return tensor->rank == 2 ? tensor->shape[0] * tensor->shape[1] : tensor->shape[0];
}

/* A vae__values_fn: a tensor's numbers out of a block. */
static void gather(const void *block, const void *tensor, size_t first, size_t n, void *values)
{
    for (size_t k = 0; k < n; k++)
        ((float *)values)[k] = ((const float *)block)[place(tensor, first + k)];
}

/* What could not be loaded again must not replace a file that can. */
static vae_status check_finite(const struct vae__writer *writer, const char *name,
                               const struct vae__tensor *tensor, const float *block)
{
    for (size_t k = 0; k < count(tensor); k++)
        if (!vae__is_finite(&block[place(tensor, k)]))
            return vae__fail_in(VAE_ENONFINITE, writer->who,
                                "tensor \"%s\": number %zu is NaN or infinite", name, k);
    return VAE_OK;
}

vae_status vae__block_write(struct vae__writer *writer, const char *prefix,
                            const struct vae__layout *layout, const float *block)
{
    char name[NAME_BYTES];
    for (size_t i = 0; i < layout->n_tensors; i++) {
        const struct vae__tensor *tensor = &layout->tensors[i];
        snprintf(name, sizeof name, "%s%s", prefix, tensor->name);
        VAE__TRY(check_finite(writer, name, tensor, block));
        VAE__TRY(vae__writer_tensor(writer, name, "F32", tensor->rank, tensor->shape, gather, block,
                                    tensor));
    }
    return VAE_OK;
}

vae_status vae__tensor_load(const struct vae__reader *reader, const struct vae__found *found,
                            const struct vae__tensor *tensor, float *block)
{
    float values[CHUNK];
    for (size_t first = 0; first < count(tensor); first += CHUNK) {
        size_t n = count(tensor) - first < CHUNK ? count(tensor) - first : CHUNK;
        VAE__TRY(vae__found_floats(reader, found, first, n, values));
        for (size_t k = 0; k < n; k++) {
            if (!vae__is_finite(&values[k]))
                return vae__fail_in(
                    VAE_ENONFINITE, reader->who,
                    "tensor \"%.64s\": number %zu is NaN, infinite or beyond float32", found->name,
                    first + k);
            block[place(tensor, first + k)] = values[k];
        }
    }
    return VAE_OK;
}

vae_status vae__block_read(const struct vae__reader *reader, const char *prefix,
                           const struct vae__layout *layout, float *block)
{
    char name[NAME_BYTES];
    for (size_t i = 0; i < layout->n_tensors; i++) {
        const struct vae__tensor *tensor = &layout->tensors[i];
        const struct vae__found *found;
        snprintf(name, sizeof name, "%s%s", prefix, tensor->name);
        VAE__TRY(vae__reader_expect(reader, name, tensor->rank, tensor->shape, &found));
        VAE__TRY(vae__found_is_float(reader, found));
        if (block) VAE__TRY(vae__tensor_load(reader, found, tensor, block));
    }
    return VAE_OK;
}
