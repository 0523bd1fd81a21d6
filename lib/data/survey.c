/* SPDX-License-Identifier: MIT */
/* What is asked of a whole source: rows as they are, their mean, range and fingerprint. */
#include "data/source.h"

#include "support/fpstate.h"
#include "support/status.h"

#include <math.h>
#include <string.h>

#define PIECE_BYTES (1 << 18)
#define FINGERPRINT_ROWS 256

vae_status vae__cursor_init(const char *who, struct vae__cursor *cursor, const vae_source *source)
{
    size_t row_bytes = source->view.dim * sizeof(float);
    size_t piece = row_bytes < PIECE_BYTES ? PIECE_BYTES / row_bytes : 1;
    if (piece > source->rows) piece = source->rows;
    *cursor = (struct vae__cursor){.who = who, .source = source, .piece = piece};
    cursor->x = vae__alloc_array(source->context, piece, row_bytes);
    cursor->numbers = vae__alloc_array(source->context, piece, sizeof *cursor->numbers);
    if (cursor->x && cursor->numbers) return VAE_OK;
    vae__cursor_clear(cursor);
    return vae__fail_memory(who, piece * (row_bytes + sizeof *cursor->numbers));
}

void vae__cursor_clear(struct vae__cursor *cursor)
{
    vae__free(cursor->source->context, cursor->x);
    vae__free(cursor->source->context, cursor->numbers);
    cursor->x = NULL;
    cursor->numbers = NULL;
}

/* Rows index[0..n-1], or first..first+n-1, as they are before binarisation. */
static vae_status read_raw(const char *who, const vae_source *source, const uint64_t *index,
                           uint64_t first, size_t n, float *out, uint64_t *scratch)
{
    struct vae__rows view;
    struct vae__noise none = {0};
    VAE__TRY(vae__source_view(who, source, index, first, n, out, scratch, none, 0, &view));
    if (source->read) return VAE_OK;
    view.binarize = NULL;
    vae__fpstate saved = vae__fp_enter();
    vae__rows_load(&view, (size_t)vae__context_level(source->context), 0, n, out, view.dim);
    vae__fp_leave(saved);
    return VAE_OK;
}

vae_status vae__cursor_read(struct vae__cursor *cursor, size_t n)
{
    return read_raw(cursor->who, cursor->source, cursor->numbers, 0, n, cursor->x, NULL);
}

vae_status vae_source_read(const vae_source *source, size_t first, size_t n, float *out)
{
    VAE__NEED(source);
    VAE__NEED(out);
    if (first > source->rows || n > source->rows - first)
        return VAE__FAIL(VAE_EINVAL, "%zu rows from row %zu on; the source has %zu", n, first,
                         source->rows);
    enum { PIECE = 64 };
    uint64_t numbers[PIECE];
    for (size_t done = 0; done < n; done += PIECE) {
        size_t piece = n - done < PIECE ? n - done : PIECE;
        VAE__TRY(read_raw(__func__, source, NULL, first + done, piece,
                          out + done * source->view.dim, numbers));
    }
    return VAE_OK;
}

/* Calls `see` with `count` rows of the source spread evenly, in order. */
static vae_status visit(const char *who, const vae_source *source, size_t count,
                        void (*see)(void *user, const float *x, size_t rows, size_t dim),
                        void *user)
{
    struct vae__cursor cursor;
    VAE__TRY(vae__cursor_init(who, &cursor, source));
    size_t each = source->rows / count, over = source->rows % count;
    vae_status status = VAE_OK;
    for (size_t done = 0; status == VAE_OK && done < count;) {
        size_t n = count - done < cursor.piece ? count - done : cursor.piece;
        for (size_t r = 0; r < n; r++, done++)
            cursor.numbers[r] = done * each + (done < over ? done : over);
        status = vae__cursor_read(&cursor, n);
        if (status != VAE_OK) break;
        vae__fpstate saved = vae__fp_enter();
        see(user, cursor.x, n, source->view.dim);
        vae__fp_leave(saved);
    }
    vae__cursor_clear(&cursor);
    return status;
}

static void add_rows(void *user, const float *x, size_t rows, size_t dim)
{
    double *sum = user;
    for (size_t r = 0; r < rows; r++)
        for (size_t d = 0; d < dim; d++) sum[d] += (double)x[r * dim + d];
}

vae_status vae_source_mean(const vae_source *source, float *mean)
{
    VAE__NEED(source);
    VAE__NEED(mean);
    size_t dim = source->view.dim;
    double *sum = vae__alloc_array(source->context, dim, sizeof *sum);
    if (!sum) return vae__fail_memory(__func__, dim * sizeof *sum);
    vae_status status = visit(__func__, source, source->rows, add_rows, sum);
    vae__fpstate saved = vae__fp_enter();
    if (status == VAE_OK)
        for (size_t d = 0; d < dim; d++) mean[d] = (float)(sum[d] / (double)source->rows);
    vae__fp_leave(saved);
    vae__free(source->context, sum);
    return status;
}

struct range {
    float least, largest;
    int binary, nan;
};

static void widen(void *user, const float *x, size_t rows, size_t dim)
{
    struct range *range = user;
    for (size_t i = 0; i < rows * dim; i++) {
        if (x[i] < range->least) range->least = x[i];
        if (x[i] > range->largest) range->largest = x[i];
        range->binary &= x[i] == 0.0f || x[i] == 1.0f;
        range->nan |= isnan(x[i]);
    }
}

vae_status vae_source_range(const vae_source *source, size_t most, float *least, float *largest,
                            int *binary)
{
    VAE__NEED(source);
    VAE__NEED(least);
    VAE__NEED(largest);
    VAE__NEED(binary);
    struct range range = {INFINITY, -INFINITY, 1, 0};
    size_t count = most && most < source->rows ? most : source->rows;
    VAE__TRY(visit(__func__, source, count, widen, &range));
    *least = range.nan ? NAN : range.least;
    *largest = range.nan ? NAN : range.largest;
    *binary = range.binary;
    return VAE_OK;
}

/* Two rounds of multiply and shift: the finaliser's usual shape, with odd constants. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u;
}

static void hash_rows(void *user, const float *x, size_t rows, size_t dim)
{
    uint64_t *hash = user;
    for (size_t i = 0; i < rows * dim; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        *hash = mix(*hash, bits);
    }
}

vae_status vae__source_fingerprint(const char *who, const vae_source *source, uint64_t *fingerprint)
{
    size_t count = source->rows < FINGERPRINT_ROWS ? source->rows : FINGERPRINT_ROWS;
    uint64_t hash = mix(mix(1, source->rows), source->view.dim);
    VAE__TRY(visit(who, source, count, hash_rows, &hash));
    *fingerprint = hash ^ hash >> 32;
    return VAE_OK;
}
