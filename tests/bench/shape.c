/* SPDX-License-Identifier: MIT */
#include "shape.h"

#include "setting.h"

#include <stdlib.h>
#include <string.h>

const struct shape shapes[] = {
    {"400-20/1", "400", "400", 20, 1, 1},
    {"400-20/20", "400", "400", 20, 20, 1},
    {"400-20/128", "400", "400", 20, 128, 1},
    {"400-20/1024", "400", "400", 20, 1024, 1},
    {"200-200-50/20", "200,200", "200,200", 50, 20, 1},
    {"200-200-50/128", "200,200", "200,200", 50, 128, 1},
    {"article/256", "128,64,32", "256,128,64", 2, 256, 1},
    {"1024-1024-64/512", "1024,1024", "1024,1024", 64, 512, 1},
    {NULL, NULL, NULL, 0, 0, 0},
};

static uint8_t pixels[SHAPE_ROWS * SHAPE_DIM];

vae_source *make_data(void)
{
    vae_source *data;
    for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(i * 2654435761u >> 24);
    must(vae_source_from_uint8(&data, NULL, pixels, SHAPE_ROWS, SHAPE_DIM, 0));
    return data;
}

vae_model *make_model(const struct shape *shape, vae_context *context)
{
    vae_config *config;
    vae_model *model;
    must(vae_config_new(&config, context, SHAPE_DIM, shape->latent));
    must(vae_config_set_text(config, "encoder", shape->encoder));
    must(vae_config_set_text(config, "decoder", shape->decoder));
    must(vae_model_new(&model, config, 1));
    vae_config_free(config);
    return model;
}

vae_trainer *make_trainer(const struct shape *shape, vae_model *model, const vae_source *data,
                          size_t threads)
{
    vae_trainer *trainer;
    must(vae_trainer_new(&trainer, model, "adam"));
    must(vae_trainer_set_int(trainer, "batch_size", (int64_t)shape->batch));
    must(vae_trainer_set_int(trainer, "samples", (int64_t)shape->samples));
    must(vae_trainer_set_int(trainer, "threads", (int64_t)threads));
    must(vae_trainer_set_data(trainer, data, NULL, NULL));
    for (int i = 0; i < 5; i++) must(vae_trainer_step(trainer));
    return trainer;
}

size_t model_layers(const vae_model *model, const struct shape *shape,
                    struct layer layers[SHAPE_LAYERS])
{
    size_t n = 0;
    for (size_t i = 0; i < vae_model_tensor_count(model); i++) {
        const char *name;
        size_t size[2], rank;
        must(vae_model_tensor(model, i, &name, &rank, size, NULL, NULL));
        if (rank != 2) continue;
        if (strcmp(name, "logvar.weight") == 0) {
            layers[n - 1].out += size[0];
            continue;
        }
        int decodes = strncmp(name, "decoder.", 8) == 0 || strncmp(name, "output.", 7) == 0;
        layers[n++] = (struct layer){
            .rows = shape->batch * (decodes ? shape->samples : 1), .in = size[1], .out = size[0]};
    }
    return n;
}

double step_flops(const struct layer *layers, size_t n)
{
    double total = 0.0;
    for (size_t l = 0; l < n; l++)
        total += (l == 0 ? 4.0 : 6.0) * (double)(layers[l].rows * layers[l].in * layers[l].out);
    return total;
}
