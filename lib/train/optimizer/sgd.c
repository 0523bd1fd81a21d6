/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "train/optimizer/optimizer.h"

/* Indices into struct vae__update's c. */
enum {
    L2,       /* g += L2 * w */
    BUFFERED, /* 1: with momentum */
    DECAY,    /* buffer = DECAY * buffer + NEW * g */
    NEW,
    AHEAD, /* direction = AHEAD * g + FOLLOW * buffer */
    FOLLOW,
    STEP /* w -= STEP * direction */
};

#define VAE__SELF "train/optimizer/sgd.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("dampening", 0.0, 1.0, 0.0,
                       "sgd: what of a gradient does not enter the momentum; 0 to 1, default 0"),
    VAE__OPTION_INT("nesterov", 0.0, 1.0, 0.0,
                    "sgd: 1 steps ahead along the momentum; 0 or 1, default 0"),
    VAE__OPTION_END};

/* The first buffer is the first gradient, whatever the dampening, as PyTorch has it. */
static void prepare(const struct vae__options *o, double lr, uint64_t t, struct vae__update *update)
{
    double momentum = vae__option_double(o, "momentum");
    double fresh = t == 1 ? 1.0 : 1.0 - vae__option_double(o, "dampening");
    int nesterov = vae__option_int(o, "nesterov") != 0;

    update->c[L2] = (float)vae__option_double(o, "weight_decay");
    update->c[BUFFERED] = momentum > 0.0 ? 1.0f : 0.0f;
    update->c[DECAY] = (float)momentum;
    update->c[NEW] = (float)fresh;
    update->c[AHEAD] = nesterov ? 1.0f : 0.0f;
    update->c[FOLLOW] = nesterov ? (float)momentum : 1.0f;
    update->c[STEP] = (float)lr;
}

const struct vae__optimizer vae__optimizer_sgd = {
    .kind = {.name = "sgd",
             .describe = "stochastic gradient descent with momentum, dampening and Nesterov's step",
             .options = options},
    .slots = 1,
    .slot_names = {"momentum_buffer"},
    .prepare = prepare,
    .update = VAE__LEVEL_TABLE(update),
};
#else
static void VAE__L(plain)(size_t n, float *w, const float *g, const struct vae__update *update)
{
    const VF scale = vf_set(update->gradient_scale), l2 = vf_set(update->c[L2]);
    const VF step = vf_set(update->c[STEP]);

    for (size_t i = 0; i < n; i += VF_N) {
        VF old = vf_load(w + i);
        vf_store(w + i, vf_fnma(step, vf_fma(l2, old, scale * vf_load(g + i)), old));
    }
}

static void VAE__L(update)(size_t n, float *w, const float *g, float *const slots[VAE__MAX_SLOTS],
                           const struct vae__update *update)
{
    const float *c = update->c;
    const VF scale = vf_set(update->gradient_scale), l2 = vf_set(c[L2]), step = vf_set(c[STEP]);
    const VF decay = vf_set(c[DECAY]), new = vf_set(c[NEW]);
    const VF ahead = vf_set(c[AHEAD]), follow = vf_set(c[FOLLOW]);
    float *buffer_at = slots[0];

    if (c[BUFFERED] < 1.0f) {
        VAE__L(plain)(n, w, g, update);
        return;
    }
    for (size_t i = 0; i < n; i += VF_N) {
        VF old = vf_load(w + i);
        VF gradient = vf_fma(l2, old, scale * vf_load(g + i));
        VF buffer = vf_fma(decay, vf_load(buffer_at + i), new *gradient);
        vf_store(buffer_at + i, buffer);
        vf_store(w + i, vf_fnma(step, vf_fma(follow, buffer, ahead * gradient), old));
    }
}
#endif
