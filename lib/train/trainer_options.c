/* SPDX-License-Identifier: MIT */
#include "train/trainer.h"

#include <math.h>
#include <string.h>

#define MOST_COUNT 9007199254740992.0 /* 2^53 */

static const struct vae__option own[] = {
    VAE__OPTION_INT("batch_size", 1, 1048576, 128, "rows of a step; 1 to 1048576, default 128"),
    VAE__OPTION_INT("samples", 1, 65536, 1,
                    "noise samples per row and step; 1 to 65536, default 1"),
    VAE__OPTION_INT("threads", 0, 64, 0, "0 to 64, default 0: one for each CPU of the process"),
    VAE__OPTION_INT("seed", -INFINITY, INFINITY, 0,
                    "of noise and shuffling; any 64 bits, default 0"),
    VAE__OPTION_INT("shuffle", 0, 1, 1, "1: a new order of the rows each epoch; 0 or 1, default 1"),
    VAE__OPTION_DOUBLE("learning_rate", 0, 1e6, 1e-3, "0 to 1e6, default 1e-3"),
    VAE__OPTION_DOUBLE("weight_decay", 0, 1e6, 0, "L2, decoupled for adamw; 0 to 1e6, default 0"),
    VAE__OPTION_DOUBLE("clip_norm", 0, 1e30, 0,
                       "the gradient's largest Euclidean norm; 0 to 1e30, default 0: any"),
    VAE__OPTION_DOUBLE("beta", 0, 1e6, 1, "weight of the KL term; 0 to 1e6, default 1"),
    VAE__OPTION_INT("beta_warmup", 0, MOST_COUNT, 0,
                    "steps over which beta rises linearly from 0; 0 to 2^53, default 0"),
    VAE__OPTION_KIND("reduction", "reduction", "mean",
                     "a batch's gradient is the mean or the sum over its rows; default mean"),
    VAE__OPTION_INT("patience", 0, MOST_COUNT, 0,
                    "epochs without a better validation loss after which fit stops; 0 to 2^53, "
                    "default 0: never"),
    VAE__OPTION_DOUBLE("min_delta", 0, 1e30, 0,
                       "a validation loss is better when lower by more than this; 0 to 1e30, "
                       "default 0"),
    VAE__OPTION_KIND("schedule", "schedule", "constant",
                     "how the learning rate changes; default constant"),
    VAE__OPTION_DOUBLE("epsilon", 1e-18, 1e6, 1e-8,
                       "added to the root an optimizer divides by; 1e-18 to 1e6, default 1e-8"),
    VAE__OPTION_DOUBLE("momentum", 0, 1, 0, "of the optimizers that have one; 0 to 1, default 0"),
    VAE__OPTION_END,
};

static const struct vae__family *const families[] = {&vae__optimizers, &vae__schedules, NULL};

const struct vae__schema vae__trainer_schema = {
    .what = "trainer", .own = own, .families = families};

const struct vae__schedule *vae__trainer_schedule(const vae_trainer *t)
{
    return (const void *)vae__family_find(&vae__schedules,
                                          vae__option_text(&t->options, "schedule"));
}

/* From inside a callback only what the next step reads anew may change. */
static vae_status settable(const char *who, const vae_trainer *trainer, const char *option)
{
    if (option && (strcmp(option, "learning_rate") == 0 || strcmp(option, "beta") == 0))
        return VAE_OK;
    return vae__trainer_idle(who, trainer);
}

vae_status vae_trainer_set_int(vae_trainer *trainer, const char *option, int64_t value)
{
    VAE__NEED(trainer);
    VAE__TRY(settable(__func__, trainer, option));
    return vae__options_set_int(__func__, &trainer->options, option, value);
}

vae_status vae_trainer_set_double(vae_trainer *trainer, const char *option, double value)
{
    VAE__NEED(trainer);
    VAE__TRY(settable(__func__, trainer, option));
    return vae__options_set_double(__func__, &trainer->options, option, value);
}

vae_status vae_trainer_set_text(vae_trainer *trainer, const char *option, const char *value)
{
    VAE__NEED(trainer);
    VAE__TRY(settable(__func__, trainer, option));
    return vae__options_set_text(__func__, &trainer->options, option, value);
}

vae_status vae_trainer_get_int(const vae_trainer *trainer, const char *option, int64_t *value)
{
    VAE__NEED(trainer);
    return vae__options_get_int(__func__, &trainer->options, option, value);
}

vae_status vae_trainer_get_double(const vae_trainer *trainer, const char *option, double *value)
{
    VAE__NEED(trainer);
    return vae__options_get_double(__func__, &trainer->options, option, value);
}

vae_status vae_trainer_get_text(const vae_trainer *trainer, const char *option, const char **value)
{
    VAE__NEED(trainer);
    return vae__options_get_text(__func__, &trainer->options, option, value);
}

vae_status vae_trainer_parse(vae_trainer *trainer, const char *option, const char *text)
{
    VAE__NEED(trainer);
    VAE__TRY(settable(__func__, trainer, option));
    return vae__options_parse(__func__, &trainer->options, option, text);
}

const char *vae_trainer_option(size_t index)
{
    const struct vae__option *option = vae__schema_at(&vae__trainer_schema, index);
    return option ? option->name : NULL;
}

const char *vae_trainer_option_describe(const char *option)
{
    const struct vae__option *found =
        option ? vae__schema_find(&vae__trainer_schema, option, NULL) : NULL;
    return found ? found->describe : NULL;
}

vae_status vae_trainer_option_bounds(const char *option, double *least, double *most,
                                     double *initial)
{
    return vae__schema_bounds(__func__, &vae__trainer_schema, option, least, most, initial);
}
