/* SPDX-License-Identifier: MIT */
#include "released.h"

#include <stdio.h>

#include "check_main.h"
#include "fixtures.h"

static void set_new(released_set *s, const vae_model *model, size_t first, size_t rows)
{
    size_t input = vae_model_input_dim(model), output = vae_model_output_dim(model);
    size_t condition = vae_model_condition_dim(model);
    const char *likelihood;

    memset(s, 0, sizeof *s);
    ck_assert_uint_le(input > output ? input : output, RELEASED_WIDEST);
    for (size_t i = 0; i < rows * input; i++) s->pixels[i] = (uint8_t)((first + i) * 97 % 256);
    for (size_t i = 0; i < rows * output; i++) s->target[i] = (float)((first + i) * 7 % 17) / 16;
    for (size_t i = 0; i < rows * condition; i++) s->condition[i] = (float)((first + i) % 3);
    MUST(vae_source_from_uint8(&s->sources[0], NULL, s->pixels, rows, input, 0));
    MUST(vae_config_get_text(vae_model_config(model), "likelihood", &likelihood));
    if (strcmp(likelihood, "bernoulli") == 0)
        MUST(vae_source_set_binarize(s->sources[0], "bernoulli"));
    if (output != input)
        MUST(vae_source_from_float(&s->sources[1], NULL, s->target, rows, output, 0));
    if (condition)
        MUST(vae_source_from_float(&s->sources[2], NULL, s->condition, rows, condition, 0));
}

void released_data_new(released_data *data, const vae_model *model)
{
    set_new(&data->train, model, 0, RELEASED_ROWS);
    set_new(&data->valid, model, 5, RELEASED_VALID);
}

void released_data_free(released_data *data)
{
    for (size_t i = 0; i < 3; i++) {
        vae_source_free(data->train.sources[i]);
        vae_source_free(data->valid.sources[i]);
    }
}

void released_data_set(const released_data *data, vae_trainer *trainer, int validation)
{
    vae_source *const *s = data->train.sources, *const *v = data->valid.sources;
    MUST(vae_trainer_set_data(trainer, s[0], s[1], s[2]));
    if (validation) MUST(vae_trainer_set_validation(trainer, v[0], v[1], v[2]));
}

/* The index-th kind of a family, from the beginning again after the last. */
static const char *kind(const char *family, size_t index)
{
    return vae_kind(family, index % (size_t)fixture_kind_count(family));
}

/* Small, and another one for each index: depths, a condition and an output of another width too. */
static vae_model *model_of(size_t i, vae_context *context)
{
    static const char *const encoders[] = {"4", "", "4,3"}, *const decoders[] = {"3", "2,4", "",
                                                                                 "5"};
    vae_config *config;
    vae_model *model;

    MUST(vae_config_new(&config, context, 5, 2));
    MUST(vae_config_set_text(config, "encoder", encoders[i % 3]));
    MUST(vae_config_set_text(config, "decoder", decoders[i % 4]));
    MUST(vae_config_set_text(config, "encoder_activation", kind("activation", i)));
    MUST(vae_config_set_text(config, "decoder_activation", kind("activation", i + 1)));
    MUST(vae_config_set_likelihood(config, kind("likelihood", i)));
    MUST(vae_config_set_posterior(config, kind("posterior", i)));
    MUST(vae_config_set_prior(config, kind("prior", i)));
    MUST(vae_config_set_init(config, kind("init", i)));
    MUST(vae_config_set_double(config, "gaussian_sigma", 0.1 * (double)(i + 1)));
    if (i % 2) MUST(vae_config_set_condition_dim(config, 2));
    if (i % 4 == 2) MUST(vae_config_set_output_dim(config, 7));
    MUST(vae_model_new(&model, config, i));
    vae_config_free(config);
    return model;
}

static const char *path_of(const char *folder, const char *what, const char *name, const char *end)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s-%s%s.safetensors", folder, what, name, end);
    return path;
}

static void write_model(const char *folder, size_t i)
{
    vae_model *model = model_of(i, NULL);
    MUST(vae_model_save(model, path_of(folder, "model", kind("activation", i), "")));
    vae_model_free(model);
}

/* Options that reach every slot, every schedule and each part of a step. */
static const char *const options[][9] = {
    {"clip_norm", "3", "samples", "2", "epsilon_hat", "1", NULL},
    {"weight_decay", "0.125", "reduction", "sum", "beta", "0.75", "beta_warmup", "4", NULL},
    {"momentum", "0.5", "nesterov", "1", "shuffle", "0", "patience", "5", NULL},
    {"momentum", "0.25", "centered", "1", "weight_decay", "0.5", NULL},
};

static vae_trainer *trainer_of(vae_model *model, size_t i)
{
    vae_trainer *trainer;
    MUST(vae_trainer_new(&trainer, model, kind("optimizer", i)));
    MUST(vae_trainer_set_int(trainer, "batch_size", RELEASED_BATCH));
    MUST(vae_trainer_set_int(trainer, "threads", 1));
    MUST(vae_trainer_set_int(trainer, "seed", (int64_t)i));
    MUST(vae_trainer_set_double(trainer, "learning_rate", 0.01));
    MUST(vae_trainer_set_text(trainer, "schedule", kind("schedule", i)));
    MUST(vae_trainer_set_int(trainer, "schedule_steps", 9));
    MUST(vae_trainer_set_text(trainer, "schedule_milestones", "1,2"));
    for (size_t k = 0; options[i % 4][k]; k += 2)
        MUST(vae_trainer_parse(trainer, options[i % 4][k], options[i % 4][k + 1]));
    return trainer;
}

/* An epoch with its validation and one step of the next; the end of the training beside it. */
static void write_checkpoint(const char *folder, size_t i, vae_context *context)
{
    vae_model *model = model_of(i, context);
    vae_trainer *trainer = trainer_of(model, i);
    released_data data;

    released_data_new(&data, model);
    released_data_set(&data, trainer, i % 2 == 0);
    MUST(vae_trainer_epoch(trainer));
    MUST(vae_trainer_step(trainer));
    MUST(vae_trainer_save(trainer, path_of(folder, "checkpoint", kind("optimizer", i), "")));
    MUST(vae_trainer_fit(trainer, RELEASED_EPOCHS));
    MUST(vae_model_save(model, path_of(folder, "checkpoint", kind("optimizer", i), "-end")));
    vae_trainer_free(trainer);
    released_data_free(&data);
    vae_model_free(model);
}

void released_write(const char *folder)
{
    size_t models = (size_t)fixture_kind_count("activation");
    size_t checkpoints = (size_t)fixture_kind_count("optimizer");
    vae_context *context;

    ck_assert_uint_ge(models, (size_t)fixture_kind_count("likelihood"));
    ck_assert_uint_ge(models, (size_t)fixture_kind_count("init"));
    ck_assert_uint_ge(checkpoints, (size_t)fixture_kind_count("schedule"));
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    MUST(vae_context_set_text(context, "simd", "baseline"));
    MUST(vae_context_set_text(context, "gemm", "builtin"));
    for (size_t i = 0; i < models; i++) write_model(folder, i);
    for (size_t i = 0; i < checkpoints; i++) write_checkpoint(folder, i, context);
    vae_context_free(context);
}
