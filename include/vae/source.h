/* SPDX-License-Identifier: MIT */
/* Where rows come from: memory of the caller's, or a callback for data larger than memory. */
#ifndef VAE_SOURCE_H
#define VAE_SOURCE_H

#include <vae/context.h>

VAE_BEGIN_DECLS

/* A known number of rows of equal size, read in any order. Holds the caller's pointer: the memory
 * must stay valid and unchanged as long as the source is used. `stride` is the distance between
 * rows in elements, 0 for rows without gaps.
 * Thread-safety: sources are only read by the calls that take them, so trainers in several threads
 * may share one, except those of a callback that is itself not thread-safe. */
typedef struct vae_source vae_source;

/* Errors of all constructors: VAE_EINVAL (NULL, rows or dim 0, a stride below dim, an overflowing
 * size, a label outside 0..classes-1), VAE_ENOMEM; `*out` is then NULL. */
VAE_API vae_status vae_source_from_float(vae_source **out, vae_context *context, const float *data,
                                         size_t rows, size_t dim, size_t stride) VAE_NODISCARD;

/* Bytes mean k/255, divided exactly ((float)k / 255.0f); vae_source_set_scale changes the 255. */
VAE_API vae_status vae_source_from_uint8(vae_source **out, vae_context *context,
                                         const uint8_t *data, size_t rows, size_t dim,
                                         size_t stride) VAE_NODISCARD;

/* Class labels as one-hot rows of `classes` numbers: a condition. */
VAE_API vae_status vae_source_from_labels(vae_source **out, vae_context *context,
                                          const uint8_t *labels, size_t rows,
                                          size_t classes) VAE_NODISCARD;

/* Fills `out` with the n rows whose numbers are in `rows`, n x dim floats without gaps. Random
 * access, so that rows can be shuffled and training resumed; the same row must always answer the
 * same numbers. Called on the thread that called the library, never concurrently for one source in
 * one call. 0 on success; anything else ends the call with VAE_ECALLBACK. It may not step or free
 * the trainer that calls it. */
typedef int (*vae_rows_fn)(void *user, const uint64_t *rows, size_t n, float *out);

VAE_API vae_status vae_source_from_callback(vae_source **out, vae_context *context, size_t rows,
                                            size_t dim, vae_rows_fn read, void *user) VAE_NODISCARD;

/* NULL is fine. Trainers that use the source must be freed first. */
VAE_API void vae_source_free(vae_source *source);

/* 0 for NULL. */
VAE_API size_t vae_source_rows(const vae_source *source);
VAE_API size_t vae_source_dim(const vae_source *source);

/* How a uint8 source's bytes become numbers: k / scale. 1e-30 to 1e30, default 255.
 * Errors: VAE_EINVAL, VAE_ESTATE (not a uint8 source). */
VAE_API vae_status vae_source_set_scale(vae_source *source, double scale) VAE_NODISCARD;

/* Turns grey means in [0, 1] into binary rows at every use:
 *   "none"       default: rows as they are
 *   "threshold"  1 where x >= 0.5
 *   "bernoulli"  1 with probability x, drawn anew at every use from the noise of the call (dynamic
 *                binarisation, Salakhutdinov and Murray 2008; Burda 2015)
 * Errors: VAE_EINVAL (NULL), VAE_EUNKNOWN. */
VAE_API vae_status vae_source_set_binarize(vae_source *source, const char *how) VAE_NODISCARD;

/* Reads rows as they are before binarisation: the rows `first` to `first + n - 1` into n x dim
 * floats. Errors: VAE_EINVAL (NULL, past the end), VAE_ECALLBACK. */
VAE_API vae_status vae_source_read(const vae_source *source, size_t first, size_t n,
                                   float *out) VAE_NODISCARD;

/* The mean of each of the dim numbers over all rows, summed in double.
 * NaN where a row holds NaN.
 * Errors: VAE_EINVAL (NULL), VAE_ENOMEM, VAE_ECALLBACK. */
VAE_API vae_status vae_source_mean(const vae_source *source, float *mean) VAE_NODISCARD;

/* What the values are, from up to `most` rows (0: all): `*least` and `*largest`, and `*binary` = 1
 * when every one is 0 or 1. Bernoulli takes values in [0, 1]; grey ones are means, whose "nats" are
 * a cross-entropy and no likelihood of the data (Loaiza-Ganem and Cunningham 2019). Both bounds are
 * NaN when a value is.
 * Errors: VAE_EINVAL (NULL), VAE_ENOMEM, VAE_ECALLBACK. */
VAE_API vae_status vae_source_range(const vae_source *source, size_t most, float *least,
                                    float *largest, int *binary) VAE_NODISCARD;

VAE_END_DECLS

#endif
