/* SPDX-License-Identifier: MIT */
/* What adam and adamw share: all but where weight decay acts. */
#ifndef VAE_TRAIN_ADAM_H
#define VAE_TRAIN_ADAM_H

#include "train/optimizer/optimizer.h"

/* Indices into struct vae__update's c. */
enum {
    VAE__ADAM_L2,   /* g += L2 * w */
    VAE__ADAM_KEEP, /* w *= KEEP, decoupled decay */
    VAE__ADAM_BETA1,
    VAE__ADAM_NEW1, /* 1 - beta1 */
    VAE__ADAM_BETA2,
    VAE__ADAM_NEW2, /* 1 - beta2 */
    VAE__ADAM_ROOT, /* factor of sqrt(v): 1 / sqrt(1 - beta2^t), or 1 */
    VAE__ADAM_EPSILON,
    VAE__ADAM_STEP /* factor of m / (ROOT sqrt(v) + EPSILON) */
};

/* The coefficients but L2 and KEEP. */
void vae__adam_moments(const struct vae__options *options, double lr, uint64_t t,
                       struct vae__update *update);
double vae__adam_start(const struct vae__options *options, size_t slot);

void vae__adam_update_baseline(size_t n, float *w, const float *g,
                               float *const slots[VAE__MAX_SLOTS],
                               const struct vae__update *update);
void vae__adam_update_avx2(size_t n, float *w, const float *g, float *const slots[VAE__MAX_SLOTS],
                           const struct vae__update *update);
void vae__adam_update_avx512(size_t n, float *w, const float *g, float *const slots[VAE__MAX_SLOTS],
                             const struct vae__update *update);

#endif
