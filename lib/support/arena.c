/* SPDX-License-Identifier: MIT */
#include "support/arena.h"

#include <stdint.h>

void *vae__arena_take(struct vae__arena *arena, size_t n, size_t bytes_each)
{
    if (bytes_each != 0 && n > (SIZE_MAX - 63 - arena->used) / bytes_each) {
        arena->overflow = 1;
        return NULL;
    }
    size_t at = arena->used;
    arena->used += (n * bytes_each + 63) & ~(size_t)63;
    return arena->base ? arena->base + at : NULL;
}
