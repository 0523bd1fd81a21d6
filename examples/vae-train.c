/* SPDX-License-Identifier: MIT */
/* Trains a variational autoencoder on images. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <vae/vae.h>

#include "args.h"
#include "image_source.h"
#include "model_text.h"
#include "preset.h"
#include "report.h"
#include "training.h"
#include "training_pictures.h"

static const char *data_name, *optimizer = "adam", *binarize = "none", *preset = "pytorch";
static const char *gemm = "auto", *simd = "auto";
static size_t epochs = 10, valid = SIZE_MAX, checkpoint_every, threads;
static uint64_t seed;
static double warmup;
static int seed_given, warmup_given, resume, quiet, verbose;
static settings chosen;

#define NAMES(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define LIBRARY(...) .set = &chosen, .option = NAMES(__VA_ARGS__)

static const args_option options[] = {
    ARGS_DATA(&data_name),
    {.name = "preset",
     .value = "NAME",
     .text = &preset,
     .choices = preset_names,
     .help = "what the other options start from: 784-400-20-400-784 with bernoulli, batch 128; or "
             "784-128-64-32-2-256-128-64-784 with squared error, batch 256"},
    {.name = "encoder",
     .value = "WIDTHS",
     LIBRARY("encoder"),
     .help = "hidden widths from image to code, as in 512,256"},
    {.name = "decoder",
     .value = "WIDTHS",
     LIBRARY("decoder"),
     .help = "hidden widths from code to image"},
    {.name = "latent",
     .letter = 'l',
     .value = "N",
     LIBRARY("latent_dim"),
     .help = "dimensions of the code z"},
    {.name = "activation",
     .value = "NAME",
     .family = "activation",
     LIBRARY("encoder_activation", "decoder_activation"),
     .help = "of the hidden layers"},
    {.name = "likelihood",
     .value = "NAME",
     .family = "likelihood",
     LIBRARY("likelihood"),
     .help = "p(x|z)"},
    {.name = "epochs",
     .letter = 'e',
     .value = "N",
     .count = &epochs,
     .least = 1,
     .most = 1e9,
     .help = "passes over the training images, those of a resumed run included"},
    {.name = "batch-size",
     .letter = 'b',
     .value = "N",
     LIBRARY("batch_size"),
     .help = "images per step"},
    {.name = "optimizer",
     .value = "NAME",
     .text = &optimizer,
     .family = "optimizer",
     .help = "how gradients become steps"},
    {.name = "lr", .value = "RATE", LIBRARY("learning_rate"), .help = "learning rate"},
    {.name = "beta", .value = "WEIGHT", LIBRARY("beta"), .help = "weight of the KL term"},
    {.name = "warmup",
     .value = "EPOCHS",
     .real = &warmup,
     .given = &warmup_given,
     .most = 1e6,
     .help = "epochs over which beta rises from 0"},
    ARGS_BINARIZE(&binarize),
    {.name = "valid",
     .value = "ROWS",
     .count = &valid,
     .most = 1e9,
     .help = "hold out the last training images as test set; 0: test on nothing",
     .initial = "the data's own test set, else a tenth"},
    {.name = "resume",
     .letter = 'r',
     .flag = &resume,
     .help = "go on from OUTDIR/checkpoint.safetensors: repeat the first command and add this"},
    {.name = "checkpoint-every",
     .value = "STEPS",
     .count = &checkpoint_every,
     .most = 1e9,
     .help = "also save a checkpoint inside epochs; 0: after each epoch only"},
    {.name = "set",
     .value = "OPTION=VALUE",
     .set = &chosen,
     .help = "any option of the library; they are listed below"},
    ARGS_SEED(&seed, &seed_given),
    ARGS_THREADS(&threads),
    {.name = "simd",
     .value = "NAME",
     .text = &simd,
     .family = "simd",
     .help = "instruction set: name one to get the same bits on machines with better ones"},
    {.name = "gemm", .value = "NAME", .text = &gemm, .family = "gemm", .help = "matrix product"},
    {.name = "quiet", .letter = 'q', .flag = &quiet, .help = "print errors only"},
    {.name = "verbose", .letter = 'v', .flag = &verbose, .help = "print the model's options too"},
    {.name = NULL},
};

static const args_program program = {
    .name = "vae-train",
    .usage = "OUTDIR [options]",
    .summary =
        "Trains a variational autoencoder on images. OUTDIR gets model.safetensors, "
        "checkpoint.safetensors, log.csv, samples.png, reconstructions.png and loss.svg, and "
        "with two latent dimensions manifold.png and latent.svg.",
    .example = "vae-train out --data synthetic --latent 2 --epochs 20",
    .notes = "Ends with 0 when trained, 1 on failure, 2 on wrong usage, and 129, 130 or 143 after "
             "SIGHUP, SIGINT or SIGTERM, when the checkpoint holds where it stopped.",
    .options = options,
};

/* A value the library refuses is a wrong command line. */
static int make_model(vae_model **model, size_t pixels)
{
    size_t n;
    const setting *rows = preset_settings(preset, &n);
    vae_config *config = NULL;
    vae_context *context = NULL;
    if (vae_context_new(&context, NULL, NULL, NULL)) return failed_vae("cannot begin");
    if (vae_context_set_text(context, "simd", simd) || vae_context_set_text(context, "gemm", gemm))
        args_wrong(&program, "%s", vae_last_error());
    vae_status made = vae_config_new(&config, context, pixels, 20);
    vae_context_free(context);
    if (made) return failed_vae("cannot describe a model");
    if (settings_apply_config(rows, n, config) ||
        settings_apply_config(chosen.rows, chosen.n, config))
        args_wrong(&program, "%s", failure());
    if (vae_config_check(config)) args_wrong(&program, "%s", vae_last_error());
    vae_status status = vae_model_new(model, config, seed);
    vae_config_free(config);
    return status ? failed_vae("cannot make the model") : 0;
}

