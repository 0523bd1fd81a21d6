/* SPDX-License-Identifier: MIT */
/* Says what is in a model's file. */
#include <stdio.h>

#include <vae/vae.h>

#include "args.h"
#include "model_text.h"
#include "report.h"

static const args_option options[] = {{.name = NULL}};

static const args_program program = {
    .name = "vae-inspect",
    .usage = "MODEL",
    .summary =
        "Prints a model's configuration, its tensors with their shapes and sizes, and how many "
        "numbers it has learned. Checkpoints serve too.",
    .example = "vae-inspect out/model.safetensors",
    .notes = "Ends with 0 when printed, 1 on failure, 2 on wrong usage.",
    .options = options,
};

static int print(const vae_model *model)
{
    size_t weights = vae_model_weight_count(model);
    model_print_line(model);
    printf("\nconfiguration\n");
    if (model_print_options(model)) return -1;
    printf("\n%zu tensors: name, shape (out x in), numbers\n", vae_model_tensor_count(model));
    if (model_print_tensors(model)) return -1;
    printf("  %-28s %-16s %10zu\n\n", "all", "", weights);
    printf("%zu parameters, %.2f MB of float32\n", weights, (double)weights * 4e-6);
    return finish_printing();
}

int main(int argc, char **argv)
{
    const char *path;
    vae_model *model = NULL;
    args_parse(&program, argc, argv, &path, 1);
    int status =
        vae_model_load(&model, NULL, path) ? failed_vae("cannot load the model") : print(model);
    vae_model_free(model);
    return status ? report_failure(program.name) : 0;
}
