/* SPDX-License-Identifier: MIT */
#include "model/coder.h"

static void load(const struct vae__shard *s, const struct vae__rows *view, size_t first,
                 struct vae__matrix to, size_t column, size_t what, size_t layer)
{
    const struct vae__layout *layout = &s->model->layout;
    uint32_t magnitude =
        vae__rows_load(view, s->ws->level, first, s->rows, vae__row(to, s->place) + column, to.ld);
    vae__raise(&s->magnitudes[VAE__OF_LOADED(layout, what)], magnitude);
    if (layer < layout->n_dense) vae__raise(&s->magnitudes[VAE__OF_INPUT(layer)], magnitude);
}

void vae__load_input(const struct vae__shard *s, const struct vae__rows *input,
                     const struct vae__rows *condition, size_t first)
{
    load(s, input, first, s->ws->x, 0, VAE__LOADED_INPUT, 0);
    if (condition->load)
        load(s, condition, first, s->ws->x, s->model->input_dim, VAE__LOADED_CONDITION, 0);
}

void vae__load_target(const struct vae__shard *s, const struct vae__rows *target, size_t first)
{
    load(s, target, first, s->ws->target, 0, VAE__LOADED_TARGET, s->model->layout.n_dense);
}

void vae__load_latent(const struct vae__shard *s, const struct vae__rows *latent, size_t first)
{
    load(s, latent, first, s->ws->zc, 0, VAE__LOADED_LATENT, s->model->layout.encoder + 1);
}

void vae__load_decoder_condition(const struct vae__shard *s, const struct vae__rows *condition,
                                 size_t first)
{
    if (condition->load)
        load(s, condition, first, s->ws->zc, s->model->latent_dim, VAE__LOADED_CONDITION,
             s->model->layout.encoder + 1);
}

static struct vae__mlp encoder(const struct vae__shard *s)
{
    return (struct vae__mlp){.first = 0,
                             .hidden = s->model->layout.encoder,
                             .activation = &s->model->encoder,
                             .input = s->ws->x};
}

static struct vae__mlp decoder(const struct vae__shard *s)
{
    return (struct vae__mlp){.first = s->model->layout.encoder + 1,
                             .hidden = s->model->layout.decoder,
                             .activation = &s->model->decoder,
                             .input = s->ws->zc,
                             .d_input = s->ws->dzc};
}

void vae__encode_forward(const struct vae__shard *s)
{
    struct vae__mlp mlp = encoder(s);
    vae__mlp_forward(s, &mlp);
}

void vae__encode_backward(const struct vae__shard *s, int input_gradient)
{
    struct vae__mlp mlp = encoder(s);
    if (input_gradient) mlp.d_input = s->ws->dx;
    vae__mlp_backward(s, &mlp);
}

void vae__decode_forward(const struct vae__shard *s)
{
    struct vae__mlp mlp = decoder(s);
    vae__mlp_forward(s, &mlp);
}

void vae__decode_backward(const struct vae__shard *s)
{
    struct vae__mlp mlp = decoder(s);
    vae__mlp_backward(s, &mlp);
}
