/* SPDX-License-Identifier: MIT */
/* An outside program: trains two steps on made-up rows, saves, loads, and compares. */
#include <stdio.h>
#include <string.h>

#include <vae/vae.h>

enum { ROWS = 64, DIM = 12, LATENT = 2 };

static int failed(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, vae_last_error());
    return 1;
}

static void make_rows(float *x)
{
    for (size_t i = 0; i < (size_t)ROWS * DIM; i++) x[i] = (float)((i * 7 + i / DIM) % 11) / 10.0f;
}

static int train(vae_model *model, const vae_source *data)
{
    vae_trainer *trainer = NULL;
    if (vae_trainer_new(&trainer, model, "adam") ||
        vae_trainer_set_data(trainer, data, NULL, NULL) ||
        vae_trainer_set_int(trainer, "batch_size", ROWS / 2) || vae_trainer_step(trainer) ||
        vae_trainer_step(trainer))
        return failed("train");
    double steps = 0.0;
    if (vae_trainer_result(trainer, "step", &steps) || steps != 2.0) return failed("two steps");
    vae_trainer_free(trainer);
    return 0;
}

static int same_weights(const vae_model *a, const vae_model *b)
{
    size_t n = vae_model_parameter_count(a);
    return n > 0 && n == vae_model_parameter_count(b) &&
           memcmp(vae_model_parameters(a), vae_model_parameters(b), n * sizeof(float)) == 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: consumer MODEL\n"), 2;
    static float x[ROWS * DIM];
    vae_config *config = NULL;
    vae_model *model = NULL, *untrained = NULL, *loaded = NULL;
    vae_source *data = NULL;
    const size_t hidden[] = {16};

    make_rows(x);
    if (vae_config_new(&config, NULL, DIM, LATENT) || vae_config_set_encoder(config, hidden, 1) ||
        vae_config_set_decoder(config, hidden, 1) || vae_model_new(&model, config, 1) ||
        vae_model_copy(&untrained, model) || vae_source_from_float(&data, NULL, x, ROWS, DIM, 0))
        return failed("build");
    if (train(model, data)) return 1;
    if (same_weights(model, untrained)) return fprintf(stderr, "training moved no weight\n"), 1;
    if (vae_model_save(model, argv[1]) || vae_model_load(&loaded, NULL, argv[1]))
        return failed("save and load");
    if (!same_weights(model, loaded)) return fprintf(stderr, "loaded weights differ\n"), 1;

    vae_model_free(loaded);
    vae_model_free(untrained);
    vae_source_free(data);
    vae_model_free(model);
    vae_config_free(config);
    printf("%s\n", vae_version_string());
    return 0;
}
