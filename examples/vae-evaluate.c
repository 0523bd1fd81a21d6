/* SPDX-License-Identifier: MIT */
/* Measures a trained model on a test set: the evidence lower bound and its two terms. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vae/vae.h>

#include "args.h"
#include "image_source.h"
#include "report.h"
#include "viewer.h"

static const char *data_name, *binarize = "none";
static size_t samples = 1, threads;
static uint64_t seed;
static int json;

static const args_option options[] = {
    ARGS_DATA(&data_name),
    {.name = "samples",
     .letter = 'n',
     .value = "L",
     .count = &samples,
     .least = 1,
     .most = 65536,
     .help = "noise samples per image for the reconstruction term"},
    {.name = "json", .letter = 'j', .flag = &json, .help = "print one JSON object"},
    ARGS_BINARIZE(&binarize),
    ARGS_SEED(&seed, NULL),
    ARGS_THREADS(&threads),
    {.name = NULL},
};

static const args_program program = {
    .name = "vae-evaluate",
    .usage = "MODEL [options]",
    .summary =
        "Prints the evidence lower bound (ELBO), the reconstruction term -log p(x|z) and the "
        "KL term in nats per image, means over the whole test set (the training set where "
        "there is none), and how many latent dimensions are used: those whose posterior mean "
        "varies by more than 0.01 over the images (Burda et al. 2015).",
    .example = "vae-evaluate out/model.safetensors --data synthetic --samples 10",
    .notes = "Bits per dimension are printed where the ELBO bounds a probability: for pixels that "
             "are black or white, under a bernoulli likelihood. Ends with 0 when printed, 1 on "
             "failure, 2 on wrong usage.",
    .options = options,
};

typedef struct measures {
    double reconstruction, kl;
    size_t active;
    int binary;
} measures;

/* Burda's activity of one latent dimension: the variance over x of the mean of q(z|x). */
static double variance(const float *mu, size_t rows, size_t stride)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < rows; i++) sum += (double)mu[i * stride];
    double mean = sum / (double)rows;
    for (size_t i = 0; i < rows; i++)
        squares += ((double)mu[i * stride] - mean) * ((double)mu[i * stride] - mean);
    return squares / (double)rows;
}

static int count_active(measures *m, viewer *v, const image_set *set)
{
    size_t latent = vae_model_latent_dim(v->model);
    float *mu = viewer_means(v, set);
    if (!mu) return -1;
    for (size_t j = 0; j < latent; j++) m->active += variance(mu + j, set->rows, latent) > 0.01;
    free(mu);
    return 0;
}

static int measure(measures *m, viewer *v, const dataset *data)
{
    const image_set *set = dataset_evaluated(data);
    vae_source *source;
    if (image_source_new(&source, data, set, binarize)) return -1;
    int status =
        image_source_binary(&m->binary, source, binarize) || count_active(m, v, set) ? -1 : 0;
    if (!status && vae_evaluate(v->workspace, v->model, source, NULL, NULL, samples, seed,
                                &m->reconstruction, &m->kl))
        status = failed_vae("cannot evaluate");
    vae_source_free(source);
    return status;
}

static void print_text(const measures *m, const vae_model *model, const dataset *data, double bits)
{
    printf("data             %s, %s set\n", data->name, data->test.rows ? "test" : "training");
    printf("                 %s\n", image_source_meaning(model, m->binary, binarize));
    printf("rows             %zu\n", dataset_evaluated(data)->rows);
    printf("elbo             %.4f nats per image\n", -(m->reconstruction + m->kl));
    printf("reconstruction   %.4f nats per image\n", m->reconstruction);
    printf("kl               %.4f nats per image\n", m->kl);
    if (!isnan(bits)) printf("bits             %.6f per dimension\n", bits);
    printf("active units     %zu of %zu\n", m->active, vae_model_latent_dim(model));
}

static void print_json(const measures *m, const vae_model *model, const dataset *data, double bits)
{
    printf("{\"rows\": %zu, \"elbo\": %.9g, \"reconstruction\": %.9g, \"kl\": %.9g, ",
           dataset_evaluated(data)->rows, -(m->reconstruction + m->kl), m->reconstruction, m->kl);
    if (isnan(bits))
        printf("\"bits_per_dimension\": null, ");
    else
        printf("\"bits_per_dimension\": %.9g, ", bits);
    printf("\"active_units\": %zu, \"latent_dim\": %zu, \"samples\": %zu, \"test_set\": %s}\n",
           m->active, vae_model_latent_dim(model), samples, data->test.rows ? "true" : "false");
}

static int evaluate(const vae_model *model, const dataset *data)
{
    viewer v = {.model = NULL};
    measures m = {0};
    const char *likelihood = "";
    int status = viewer_open(&v, model, data->width, threads, seed);
    if (!status) status = measure(&m, &v, data);
    viewer_close(&v);
    if (status) return -1;
    if (vae_config_get_text(vae_model_config(model), "likelihood", &likelihood))
        return failed_vae("likelihood");
    double bits = (double)NAN;
    if (m.binary && strcmp(likelihood, "bernoulli") == 0)
        bits = (m.reconstruction + m.kl) / log(2) / (double)vae_model_output_dim(model);
    (json ? print_json : print_text)(&m, model, data, bits);
    return finish_printing();
}

int main(int argc, char **argv)
{
    const char *path;
    dataset data = {.name = ""};
    vae_model *model = NULL;
    args_parse(&program, argc, argv, &path, 1);
    int status = vae_model_load(&model, NULL, path) ? failed_vae("cannot load the model") : 0;
    if (!status) status = dataset_load(&data, data_name, binarize);
    if (!status) status = evaluate(model, &data);
    vae_model_free(model);
    dataset_free(&data);
    return status ? report_failure(program.name) : 0;
}
