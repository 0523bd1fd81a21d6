/* SPDX-License-Identifier: MIT */
#include "model/initialize.h"

#include "math/noise.h"
#include "nn/init/init.h"
#include "support/fpstate.h"

#define CHUNK 1024

/* A chunk of the tensor's noise, by the baseline kernel: its bits are those of every level. */
static void draw(const struct vae__noise *noise, size_t tensor, size_t first, size_t n, int normal,
                 float out[CHUNK])
{
    struct vae__noise place = *noise;
    place.step = (uint32_t)(first / CHUNK);
    (normal ? vae__noise_normal : vae__noise_uniform)[0](&place, tensor, 1, n, out, CHUNK);
}

static void fill(vae_model *model, const struct vae__tensor *tensor, size_t index, uint64_t seed,
                 int normal, double size)
{
    struct vae__noise noise = vae__noise_at(seed, 0, VAE__PURPOSE_INIT, 0);
    size_t total = tensor->shape[0] * tensor->shape[1];
    float u[CHUNK];
    for (size_t first = 0; first < total; first += CHUNK) {
        size_t n = total - first < CHUNK ? total - first : CHUNK;
        draw(&noise, index, first, n, normal, u);
        for (size_t j = 0; j < n; j++) {
            size_t o = (first + j) / tensor->shape[1], i = (first + j) % tensor->shape[1];
            double v = normal ? (double)u[j] : 2.0 * (double)u[j] - 1.0;
            model->parameters[tensor->offset + o * tensor->strides[0] + i * tensor->strides[1]] =
                (float)(size * v);
        }
    }
}

/* The gain of what follows a layer: an activation, or nothing after heads and output. */
static double gain_after(const vae_model *model, size_t dense)
{
    const struct vae__layout *layout = &model->layout;
    if (dense == VAE__HEADS(layout) || dense == VAE__OUTPUT(layout)) return 1.0;
    return (dense < layout->encoder ? model->encoder : model->decoder).activation->gain;
}

void vae__model_initialize(vae_model *model, uint64_t seed)
{
    vae__fpstate saved = vae__fp_enter();
    const struct vae__init *init = (const void *)vae__family_find(
        &vae__inits, vae__option_text(&model->config->options, "init"));
    for (size_t t = 0; t < model->layout.n_tensors; t++) {
        const struct vae__tensor *tensor = &model->layout.tensors[t];
        size_t fan_in = model->layout.dense[tensor->dense].in, fan_out = tensor->shape[0];
        double gain = gain_after(model, tensor->dense);
        int is_bias = tensor->rank == 1;
        double (*size)(size_t, size_t, double) = is_bias ? init->bias : init->weight;
        if (size)
            fill(model, tensor, t, seed, init->normal && !is_bias, size(fan_in, fan_out, gain));
    }
    vae__fp_leave(saved);
}
