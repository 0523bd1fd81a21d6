/* SPDX-License-Identifier: MIT */
#include "nn/init/init.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(glorot_uniform)                                                                            \
    row(glorot_normal)                                                                             \
    row(he_uniform)                                                                                \
    row(he_normal)                                                                                 \
    row(lecun_uniform)                                                                             \
    row(lecun_normal)                                                                              \
    row(pytorch)                                                                                   \
    row(zero)

#define DECLARE(name) extern const struct vae__init vae__init_##name;
#define POINT(name) &vae__init_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__inits = {.name = "init", .table = table};
