/* SPDX-License-Identifier: MIT */
/* The one list of where everything is: dense layers in the flat block, named tensors in the
 * layers. */
#ifndef VAE_MODEL_LAYOUT_H
#define VAE_MODEL_LAYOUT_H

#include "model/config.h"

/* A dense layer's parameters are (in + 1) x ld floats at `offset`: weights [in][ld], columns past
 * `out` zero, then the bias as one more row. ld and offset are multiples of 16. */
struct vae__dense {
    size_t in, out, ld, offset;
};

/* A named tensor: rows of a dense layer, columns [column, column + shape[0]) of it. */
struct vae__tensor {
    char name[32];
    size_t dense;
    size_t rank, shape[2], offset, strides[2];
};

/* Dense layers in order: encoder 0..encoder-1, the heads (mean | logvar side by side), decoder,
 * output. */
struct vae__layout {
    size_t encoder, decoder; /* hidden layers */
    size_t n_dense, n_tensors;
    struct vae__dense *dense;
    struct vae__tensor *tensors;
    size_t floats;  /* the flat block, padding included */
    size_t weights; /* numbers learned */
};

#define VAE__HEADS(layout) ((layout)->encoder)
#define VAE__OUTPUT(layout) ((layout)->n_dense - 1)

/* Rows padded to whole vectors, and never a multiple of 1 KiB apart (cache sets). */
size_t vae__leading(size_t columns);

/* The config has been checked. */
vae_status vae__layout_init(const char *who, struct vae__layout *layout, const vae_config *config);
void vae__layout_clear(struct vae__layout *layout, const vae_context *context);
const struct vae__tensor *vae__layout_find(const struct vae__layout *layout, const char *name);

/* Padding is nobody's to write, but the kernels count on its being zero: of a block that was out of
 * the library's hands. */
void vae__layout_clear_padding(const struct vae__layout *layout, float *block);

/* Strided copies between a tensor in a flat block and the standard order. */
void vae__tensor_get(const struct vae__tensor *tensor, const float *block, float *values);
void vae__tensor_set(const struct vae__tensor *tensor, float *block, const float *values);

#endif
