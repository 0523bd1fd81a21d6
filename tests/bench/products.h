/* SPDX-License-Identifier: MIT */
/* A training step's matrix products and nothing else, by CBLAS on one thread: what a step written
 * over a good BLAS cannot be quicker than. */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "shape.h"

struct products;

/* NULL when the library has no CBLAS. */
struct products *products_new(const struct layer *layers, size_t n);
void products_free(struct products *products);

/* Forward through every layer, back through all but the first, then the weights' gradients, each
 * product over the whole batch. user: struct products. The BLAS must be held. */
void products_run(void *user);

#endif
