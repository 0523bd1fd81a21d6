/* SPDX-License-Identifier: MIT */
/* The reparameterized ELBO of a batch and its gradient, and the mean over a whole set. */
#ifndef VAE_OBJECTIVE_H
#define VAE_OBJECTIVE_H

#include <vae/batch.h>
#include <vae/source.h>
#include <vae/workspace.h>

VAE_BEGIN_DECLS

/* loss = reconstruction + beta * kl in nats per row, mean over rows and over the L samples
 * (Kingma and Welling 2013, equation 7, with the KL term in closed form, appendix B):
 *   reconstruction = -1/L sum_l log p(x|z_l),  z_l = mu + exp(logvar/2) * eps_l
 *   kl             = 1/2 sum_j (mu_j^2 + exp(logvar_j) - logvar_j - 1)
 * Any result may be NULL. Errors: as in infer.h.
 * Thread-safety: the model is only read; each thread needs its own workspace. */
VAE_API vae_status vae_loss(vae_workspace *workspace, const vae_model *model,
                            const vae_batch *batch, double *loss, double *reconstruction,
                            double *kl) VAE_NODISCARD;

/* The same three results, with the gradient of the loss ("mean" or "sum" over rows, as the batch
 * says):
 *   gradient        vae_model_parameter_count floats in the flat block's order, overwritten;
 *                   may be NULL where input_gradient is wanted alone (and is the quicker way).
 *                   A log-variance beyond the end of its range has the part of it that points
 *                   back (docs/math.md, 6)
 *   input_gradient  rows x input_dim, `input_stride` apart (0: no gaps), or NULL: the gradient in
 *                   the input alone, the target held fixed
 * Needs a "gradient" workspace; the rows must be at most its max_rows and the samples at most its
 * samples. Errors: as in infer.h; VAE_ESTATE (an "inference" workspace); VAE_ENONFINITE (also a
 * loss or gradient that is not finite). */
VAE_API vae_status vae_loss_gradient(vae_workspace *workspace, const vae_model *model,
                                     const vae_batch *batch, double *loss, double *reconstruction,
                                     double *kl, float *gradient, float *input_gradient,
                                     size_t input_stride) VAE_NODISCARD;

/* Means of reconstruction and kl over all rows of a source, `samples` noise samples each, with the
 * noise of (seed, 0). target NULL: the input; condition NULL when the model has none. The numbers
 * do not depend on the workspace's size or threads. A source's own binarisation applies, drawn from
 * the same seed.
 * Errors: as in infer.h; VAE_ECALLBACK; VAE_ENOMEM (a callback's rows need memory, kept by the
 * workspace for later calls). */
VAE_API vae_status vae_evaluate(vae_workspace *workspace, const vae_model *model,
                                const vae_source *input, const vae_source *target,
                                const vae_source *condition, size_t samples, uint64_t seed,
                                double *reconstruction, double *kl) VAE_NODISCARD;

VAE_END_DECLS

#endif
