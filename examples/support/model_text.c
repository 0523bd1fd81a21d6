/* SPDX-License-Identifier: MIT */
#include "model_text.h"

#include <stdio.h>

#include "report.h"

static void print_widths(const char *widths)
{
    for (; *widths; widths++) putchar(*widths == ',' ? '-' : *widths);
}

void model_print_line(const vae_model *model)
{
    const vae_config *config = vae_model_config(model);
    const char *encoder, *decoder, *likelihood;
    if (vae_config_get_text(config, "encoder", &encoder) ||
        vae_config_get_text(config, "decoder", &decoder) ||
        vae_config_get_text(config, "likelihood", &likelihood))
        return;
    printf("model: %zu%s", vae_model_input_dim(model), *encoder ? "-" : "");
    print_widths(encoder);
    printf("-%zu%s", vae_model_latent_dim(model), *decoder ? "-" : "");
    print_widths(decoder);
    printf("-%zu, %s, %zu learned numbers\n", vae_model_output_dim(model), likelihood,
           vae_model_weight_count(model));
}

int model_print_options(const vae_model *model)
{
    char text[2048];
    for (size_t i = 0; vae_config_option(i); i++) {
        const char *option = vae_config_option(i);
        if (vae_config_format(vae_model_config(model), option, text, sizeof text))
            return failed_vae("%s", option);
        printf("  %-28s %s\n", option, *text ? text : "\"\"");
    }
    return 0;
}

int model_print_tensors(const vae_model *model)
{
    size_t rank, shape[2];
    const char *name;
    for (size_t i = 0; i < vae_model_tensor_count(model); i++) {
        char sides[64];
        if (vae_model_tensor(model, i, &name, &rank, shape, NULL, NULL))
            return failed_vae("tensor %zu", i);
        snprintf(sides, sizeof sides, rank == 2 ? "%zu x %zu" : "%zu", shape[0], shape[1]);
        printf("  %-28s %-16s %10zu\n", name, sides, shape[0] * shape[1]);
    }
    return 0;
}
