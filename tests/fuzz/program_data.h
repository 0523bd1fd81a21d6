/* SPDX-License-Identifier: MIT */
/* Calls about batches and sources. */
#ifndef PROGRAM_DATA_H
#define PROGRAM_DATA_H

#include "program.h"

static void batch_set(struct program *p)
{
    vae_batch **batch = &p->batches[below(p, EACH)];
    size_t rows = any_size(p), stride = below(p, 2) ? 0 : any_size(p);
    if (below(p, 8) == 7) {
        vae_batch_free(*batch);
        MAKE(*batch, vae_batch_new(batch, any_context(p)));
    }
    if (rows > ROWS && rows < SIZE_MAX / 16) rows = ROWS;
    switch (below(p, 6)) {
    case 0:
        CALL(vae_batch_set_input(*batch, any_floats(p), rows, stride));
        break;
    case 1:
        CALL(vae_batch_set_input_uint8(*batch, bytes, rows, stride));
        break;
    case 2:
        CALL(vae_batch_set_target(*batch, any_floats(p), rows, stride));
        break;
    case 3:
        CALL(vae_batch_set_target_uint8(*batch, bytes, rows, stride));
        break;
    case 4:
        CALL(vae_batch_set_condition(*batch, any_floats(p), rows, stride));
        break;
    case 5:
        CALL(vae_batch_set_latent(*batch, any_floats(p), rows, stride));
        break;
    }
    if (rows > ROWS || stride > STRIDE) vae_batch_clear(*batch); /* there is less than it claims */
}

static void batch_weigh(struct program *p)
{
    vae_batch *batch = p->batches[below(p, EACH)];
    CALL(vae_batch_set_noise(batch, below(p, 256), 1));
    CALL(vae_batch_set_first_row(batch, any_size(p)));
    CALL(vae_batch_set_samples(batch, below(p, 3)));
    CALL(vae_batch_set_beta(batch, any_number(p)));
    CALL(vae_batch_set_reduction(batch, any_text(p)));
    if (below(p, 8) == 7) vae_batch_clear(batch);
}

/* Answers with an error now and then, or with rows that hold NaN. */
static int give_rows(void *user, const uint64_t *rows, size_t n, float *to)
{
    struct program *p = user;
    for (size_t i = 0; i < n * 3; i++) to[i] = (float)((rows[0] + i) % 4) / 4.0f;
    switch (below(p, 32)) {
    case 31:
        return 1;
    case 30:
        to[n * 3 - 1] = NAN;
        return 0;
    default:
        return 0;
    }
}

/* One that claims more than there is behind it is made, and no more than that. */
static void source_new(struct program *p)
{
    size_t i = below(p, SOURCES), rows = any_size(p), dim = any_size(p);
    size_t stride = below(p, 2) ? 0 : any_size(p), kind = below(p, 4);
    vae_source **s = &p->sources[i];
    vae_context *context = any_context(p);
    drop_source(p, i);
    if (rows > ROWS && rows < SIZE_MAX / 16) rows = ROWS;
    switch (kind) {
    case 0:
        MAKE(*s, vae_source_from_float(s, context, any_floats(p), rows, dim, stride));
        break;
    case 1:
        MAKE(*s, vae_source_from_uint8(s, context, bytes, rows, dim, stride));
        break;
    case 2:
        if (rows > ROWS) rows = 0; /* the labels are read at once */
        MAKE(*s, vae_source_from_labels(s, context, bytes, rows, dim));
        break;
    case 3:
        MAKE(*s, vae_source_from_callback(s, context, rows, 3, give_rows, p));
        break;
    }
    int vast = vae_source_dim(*s) > STRIDE || stride > STRIDE || (kind < 3 && rows > ROWS);
    if (vast) drop_source(p, i);
}

/* Those of a callback may have rows without end. */
static int is_small(const vae_source *source)
{
    return vae_source_rows(source) <= ROWS;
}

static void source_look(struct program *p)
{
    vae_source *source = p->sources[below(p, SOURCES)];
    size_t first = any_size(p);
    float least, largest;
    int binary;
    CALL(vae_source_set_scale(source, any_number(p)));
    CALL(vae_source_set_binarize(source, any_text(p)));
    CALL(vae_source_read(source, first, any_size(p), out));
    if (!is_small(source)) return;
    CALL(vae_source_mean(source, out));
    CALL(vae_source_range(source, any_size(p), &least, &largest, &binary));
}

#endif
