/* SPDX-License-Identifier: MIT */
/* Draws images from a trained model. */
#include <vae/vae.h>

#include "args.h"
#include "report.h"
#include "viewer.h"

static const char *output;
static size_t rows = 10, columns = 10, width, threads;
static uint64_t seed;
static double temperature = 1;
static int manifold, interpolate;

static const args_option options[] = {
    ARGS_OUTPUT(&output),
    {.name = "rows",
     .value = "N",
     .count = &rows,
     .least = 1,
     .most = 1000,
     .help = "lines of images"},
    {.name = "cols",
     .value = "N",
     .count = &columns,
     .least = 1,
     .most = 1000,
     .help = "images in a line"},
    {.name = "manifold",
     .flag = &manifold,
     .help = "decode a grid over the quantiles of the prior (two latent dimensions)"},
    {.name = "interpolate",
     .flag = &interpolate,
     .help = "go straight from one random code to another in each line"},
    {.name = "temperature",
     .value = "T",
     .real = &temperature,
     .most = 100,
     .help = "scales the prior's standard deviation: below 1 more typical, above 1 more varied"},
    ARGS_WIDTH(&width),
    ARGS_SEED(&seed, NULL),
    ARGS_THREADS(&threads),
    {.name = NULL},
};

static const args_program program = {
    .name = "vae-sample",
    .usage = "MODEL -o FILE.png [options]",
    .summary = "Draws codes from the prior and writes the images a model decodes them to, as one "
               "picture.",
    .example = "vae-sample out/model.safetensors -o samples.png --rows 4 --cols 8 --seed 7",
    .notes = "Ends with 0 when the picture is written, 1 on failure, 2 on wrong usage.",
    .options = options,
};

static int draw(const char *path)
{
    vae_model *model = NULL;
    viewer v = {.model = NULL};
    if (vae_model_load(&model, NULL, path)) return failed_vae("cannot load the model");
    int status = viewer_open(&v, model, width, threads, seed);
    if (!status && manifold)
        status = viewer_manifold(&v, rows, columns, output);
    else if (!status && interpolate)
        status = viewer_paths(&v, rows, columns, temperature, output);
    else if (!status)
        status = viewer_samples(&v, rows, columns, temperature, output);
    viewer_close(&v);
    vae_model_free(model);
    return status;
}

int main(int argc, char **argv)
{
    const char *path;
    args_parse(&program, argc, argv, &path, 1);
    if (!output) args_wrong(&program, "no picture to write: give -o FILE.png");
    if (manifold && interpolate)
        args_wrong(&program, "--manifold and --interpolate exclude each other");
    return draw(path) ? report_failure(program.name) : 0;
}
