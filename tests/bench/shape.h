/* SPDX-License-Identifier: MIT */
/* The models that are measured, and the arithmetic a training step of each is. */
#ifndef SHAPE_H
#define SHAPE_H

#include <vae/vae.h>

enum { SHAPE_DIM = 784, SHAPE_ROWS = 8192, SHAPE_LAYERS = 130 };

struct shape {
    const char *name, *encoder, *decoder;
    size_t latent, batch, samples;
};

extern const struct shape shapes[]; /* ends with a NULL name */

/* Bytes that look like noise, SHAPE_ROWS x SHAPE_DIM, read as grey levels. */
vae_source *make_data(void);

vae_model *make_model(const struct shape *shape, vae_context *context);

/* A trainer with Adam on the data, that has made its first steps. */
vae_trainer *make_trainer(const struct shape *shape, vae_model *model, const vae_source *data,
                          size_t threads);

/* A dense layer: rows x in times in x out. The two heads are one layer. */
struct layer {
    size_t rows, in, out;
};

/* The model's layers, first to last; answers how many. */
size_t model_layers(const vae_model *model, const struct shape *shape,
                    struct layer layers[SHAPE_LAYERS]);

/* Multiplications and additions of a step's matrix products: forward and weights of every layer,
 * backward of all but the first. */
double step_flops(const struct layer *layers, size_t n);

#endif
