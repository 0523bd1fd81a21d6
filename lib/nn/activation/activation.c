/* SPDX-License-Identifier: MIT */
#include "nn/activation/activation.h"

extern const struct vae__activation vae__activation_identity, vae__activation_relu,
    vae__activation_leaky_relu, vae__activation_elu, vae__activation_gelu, vae__activation_silu,
    vae__activation_tanh, vae__activation_sigmoid, vae__activation_softplus;

static const void *const table[] = {
    &vae__activation_identity,   &vae__activation_relu,
    &vae__activation_leaky_relu, &vae__activation_elu,
    &vae__activation_gelu,       &vae__activation_silu,
    &vae__activation_tanh,       &vae__activation_sigmoid,
    &vae__activation_softplus,   NULL,
};

const struct vae__family vae__activations = {.name = "activation", .table = table};
