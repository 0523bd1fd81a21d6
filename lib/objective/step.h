/* SPDX-License-Identifier: MIT */
/* The pieces a training step is made of. Phase 1: every thread takes shards of rows through the
 * encoder, the decoder and back, and leaves activations and deltas. Barrier. Phase 2: every thread
 * takes tiles of weights, forms their gradient over the whole batch and, fused, updates them while
 * they are in cache. Both end at a barrier; nothing allocates. */
#ifndef VAE_OBJECTIVE_STEP_H
#define VAE_OBJECTIVE_STEP_H

#include "data/rows.h"
#include "data/source.h"
#include "model/workspace.h"
#include "train/optimizer/optimizer.h"

/* What one computing call works on and what it found. */
struct vae__pass {
    const vae_model *model;
    size_t rows, samples;
    struct vae__rows input, condition;
    struct vae__rows target; /* load NULL: the input as loaded (the same binarised draw) */
    struct vae__rows latent; /* for decoding */
    struct vae__noise eps;   /* sample s draws at tag + s, row r at noise_row + r */
    uint64_t noise_row;
    const float *given_eps; /* samples x rows x latent instead of the library's; NULL: none */
    double beta;
    double scale;          /* what a row's gradient is multiplied by: 1 / rows, or 1 for the sum;
                                 the division by samples is done inside */
    float *input_gradient; /* rows x input_dim; NULL: not wanted */
    size_t input_gradient_stride;
    double *row_reconstruction, *row_kl; /* one a row; NULL: not wanted */

    double reconstruction, kl; /* results in nats, mean over the samples: the rows' are added, one
                                  by one, to what is there */
};

/* Phase 1 with gradients. The rows fit the workspace's max_rows, samples its samples; the views fit
 * the model. VAE_ENONFINITE when data or loss is not finite. */
vae_status vae__pass_gradient(const char *who, vae_workspace *workspace, struct vae__pass *pass);

/* The same terms without gradients, any number of rows. */
vae_status vae__pass_score(const char *who, vae_workspace *workspace, struct vae__pass *pass);

/* What was added up, as means over `rows` rows; any result may be NULL. */
void vae__pass_means(const struct vae__pass *pass, size_t rows, double *loss,
                     double *reconstruction, double *kl);

/* Whether the gradient of the latest vae__pass_gradient is known to be finite and small enough for
 * the fused path: per layer, rows * max(1, max|x|) * max|d| < 1e18. */
int vae__pass_safe(const vae_workspace *workspace, const struct vae__pass *pass);

/* Phase 2, fused: the weights of `model` (the workspace's) move. Slots are blocks laid out as the
 * parameters. Marks the model changed and keeps the workspace's transposed copies current. */
void vae__step_fused(vae_workspace *workspace, const struct vae__pass *pass, vae_model *model,
                     const struct vae__optimizer *optimizer, const struct vae__update *update,
                     float *const slots[VAE__MAX_SLOTS]);

/* Phase 2 to memory: the gradient in the flat block's order, overwritten. */
void vae__gradient_block(vae_workspace *workspace, const struct vae__pass *pass, float *gradient);

/* Phase 3: the update from a gradient in memory; the same bits as the fused one. */
void vae__apply_block(vae_workspace *workspace, vae_model *model,
                      const struct vae__optimizer *optimizer, const struct vae__update *update,
                      const float *gradient, float *const slots[VAE__MAX_SLOTS]);

/* The largest |g| of a flat block as bits (math/block.h), and its Euclidean norm in double, summed
 * over fixed chunks in fixed order: the same for any number of threads. */
uint32_t vae__block_magnitude(vae_workspace *workspace, const float *block);
double vae__block_norm(vae_workspace *workspace, const float *block);

/* VAE_ESHAPE when the sources do not fit the model or each other; target and condition may be
 * NULL. */
vae_status vae__check_sources(const char *who, const vae_model *model, const vae_source *input,
                              const vae_source *target, const vae_source *condition);

/* Means over all rows of a set. Row r draws eps at (eps, r) and its binarisation at (binarize,
 * r). */
vae_status vae__evaluate_sources(const char *who, vae_workspace *workspace, const vae_model *model,
                                 const vae_source *input, const vae_source *target,
                                 const vae_source *condition, size_t samples, struct vae__noise eps,
                                 struct vae__noise binarize, double *reconstruction, double *kl);

#endif
