/* SPDX-License-Identifier: MIT */
/* The element types a safetensors file can hold, and their bytes: little-endian on every host. */
#ifndef VAE_IO_DTYPE_H
#define VAE_IO_DTYPE_H

#include <stddef.h>
#include <stdint.h>

struct vae__dtype {
    const char *name; /* "F32" */
    size_t bytes;     /* of one element */
    /* n elements as floats; NULL where the numbers are no floating-point ones. Rounds to nearest
     * even whatever the floating-point state, too large becomes infinite, a NaN stays one. */
    void (*to_floats)(const unsigned char *from, size_t n, float *to);
};

/* NULL when there is none of the name. */
const struct vae__dtype *vae__dtype_find(const char *name);

/* n elements from this machine's byte order to the file's, or back: the same change either way. */
void vae__file_order(size_t size, const void *from, size_t n, void *to);
void vae__reverse_bytes(size_t size, const void *from, size_t n, void *to);

uint64_t vae__load_u64(const unsigned char bytes[8]);
void vae__store_u64(uint64_t value, unsigned char bytes[8]);

#endif
