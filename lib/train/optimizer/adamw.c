/* SPDX-License-Identifier: MIT */
#include "train/optimizer/adam.h"

/* Loshchilov and Hutter 2019: the weights themselves decay, by lr * weight_decay a step. */
static void prepare(const struct vae__options *o, double lr, uint64_t t, struct vae__update *update)
{
    vae__adam_moments(o, lr, t, update);
    update->c[VAE__ADAM_L2] = 0.0f;
    update->c[VAE__ADAM_KEEP] = (float)(1.0 - lr * vae__option_double(o, "weight_decay"));
}

/* Its options are adam's. */
const struct vae__optimizer vae__optimizer_adamw = {
    .kind = {.name = "adamw",
             .describe = "Adam with decoupled weight_decay (Loshchilov and Hutter 2019)"},
    .slots = 2,
    .slot_names = {"exp_avg", "exp_avg_sq"},
    .slot_is_square = {0, 1},
    .divides = 1,
    .slot_start = vae__adam_start,
    .prepare = prepare,
    .update = VAE__LEVEL_TABLE(vae__adam_update),
};
