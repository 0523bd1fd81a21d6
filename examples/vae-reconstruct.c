/* SPDX-License-Identifier: MIT */
/* Shows images beside what a trained model makes of them. */
#include <vae/vae.h>

#include "args.h"
#include "report.h"
#include "viewer.h"

static const char *output, *data_name, *binarize = "none";
static size_t count = 20, columns = 10, threads;
static uint64_t seed;
static int sample;

static const args_option options[] = {
    ARGS_DATA(&data_name),
    ARGS_OUTPUT(&output),
    {.name = "count",
     .letter = 'n',
     .value = "N",
     .count = &count,
     .least = 1,
     .most = 100000,
     .help = "images, from the first of the test set on"},
    {.name = "cols",
     .value = "N",
     .count = &columns,
     .least = 1,
     .most = 1000,
     .help = "images in a line"},
    {.name = "sample", .flag = &sample, .help = "decode a sample of q(z|x) instead of its mean"},
    {.name = "binarize",
     .value = "HOW",
     .text = &binarize,
     .choices = "none threshold",
     .help = "turn grey pixels into black and white at 1/2"},
    ARGS_SEED(&seed, NULL),
    ARGS_THREADS(&threads),
    {.name = NULL},
};

static const args_program program = {
    .name = "vae-reconstruct",
    .usage = "MODEL -o FILE.png [options]",
    .summary =
        "Encodes images of the test set (the training set where there is none), decodes them "
        "again, and writes both as one picture: lines of images, below each the "
        "reconstructions.",
    .example = "vae-reconstruct out/model.safetensors --data synthetic -o pairs.png --count 30",
    .notes = "Ends with 0 when the picture is written, 1 on failure, 2 on wrong usage.",
    .options = options,
};

static int reconstruct(const char *path, const dataset *data)
{
    vae_model *model = NULL;
    viewer v = {.model = NULL};
    if (vae_model_load(&model, NULL, path)) return failed_vae("cannot load the model");
    int status = viewer_open(&v, model, data->width, threads, seed);
    if (!status)
        status =
            viewer_reconstructions(&v, dataset_evaluated(data), count, columns, sample, output);
    viewer_close(&v);
    vae_model_free(model);
    return status;
}

int main(int argc, char **argv)
{
    const char *path;
    dataset data;
    args_parse(&program, argc, argv, &path, 1);
    if (!output) args_wrong(&program, "no picture to write: give -o FILE.png");
    if (dataset_load(&data, data_name, binarize)) return report_failure(program.name);
    int status = reconstruct(path, &data);
    dataset_free(&data);
    return status ? report_failure(program.name) : 0;
}