/* From a checkpoint on only what the command line itself says is set again. */
static int set_options(vae_trainer *trainer, size_t rows)
{
    int64_t batch;
    if (settings_apply_trainer(chosen.rows, chosen.n, trainer))
        args_wrong(&program, "%s", failure());
    if (vae_trainer_get_int(trainer, "batch_size", &batch)) return failed_vae("--batch-size");
    double steps = (double)((rows + (size_t)batch - 1) / (size_t)batch);
    if (warmup_given &&
        vae_trainer_set_int(trainer, "beta_warmup", (int64_t)(warmup * steps + 0.5)))
        return failed_vae("--warmup");
    return 0;
}

static int make_trainer(vae_trainer **trainer, vae_model *model, const vae_source *train,
                        const vae_source *test)
{
    size_t n;
    const setting *rows = preset_settings(preset, &n);
    if (vae_trainer_new(trainer, model, optimizer) ||
        vae_trainer_set_int(*trainer, "seed", (int64_t)seed) ||
        vae_trainer_set_int(*trainer, "threads", (int64_t)threads) ||
        vae_trainer_set_data(*trainer, train, NULL, NULL) ||
        (test && vae_trainer_set_validation(*trainer, test, NULL, NULL)))
        return failed_vae("cannot make a trainer");
    if (settings_apply_trainer(rows, n, *trainer)) return -1;
    return set_options(*trainer, vae_source_rows(train));
}

static int introduce(const dataset *data, const vae_model *model, const vae_source *train)
{
    int binary;
    if (quiet) return 0;
    if (image_source_binary(&binary, train, binarize)) return -1;
    printf("data: %s; %zu training and %zu test images of %zu x %zu pixels\n", data->name,
           data->train.rows, data->test.rows, data->width, data->height);
    printf("%s\n", image_source_meaning(model, binary, binarize));
    model_print_line(model);
    return verbose ? model_print_options(model) : 0;
}

static int finish(const training *t, const vae_model *model, const dataset *data)
{
    char path[4096];
    int64_t noise;
    viewer v = {.model = NULL};
    if (training_path(t, "model.safetensors", path, sizeof path)) return -1;
    if (vae_model_save(model, path)) return failed_vae("cannot save the model");
    if (vae_trainer_get_int(t->trainer, "seed", &noise)) return failed_vae("--seed");
    int status = viewer_open(&v, model, data->width, threads, (uint64_t)noise);
    if (!status) status = training_pictures(t, &v, data);
    viewer_close(&v);
    if (!status && !quiet) printf("%s\n", path);
    return status ? status : finish_printing();
}

/* A checkpoint keeps the seed it began with: another one on the command line is a mistake. */
static int take_up(training *t, const dataset *data)
{
    int64_t ours, theirs;
    if (vae_trainer_get_int(t->trainer, "seed", &ours)) return failed_vae("--seed");
    if (training_load(t)) return -1;
    if (vae_trainer_get_int(t->trainer, "seed", &theirs)) return failed_vae("--seed");
    if (seed_given && ours != theirs)
        return failed("cannot resume: the training began with --seed %" PRIu64 ", not %" PRIu64,
                      (uint64_t)theirs, (uint64_t)ours);
    return set_options(t->trainer, data->train.rows);
}

static int make_folder(const training *t)
{
    return mkdir(t->folder, 0777) && errno != EEXIST ? failed_system("%s", t->folder) : 0;
}

static int train(training *t, vae_model *model, const dataset *data)
{
    if (resume ? take_up(t, data) : make_folder(t)) return -1;
    int status = training_run(t);
    if (status > 0 && !quiet && !t->fresh)
        printf("stopped in epoch %.0f; to go on, repeat the command with --resume\n",
               training_result(t->trainer, "epoch") + 1);
    return status ? status : finish(t, model, data);
}

int main(int argc, char **argv)
{
    dataset data = {.name = ""};
    vae_source *rows = NULL, *test = NULL;
    vae_model *model = NULL;
    training t = {.fresh = 1};

    args_parse(&program, argc, argv, &t.folder, 1);
    t.epochs = epochs;
    t.checkpoint_every = checkpoint_every;
    t.quiet = quiet;
    int status = -1;
    if (!dataset_load(&data, data_name, binarize) && !dataset_hold_out(&data, valid) &&
        !image_source_new(&rows, &data, &data.train, binarize) &&
        !image_source_new(&test, &data, &data.test, binarize) &&
        !make_model(&model, data.train.size) && !make_trainer(&t.trainer, model, rows, test) &&
        !introduce(&data, model, rows))
        status = train(&t, model, &data);
    vae_trainer_free(t.trainer);
    vae_model_free(model);
    vae_source_free(test);
    vae_source_free(rows);
    dataset_free(&data);
    settings_free(&chosen);
    if (status < 0) return report_failure(program.name);
    return status ? 128 + status : 0;
}
