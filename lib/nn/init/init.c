/* SPDX-License-Identifier: MIT */
#include "nn/init/init.h"

extern const struct vae__init vae__init_glorot_uniform, vae__init_glorot_normal,
    vae__init_he_uniform, vae__init_he_normal, vae__init_lecun_uniform, vae__init_lecun_normal,
    vae__init_pytorch, vae__init_zero;

static const void *const table[] = {
    &vae__init_glorot_uniform, &vae__init_glorot_normal, &vae__init_he_uniform,
    &vae__init_he_normal,      &vae__init_lecun_uniform, &vae__init_lecun_normal,
    &vae__init_pytorch,        &vae__init_zero,          NULL,
};

const struct vae__family vae__inits = {.name = "init", .table = table};
