/* SPDX-License-Identifier: MIT */
#include "data/binarize.h"

/* The family: a row a kind. */
#define KINDS(row) row(none) row(threshold) row(bernoulli)

#define DECLARE(name) extern const struct vae__binarize vae__binarize_##name;
#define POINT(name) &vae__binarize_##name,

KINDS(DECLARE)
static const void *const table[] = {KINDS(POINT) NULL};

const struct vae__family vae__binarizes = {.name = "binarize", .table = table};
