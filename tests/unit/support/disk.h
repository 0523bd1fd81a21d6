/* SPDX-License-Identifier: MIT */
/* Rows that arrive by callback. */
#ifndef DISK_H
#define DISK_H

#include <stdint.h>
#include <string.h>

/* A callback over floats without gaps: it counts its calls and fails at one of them. */
typedef struct disk {
    const float *x;
    size_t dim, calls, fail_at;
} disk;

static inline int read_disk(void *user, const uint64_t *rows, size_t n, float *out)
{
    disk *d = user;
    if (++d->calls == d->fail_at) return 7;
    for (size_t r = 0; r < n; r++)
        memcpy(out + r * d->dim, d->x + rows[r] * d->dim, d->dim * sizeof *out);
    return 0;
}

#endif
