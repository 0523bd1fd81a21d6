/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "train/optimizer/optimizer.h"

/* Indices into struct vae__update's c. */
enum {
    L2,    /* g += L2 * w */
    ALPHA, /* square = ALPHA * square + NEW * g^2 */
    NEW,
    EPSILON,
    CENTERED, /* 1: the mean gradient's square is taken off */
    BUFFERED, /* 1: with momentum */
    MOMENTUM,
    STEP /* w -= STEP * direction */
};

#define VAE__SELF "train/optimizer/rmsprop.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE(
        "alpha", 0.0, 0.999999, 0.99,
        "rmsprop: decay of the squared gradient's mean; 0 to 0.999999, default 0.99"),
    VAE__OPTION_INT("centered", 0.0, 1.0, 0.0,
                    "rmsprop: 1 divides by the gradient's standard deviation; 0 or 1, default 0"),
    VAE__OPTION_END};

static void prepare(const struct vae__options *o, double lr, uint64_t t, struct vae__update *update)
{
    double alpha = vae__option_double(o, "alpha"), momentum = vae__option_double(o, "momentum");
    (void)t;

    update->c[L2] = (float)vae__option_double(o, "weight_decay");
    update->c[ALPHA] = (float)alpha;
    update->c[NEW] = (float)(1.0 - alpha);
    update->c[EPSILON] = (float)vae__option_double(o, "epsilon");
    update->c[CENTERED] = vae__option_int(o, "centered") != 0 ? 1.0f : 0.0f;
    update->c[BUFFERED] = momentum > 0.0 ? 1.0f : 0.0f;
    update->c[MOMENTUM] = (float)momentum;
    update->c[STEP] = (float)lr;
}

const struct vae__optimizer vae__optimizer_rmsprop = {
    .kind = {.name = "rmsprop",
             .describe = "RMSprop (Hinton's lecture; Graves 2013 when centered), with momentum",
             .options = options},
    .slots = 3,
    .slot_names = {"square_avg", "momentum_buffer", "grad_avg"},
    .slot_is_square = {1, 0, 0},
    .divides = 1,
    .prepare = prepare,
    .update = VAE__LEVEL_TABLE(update),
};
#else
static void VAE__L(update)(size_t n, float *w, const float *g, float *const slots[VAE__MAX_SLOTS],
                           const struct vae__update *update)
{
    const float *c = update->c;
    const VF scale = vf_set(update->gradient_scale), l2 = vf_set(c[L2]), step = vf_set(c[STEP]);
    const VF alpha = vf_set(c[ALPHA]), new = vf_set(c[NEW]), epsilon = vf_set(c[EPSILON]);
    const VF momentum = vf_set(c[MOMENTUM]), zero = vf_set(0.0f);
    const int centered = c[CENTERED] > 0.0f, buffered = c[BUFFERED] > 0.0f;
    float *square_at = slots[0], *buffer_at = slots[1], *mean_at = slots[2];

    for (size_t i = 0; i < n; i += VF_N) {
        VF old = vf_load(w + i);
        VF gradient = vf_fma(l2, old, scale * vf_load(g + i));
        VF square = vf_fma(alpha, vf_load(square_at + i), new *gradient *gradient);
        vf_store(square_at + i, square);
        if (centered) {
            VF mean = vf_fma(alpha, vf_load(mean_at + i), new *gradient);
            vf_store(mean_at + i, mean);
            square = vf_fnma(mean, mean, square);
            square = vf_lt(square, zero, zero, square); /* a variance, but for rounding */
        }
        VF direction = gradient / (vf_sqrt(square) + epsilon);
        if (buffered) {
            direction = vf_fma(momentum, vf_load(buffer_at + i), direction);
            vf_store(buffer_at + i, direction);
        }
        vf_store(w + i, vf_fnma(step, direction, old));
    }
}
#endif
