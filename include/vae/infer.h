/* SPDX-License-Identifier: MIT */
/* Using a model: encode, decode, reconstruct, sample, score. Mean or sample is always explicit.
 *
 * Every call takes a workspace made for the model and writes float32 rows to memory of the caller,
 * with `stride` elements from row to row (0: no gaps). Any number of rows: more than the
 * workspace's max_rows are worked on in turn. The memory written may not overlap what is read.
 * Nothing is allocated.
 * Thread-safety: the model is only read; each thread needs its own workspace.
 * Errors of all: VAE_EINVAL (NULL, a workspace of another model, a target where the
 * likelihood has no probability), VAE_ESHAPE (a stride below the row's size, sizes that cannot be
 * addressed, sets of rows this call uses that differ in number, rows that are missing, a condition
 * the model has no use for), VAE_ESTATE (the model's parameters are open), VAE_ENONFINITE (an input
 * row holds NaN or infinity: what was written is undefined). */
#ifndef VAE_INFER_H
#define VAE_INFER_H

#include <vae/batch.h>
#include <vae/workspace.h>

VAE_BEGIN_DECLS

/* mu and logvar of q(z|x), rows x latent_dim each; either may be NULL. logvar is clamped to the
 * config's range. Needs the batch's input. */
VAE_API vae_status vae_encode(vae_workspace *workspace, const vae_model *model,
                              const vae_batch *batch, float *mu, size_t mu_stride, float *logvar,
                              size_t logvar_stride) VAE_NODISCARD;

/* A sample z = mu + exp(logvar/2) * eps of q(z|x), with the batch's noise (its first sample). */
VAE_API vae_status vae_encode_sample(vae_workspace *workspace, const vae_model *model,
                                     const vae_batch *batch, float *z, size_t stride) VAE_NODISCARD;

/* The mean of p(x|z), rows x output_dim, at the batch's latent codes: probabilities for bernoulli,
 * the mean for the Gaussians. */
VAE_API vae_status vae_decode(vae_workspace *workspace, const vae_model *model,
                              const vae_batch *batch, float *mean, size_t stride) VAE_NODISCARD;

/* The parameters of p(x|z) as the decoder's last layer gives them, rows x (output_parameters *
 * output_dim), parameter-major: logits for bernoulli; means, then log-variances (clamped) for
 * gaussian_diag. */
VAE_API vae_status vae_decode_parameters(vae_workspace *workspace, const vae_model *model,
                                         const vae_batch *batch, float *parameters,
                                         size_t stride) VAE_NODISCARD;

/* A sample of p(x|z), with the batch's noise. */
VAE_API vae_status vae_decode_sample(vae_workspace *workspace, const vae_model *model,
                                     const vae_batch *batch, float *x, size_t stride) VAE_NODISCARD;

/* decode(encode(x)) at z = mu, and at a sample of q(z|x): means of p(x|z). */
VAE_API vae_status vae_reconstruct(vae_workspace *workspace, const vae_model *model,
                                   const vae_batch *batch, float *mean,
                                   size_t stride) VAE_NODISCARD;
VAE_API vae_status vae_reconstruct_sample(vae_workspace *workspace, const vae_model *model,
                                          const vae_batch *batch, float *mean,
                                          size_t stride) VAE_NODISCARD;

/* Draws `rows` latent codes from the prior with the batch's noise; temperature (0 to 100, 1 for the
 * prior itself) scales its standard deviation. Decode them for images. */
VAE_API vae_status vae_sample_prior(vae_workspace *workspace, const vae_model *model,
                                    const vae_batch *batch, size_t rows, double temperature,
                                    float *z, size_t stride) VAE_NODISCARD;

/* The terms of each row's ELBO in nats, constants included, summed over dimensions, mean over the
 * batch's samples: reconstruction = -log p(x|z) and kl = KL(q(z|x) || p(z)), so that
 * elbo = -(reconstruction + kl). `rows` doubles each; either may be NULL. */
VAE_API vae_status vae_score(vae_workspace *workspace, const vae_model *model,
                             const vae_batch *batch, double *reconstruction,
                             double *kl) VAE_NODISCARD;

VAE_END_DECLS

#endif
