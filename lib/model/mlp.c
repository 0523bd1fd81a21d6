/* SPDX-License-Identifier: MIT */
#include "model/mlp.h"

static size_t padded(size_t columns)
{
    return (columns + 15) & ~(size_t)15;
}

static void dense_forward(const struct vae__shard *s, size_t layer, struct vae__matrix input,
                          struct vae__matrix output)
{
    const struct vae__dense *dense = &s->model->layout.dense[layer];
    const float *w = s->model->parameters + dense->offset;
    struct vae__product product = {.m = s->rows,
                                   .n = padded(dense->out),
                                   .k = dense->in,
                                   .a = vae__row(input, s->place),
                                   .a_row = input.ld,
                                   .a_col = 1,
                                   .b = w,
                                   .ldb = dense->ld,
                                   .c = vae__row(output, s->place),
                                   .ldc = output.ld,
                                   .bias = w + dense->in * dense->ld};
    s->ws->gemm(&product);
}

static void dense_backward(const struct vae__shard *s, size_t layer, struct vae__matrix d_input)
{
    const struct vae__dense *dense = &s->model->layout.dense[layer];
    struct vae__matrix d = s->ws->flow[layer].d;
    struct vae__product product = {.m = s->rows,
                                   .n = padded(dense->in),
                                   .k = dense->out,
                                   .a = vae__row(d, s->place),
                                   .a_row = d.ld,
                                   .a_col = 1,
                                   .b = s->ws->transposed[layer],
                                   .ldb = vae__leading(dense->in),
                                   .c = vae__row(d_input, s->place),
                                   .ldc = d_input.ld};
    s->ws->gemm(&product);
}

void vae__mlp_forward(const struct vae__shard *s, const struct vae__mlp *mlp)
{
    const struct vae__activation *f = mlp->activation->activation;
    struct vae__matrix input = mlp->input;
    size_t last = mlp->first + mlp->hidden;
    for (size_t l = mlp->first; l < last; l++) {
        const struct vae__flow *flow = &s->ws->flow[l];
        struct vae__matrix z = flow->z.data ? flow->z : flow->y;
        dense_forward(s, l, input, z);
        uint32_t magnitude =
            f->forward[s->ws->level](s->rows * z.ld, vae__row(z, s->place),
                                     vae__row(flow->y, s->place), mlp->activation->args);
        vae__raise(&s->magnitudes[VAE__OF_INPUT(l + 1)], magnitude);
        input = flow->y;
    }
    dense_forward(s, last, input, s->ws->flow[last].y);
}

void vae__mlp_backward(const struct vae__shard *s, const struct vae__mlp *mlp)
{
    const struct vae__layout *layout = &s->model->layout;
    const struct vae__activation *f = mlp->activation->activation;
    for (size_t l = mlp->first + mlp->hidden; l > mlp->first; l--) {
        const struct vae__flow *below = &s->ws->flow[l - 1];
        dense_backward(s, l, below->d);
        const float *z = below->z.data ? vae__row(below->z, s->place) : NULL;
        uint32_t magnitude =
            f->backward[s->ws->level](s->rows * below->d.ld, z, vae__row(below->y, s->place),
                                      vae__row(below->d, s->place), mlp->activation->args);
        vae__raise(&s->magnitudes[VAE__OF_D(layout, l - 1)], magnitude);
    }
    if (mlp->d_input.data) dense_backward(s, mlp->first, mlp->d_input);
}
