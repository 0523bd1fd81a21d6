/* SPDX-License-Identifier: MIT */
/* One block cut into aligned pieces. The same code runs twice: first with base NULL, which only
 * counts, then over a block of the size counted. */
#ifndef VAE_SUPPORT_ARENA_H
#define VAE_SUPPORT_ARENA_H

#include <stddef.h>

struct vae__arena {
    char *base;   /* NULL: count only */
    size_t used;  /* bytes taken so far, a multiple of 64 */
    int overflow; /* a size did not fit in size_t */
};

/* n * bytes_each bytes aligned to 64; NULL while counting. */
void *vae__arena_take(struct vae__arena *arena, size_t n, size_t bytes_each);

#endif
