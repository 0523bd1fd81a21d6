/* SPDX-License-Identifier: MIT */
#include "data/binarize.h"

extern const struct vae__binarize vae__binarize_none;

const struct vae__binarize vae__binarize_none = {
    .kind = {.name = "none", .describe = "rows as they are"},
};
