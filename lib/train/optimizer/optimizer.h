/* SPDX-License-Identifier: MIT */
/* The family of optimizers: one file each, one row each in optimizer.c. */
#ifndef VAE_TRAIN_OPTIMIZER_H
#define VAE_TRAIN_OPTIMIZER_H

#include "math/level.h"
#include "support/options.h"

#include <stdint.h>

#define VAE__MAX_SLOTS 3
#define VAE__MAX_COEFFICIENTS 16

/* What a step's update needs, computed once a step in double by prepare. */
struct vae__update {
    float c[VAE__MAX_COEFFICIENTS]; /* meaning belongs to the optimizer */
    float gradient_scale;           /* clipping; multiplies every gradient (1: no bit changes) */
};

/* w, slots -= ... over n floats, n a multiple of 16, everything aligned to 64 bytes. */
typedef void (*vae__update_fn)(size_t n, float *w, const float *g,
                               float *const slots[VAE__MAX_SLOTS],
                               const struct vae__update *update);

struct vae__optimizer {
    struct vae__kind kind;
    size_t slots;
    const char *slot_names[VAE__MAX_SLOTS]; /* PyTorch's: "exp_avg", "exp_avg_sq" ... */
    int slot_is_square[VAE__MAX_SLOTS]; /* a negative number in it is no state of this optimizer */
    int divides;                        /* by a root, epsilon added, that may be 0 */
    /* Where a slot starts; NULL: all at 0. */
    double (*slot_start)(const struct vae__options *options, size_t slot);
    /* The coefficients of step t = 1, 2, ... at learning rate lr. */
    void (*prepare)(const struct vae__options *options, double lr, uint64_t t,
                    struct vae__update *update);
    vae__update_fn update[VAE__LEVEL_COUNT];
};

extern const struct vae__family vae__optimizers;

#endif
