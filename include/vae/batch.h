/* SPDX-License-Identifier: MIT */
/* What a computing call works on: rows of data, where noise comes from, how terms are weighed. */
#ifndef VAE_BATCH_H
#define VAE_BATCH_H

#include <vae/context.h>

VAE_BEGIN_DECLS

/* Holds pointers only: the caller's memory is neither copied nor freed, and must stay valid while
 * calls use the batch. All matrices are row-major; `stride` is the distance between rows in
 * elements, 0 for rows without gaps. The sets of rows a call uses must have the same number of
 * rows; sets it does not use are ignored. Thread-safety: calls only read it, so threads may share
 * one; setting is for one thread. */
typedef struct vae_batch vae_batch;

/* Makes an empty batch. Errors: VAE_EINVAL (NULL), VAE_ENOMEM. */
VAE_API vae_status vae_batch_new(vae_batch **out, vae_context *context) VAE_NODISCARD;

/* NULL is fine. */
VAE_API void vae_batch_free(vae_batch *batch);

/* The rows to encode: rows x input_dim of the model they are used with. uint8 means k/255.
 * Errors for all row setters: VAE_EINVAL (NULL, rows 0, or a size that overflows); that a stride is
 * at least the dimension is checked by the call that computes. */
VAE_API vae_status vae_batch_set_input(vae_batch *batch, const float *x, size_t rows,
                                       size_t stride) VAE_NODISCARD;
VAE_API vae_status vae_batch_set_input_uint8(vae_batch *batch, const uint8_t *x, size_t rows,
                                             size_t stride) VAE_NODISCARD;

/* The rows p(x|z) is asked about, rows x output_dim. Not set: the input. */
VAE_API vae_status vae_batch_set_target(vae_batch *batch, const float *x, size_t rows,
                                        size_t stride) VAE_NODISCARD;
VAE_API vae_status vae_batch_set_target_uint8(vae_batch *batch, const uint8_t *x, size_t rows,
                                              size_t stride) VAE_NODISCARD;

/* The condition, rows x condition_dim: needed exactly when the model has one. */
VAE_API vae_status vae_batch_set_condition(vae_batch *batch, const float *c, size_t rows,
                                           size_t stride) VAE_NODISCARD;

/* Latent codes to decode, rows x latent_dim. */
VAE_API vae_status vae_batch_set_latent(vae_batch *batch, const float *z, size_t rows,
                                        size_t stride) VAE_NODISCARD;

/* Forgets every set of rows; noise, samples and weights stay. */
VAE_API void vae_batch_clear(vae_batch *batch);

/* Where noise comes from: (seed, step) name a place in the library's own counter-based noise
 * (Philox4x32-10), so that equal pairs give row r of a batch the same noise, whatever the threads.
 * Default: 0, 0. Errors: VAE_EINVAL (NULL, or step above 4294967295). */
VAE_API vae_status vae_batch_set_noise(vae_batch *batch, uint64_t seed,
                                       uint64_t step) VAE_NODISCARD;

/* The number of the batch's first row among all rows that share the noise: row r draws as row
 * first + r. So slices of a set give the same numbers as the whole set. Default 0.
 * Errors: VAE_EINVAL (NULL, or above 4294967295). */
VAE_API vae_status vae_batch_set_first_row(vae_batch *batch, uint64_t first) VAE_NODISCARD;

/* Noise of the caller's own: standard normal numbers, samples x rows x latent_dim without gaps,
 * used instead of the library's for z = mu + exp(logvar/2) * eps. NULL: the library's again. */
VAE_API vae_status vae_batch_set_eps(vae_batch *batch, const float *eps) VAE_NODISCARD;

/* Noise samples per row, L of Kingma and Welling's equation 7. 1 to 65536, default 1. */
VAE_API vae_status vae_batch_set_samples(vae_batch *batch, size_t samples) VAE_NODISCARD;

/* Weight of the KL term in `loss`: loss = reconstruction + beta * kl. 0 to 1e6, default 1. */
VAE_API vae_status vae_batch_set_beta(vae_batch *batch, double beta) VAE_NODISCARD;

/* Whether a gradient is of the "mean" over rows or of their "sum". Default "mean". Reported terms
 * are means over rows either way. Errors: VAE_EINVAL (NULL), VAE_EUNKNOWN. */
VAE_API vae_status vae_batch_set_reduction(vae_batch *batch, const char *reduction) VAE_NODISCARD;

VAE_END_DECLS

#endif
