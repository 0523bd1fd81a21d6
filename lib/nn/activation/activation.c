/* SPDX-License-Identifier: MIT */
#include "nn/activation/activation.h"

/* The family: a row a kind. */
#define KINDS(row)                                                                                 \
    row(identity)                                                                                  \
    row(relu)                                                                                      \
    row(leaky_relu)                                                                                \
    row(elu)                                                                                       \
    row(gelu)                                                                                      \
    row(silu)                                                                                      \
    row(tanh)                                                                                      \
    row(sigmoid)                                                                                   \
    row(softplus)

#define DECLARE(name) extern const struct vae__activation vae__activation_##name;
#define POINT(name) &vae__activation_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__activations = {.name = "activation", .table = table};
