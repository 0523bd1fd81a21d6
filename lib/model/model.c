/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include "model/initialize.h"

#include <string.h>

static const void *kind_of(const vae_config *config, const struct vae__family *family,
                           const char *option)
{
    return vae__family_find(family, vae__option_text(&config->options, option));
}

static void resolve_kinds(vae_model *model)
{
    const vae_config *config = model->config;
    const struct vae__options *o = &config->options;
    model->encoder.activation = kind_of(config, &vae__activations, "encoder_activation");
    model->decoder.activation = kind_of(config, &vae__activations, "decoder_activation");
    model->likelihood = kind_of(config, &vae__likelihoods, "likelihood");
    model->posterior = kind_of(config, &vae__posteriors, "posterior");
    model->prior = kind_of(config, &vae__priors, "prior");
    vae__option_args(o, &model->encoder.activation->kind, model->encoder.args);
    vae__option_args(o, &model->decoder.activation->kind, model->decoder.args);
    vae__option_args(o, &model->likelihood->kind, model->likelihood_args);
    vae__option_args(o, &model->posterior->kind, model->posterior_args);
    model->input_dim = (size_t)vae__option_int(o, "input_dim");
    model->output_dim = (size_t)vae__option_int(o, "output_dim");
    if (model->output_dim == 0) model->output_dim = model->input_dim;
    model->latent_dim = (size_t)vae__option_int(o, "latent_dim");
    model->condition_dim = (size_t)vae__option_int(o, "condition_dim");
}

vae_status vae__model_build(const char *who, vae_model **out, const vae_config *config)
{
    *out = NULL;
    VAE__TRY(vae__config_check(who, config));
    vae_model *model = vae__alloc(config->context, sizeof *model);
    if (!model) return vae__fail_memory(who, sizeof *model);
    model->context = vae__context_hold(config->context);
    model->version = 1;
    vae_status status = vae__config_copy(who, &model->config, config);
    if (status) goto failed;
    resolve_kinds(model);
    status = vae__layout_init(who, &model->layout, model->config);
    if (status) goto failed;
    model->parameters = vae__alloc_array(model->context, model->layout.floats, sizeof(float));
    if (!model->parameters) {
        status = vae__fail_memory(who, model->layout.floats * sizeof(float));
        goto failed;
    }
    *out = model;
    return VAE_OK;
failed:
    vae_model_free(model);
    return status;
}

vae_status vae_model_new(vae_model **out, const vae_config *config, uint64_t seed)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(config);
    VAE__TRY(vae__model_build(__func__, out, config));
    vae__model_initialize(*out, seed);
    return VAE_OK;
}

vae_status vae_model_copy(vae_model **out, const vae_model *model)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(model);
    VAE__TRY(vae__model_build(__func__, out, model->config));
    memcpy((*out)->parameters, model->parameters, model->layout.floats * sizeof(float));
    return VAE_OK;
}

void vae_model_free(vae_model *model)
{
    if (!model) return;
    vae_context *context = model->context;
    vae__free(context, model->parameters);
    vae__layout_clear(&model->layout, context);
    vae_config_free(model->config);
    vae__free(context, model);
    vae_context_free(context);
}

const vae_config *vae_model_config(const vae_model *model)
{
    return model ? model->config : NULL;
}

size_t vae_model_input_dim(const vae_model *model)
{
    return model ? model->input_dim : 0;
}

size_t vae_model_output_dim(const vae_model *model)
{
    return model ? model->output_dim : 0;
}

size_t vae_model_latent_dim(const vae_model *model)
{
    return model ? model->latent_dim : 0;
}

size_t vae_model_condition_dim(const vae_model *model)
{
    return model ? model->condition_dim : 0;
}

size_t vae_model_output_parameters(const vae_model *model)
{
    return model ? model->likelihood->parameters : 0;
}
