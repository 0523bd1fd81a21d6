/* SPDX-License-Identifier: MIT */
#include "train/optimizer/optimizer.h"

extern const struct vae__optimizer vae__optimizer_sgd, vae__optimizer_adam, vae__optimizer_adamw,
    vae__optimizer_rmsprop;

static const void *const table[] = {&vae__optimizer_adam, &vae__optimizer_adamw,
                                    &vae__optimizer_sgd, &vae__optimizer_rmsprop, NULL};

const struct vae__family vae__optimizers = {.name = "optimizer", .table = table};
