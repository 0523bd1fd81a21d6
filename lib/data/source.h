/* SPDX-License-Identifier: MIT */
/* A source's inside, and how a step gets its rows. */
#ifndef VAE_DATA_SOURCE_H
#define VAE_DATA_SOURCE_H

#include "data/rows.h"
#include "support/context.h"

#include <vae/source.h>

struct vae_source {
    vae_context *context;
    struct vae__rows view; /* load and data NULL for a callback */
    size_t rows;
    vae_rows_fn read; /* callback */
    void *user;
};

/* A view of the source's rows index[0..n-1] (index NULL: first..first+n-1) for one call. Memory: no
 * copy. A callback is read now into staging (n x dim floats; from vae__source_staging), with
 * scratch for n row numbers when index is NULL. Binarisation draws from `noise` at noise rows
 * noise_row + r. */
vae_status vae__source_view(const char *who, const vae_source *source, const uint64_t *index,
                            uint64_t first, size_t n, float *staging, uint64_t *scratch,
                            struct vae__noise noise, uint64_t noise_row, struct vae__rows *view);

/* Floats of staging a view of n rows needs: 0 for memory. */
size_t vae__source_staging(const vae_source *source, size_t n);

/* Reads rows as they are before binarisation, one piece of the source after the other. */
struct vae__cursor {
    const char *who;
    const vae_source *source;
    size_t piece;      /* rows at a time */
    float *x;          /* piece x dim, the latest rows read */
    uint64_t *numbers; /* piece */
};
vae_status vae__cursor_init(const char *who, struct vae__cursor *cursor, const vae_source *source);
void vae__cursor_clear(struct vae__cursor *cursor);
/* The rows numbers[0..n-1] into x, n at most `piece`. */
vae_status vae__cursor_read(struct vae__cursor *cursor, size_t n);

/* A hash of the number and size of rows and of up to 256 rows spread evenly (as floats, before
 * binarisation), for "is this the data that was trained on?". */
vae_status vae__source_fingerprint(const char *who, const vae_source *source,
                                   uint64_t *fingerprint);

#endif
