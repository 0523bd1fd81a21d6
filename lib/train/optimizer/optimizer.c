/* SPDX-License-Identifier: MIT */
#include "train/optimizer/optimizer.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(adam)                                                                                      \
    row(adamw)                                                                                     \
    row(sgd)                                                                                       \
    row(rmsprop)

#define DECLARE(name) extern const struct vae__optimizer vae__optimizer_##name;
#define POINT(name) &vae__optimizer_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__optimizers = {.name = "optimizer", .table = table};
