/* SPDX-License-Identifier: MIT */
#include "model/layout.h"

#include "distribution/likelihood.h"

#include <stdio.h>
#include <string.h>

size_t vae__leading(size_t columns)
{
    size_t ld = (columns + 15) & ~(size_t)15;
    return ld % 256 == 0 ? ld + 16 : ld;
}

static void add_dense(struct vae__layout *layout, size_t in, size_t out)
{
    struct vae__dense *dense = &layout->dense[layout->n_dense++];
    *dense = (struct vae__dense){
        .in = in, .out = out, .ld = vae__leading(out), .offset = layout->floats};
    layout->floats += (in + 1) * dense->ld;
    layout->weights += (in + 1) * out;
}

static void add_tensors(struct vae__layout *layout, const char *name, size_t index, size_t column,
                        size_t columns)
{
    const struct vae__dense *dense = &layout->dense[index];
    struct vae__tensor *weight = &layout->tensors[layout->n_tensors++];
    struct vae__tensor *bias = &layout->tensors[layout->n_tensors++];
    *weight = (struct vae__tensor){.dense = index,
                                   .rank = 2,
                                   .shape = {columns, dense->in},
                                   .offset = dense->offset + column,
                                   .strides = {1, dense->ld}};
    *bias = (struct vae__tensor){.dense = index,
                                 .rank = 1,
                                 .shape = {columns, 1},
                                 .offset = dense->offset + dense->in * dense->ld + column,
                                 .strides = {1, dense->ld}};
    snprintf(weight->name, sizeof weight->name, "%s.weight", name);
    snprintf(bias->name, sizeof bias->name, "%s.bias", name);
}

/* One side: its hidden layers, then the linear layer that ends it. */
static void add_side(struct vae__layout *layout, const char *side, const size_t *widths, size_t n,
                     size_t in, size_t out)
{
    for (size_t i = 0; i < n; i++) {
        char name[24];
        snprintf(name, sizeof name, "%s.%zu", side, i);
        add_dense(layout, in, widths[i]);
        add_tensors(layout, name, layout->n_dense - 1, 0, widths[i]);
        in = widths[i];
    }
    add_dense(layout, in, out);
}

vae_status vae__layout_init(const char *who, struct vae__layout *layout, const vae_config *config)
{
    const struct vae__options *o = &config->options;
    size_t encoder[VAE__MAX_LAYERS], decoder[VAE__MAX_LAYERS];
    *layout = (struct vae__layout){.dense = NULL};
    vae__parse_widths(vae__option_text(o, "encoder"), encoder, &layout->encoder);
    vae__parse_widths(vae__option_text(o, "decoder"), decoder, &layout->decoder);
    size_t layers = layout->encoder + layout->decoder + 2;
    layout->dense = vae__alloc_array(config->context, layers, sizeof *layout->dense);
    layout->tensors = vae__alloc_array(config->context, 2 * layers + 2, sizeof *layout->tensors);
    if (!layout->dense || !layout->tensors) {
        vae__layout_clear(layout, config->context);
        return vae__fail_memory(who, (2 * layers + 2) * sizeof *layout->tensors);
    }

    const struct vae__likelihood *likelihood =
        (const void *)vae__family_find(&vae__likelihoods, vae__option_text(o, "likelihood"));
    size_t input = (size_t)vae__option_int(o, "input_dim");
    size_t output = (size_t)vae__option_int(o, "output_dim");
    size_t latent = (size_t)vae__option_int(o, "latent_dim");
    size_t condition = (size_t)vae__option_int(o, "condition_dim");
    size_t parameters = likelihood->parameters * (output ? output : input);

    add_side(layout, "encoder", encoder, layout->encoder, input + condition, 2 * latent);
    add_tensors(layout, "mean", layout->n_dense - 1, 0, latent);
    add_tensors(layout, "logvar", layout->n_dense - 1, latent, latent);
    add_side(layout, "decoder", decoder, layout->decoder, latent + condition, parameters);
    add_tensors(layout, "output", layout->n_dense - 1, 0, parameters);
    return VAE_OK;
}

void vae__layout_clear(struct vae__layout *layout, const vae_context *context)
{
    vae__free(context, layout->dense);
    vae__free(context, layout->tensors);
    *layout = (struct vae__layout){.dense = NULL};
}

const struct vae__tensor *vae__layout_find(const struct vae__layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->n_tensors; i++)
        if (strcmp(layout->tensors[i].name, name) == 0) return &layout->tensors[i];
    return NULL;
}

void vae__layout_clear_padding(const struct vae__layout *layout, float *block)
{
    for (size_t d = 0; d < layout->n_dense; d++) {
        const struct vae__dense *dense = &layout->dense[d];
        float *row = block + dense->offset;
        for (size_t i = 0; i <= dense->in; i++, row += dense->ld)
            memset(row + dense->out, 0, (dense->ld - dense->out) * sizeof *row);
    }
}

void vae__tensor_get(const struct vae__tensor *tensor, const float *block, float *values)
{
    const float *from = block + tensor->offset;
    for (size_t o = 0; o < tensor->shape[0]; o++)
        for (size_t i = 0; i < tensor->shape[1]; i++)
            *values++ = from[o * tensor->strides[0] + i * tensor->strides[1]];
}

void vae__tensor_set(const struct vae__tensor *tensor, float *block, const float *values)
{
    float *to = block + tensor->offset;
    for (size_t o = 0; o < tensor->shape[0]; o++)
        for (size_t i = 0; i < tensor->shape[1]; i++)
            to[o * tensor->strides[0] + i * tensor->strides[1]] = *values++;
}
