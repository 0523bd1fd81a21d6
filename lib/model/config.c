/* SPDX-License-Identifier: MIT */
#include "model/config.h"

#include "distribution/likelihood.h"
#include "distribution/posterior.h"
#include "distribution/prior.h"
#include "nn/activation/activation.h"
#include "nn/init/init.h"
#include "support/number.h"

#include <stdio.h>
#include <string.h>

static const char *check_widths(const char *text)
{
    size_t widths[VAE__MAX_LAYERS], n;
    return vae__parse_widths(text, widths, &n);
}

static const struct vae__option own[] = {
    VAE__OPTION_INT("input_dim", 1, VAE__MAX_DIM, 1, "numbers per row, 1 to 1048576"),
    VAE__OPTION_INT("output_dim", 0, VAE__MAX_DIM, 0,
                    "numbers per row of the output, 0 to 1048576; default 0: as many as the input"),
    VAE__OPTION_INT("latent_dim", 1, VAE__MAX_DIM, 1, "dimensions of z, 1 to 1048576"),
    VAE__OPTION_INT("condition_dim", 0, VAE__MAX_DIM, 0,
                    "numbers of the condition, 0 to 1048576; default 0: none"),
    VAE__OPTION_TEXT("encoder", "400", check_widths,
                     "hidden widths from input to latent code, with commas; default 400"),
    VAE__OPTION_TEXT("decoder", "400", check_widths,
                     "hidden widths from latent code to output, with commas; default 400"),
    VAE__OPTION_KIND("encoder_activation", "activation", "relu",
                     "activation of the encoder's hidden layers; default relu"),
    VAE__OPTION_KIND("decoder_activation", "activation", "relu",
                     "activation of the decoder's hidden layers; default relu"),
    VAE__OPTION_KIND("likelihood", "likelihood", "bernoulli", "p(x|z); default bernoulli"),
    VAE__OPTION_KIND("posterior", "posterior", "gaussian_diag", "q(z|x); default gaussian_diag"),
    VAE__OPTION_KIND("prior", "prior", "standard_normal", "p(z); default standard_normal"),
    VAE__OPTION_KIND("init", "init", "pytorch", "how weights are first drawn; default pytorch"),
    VAE__OPTION_END,
};

static const struct vae__family *const families[] = {&vae__posteriors, &vae__priors,
                                                     &vae__likelihoods, &vae__activations, NULL};

const struct vae__schema vae__config_schema = {.what = "config", .own = own, .families = families};

const char *vae__parse_widths(const char *text, size_t widths[VAE__MAX_LAYERS], size_t *n)
{
    *n = 0;
    while (*text) {
        char word[16];
        size_t length = strcspn(text, ",");
        int64_t width;
        if (length >= sizeof word) return "a width has too many digits";
        memcpy(word, text, length);
        word[length] = '\0';
        if (vae__parse_int(word, &width) != 0)
            return "widths are whole numbers with commas between";
        if (width < 1 || width > VAE__MAX_DIM) return "a width is 1 to 1048576";
        if (*n == VAE__MAX_LAYERS) return "there are at most 64 layers";
        widths[(*n)++] = (size_t)width;
        text += length;
        if (*text && !*++text) return "a width is missing after the last comma";
    }
    return NULL;
}

static vae_status check_dim(const char *who, const char *option, size_t dim, size_t least)
{
    if (dim >= least && dim <= VAE__MAX_DIM) return VAE_OK;
    return vae__fail(VAE_EINVAL, "%s: %s is %zu; its range is %zu to %d", who, option, dim, least,
                     VAE__MAX_DIM);
}

vae_status vae_config_new(vae_config **out, vae_context *context, size_t input_dim,
                          size_t latent_dim)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__TRY(check_dim(__func__, "input_dim", input_dim, 1));
    VAE__TRY(check_dim(__func__, "latent_dim", latent_dim, 1));
    vae_config *config = vae__alloc(context, sizeof *config);
    if (!config) return vae__fail_memory(__func__, sizeof *config);
    config->context = vae__context_hold(context);
    vae_status status = vae__options_init(__func__, &config->options, context, &vae__config_schema);
    if (!status)
        status = vae__options_set_int(__func__, &config->options, "input_dim", (int64_t)input_dim);
    if (!status)
        status =
            vae__options_set_int(__func__, &config->options, "latent_dim", (int64_t)latent_dim);
    if (status) {
        vae_config_free(config);
        return status;
    }
    *out = config;
    return VAE_OK;
}

vae_status vae__config_copy(const char *who, vae_config **out, const vae_config *config)
{
    *out = NULL;
    vae_config *copy = vae__alloc(config->context, sizeof *copy);
    if (!copy) return vae__fail_memory(who, sizeof *copy);
    copy->context = vae__context_hold(config->context);
    vae_status status = vae__options_copy(who, &copy->options, &config->options, copy->context);
    if (status) {
        vae_config_free(copy);
        return status;
    }
    *out = copy;
    return VAE_OK;
}

vae_status vae_config_copy(vae_config **out, const vae_config *config)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(config);
    return vae__config_copy(__func__, out, config);
}

void vae_config_free(vae_config *config)
{
    if (!config) return;
    vae_context *context = config->context;
    vae__options_clear(&config->options);
    vae__free(context, config);
    vae_context_free(context);
}

static vae_status set_widths(const char *who, vae_config *config, const char *option,
                             const size_t *widths, size_t n)
{
    char text[VAE__MAX_LAYERS * 8 + 1] = ""; /* seven digits and a comma each */
    size_t used = 0;
    if (!config) return vae__fail(VAE_EINVAL, "%s: config is NULL", who);
    if (!widths && n > 0) return vae__fail(VAE_EINVAL, "%s: widths is NULL", who);
    if (n > VAE__MAX_LAYERS)
        return vae__fail(VAE_EINVAL, "%s: %zu layers; there are at most %d", who, n,
                         VAE__MAX_LAYERS);
    for (size_t i = 0; i < n; i++) {
        if (widths[i] < 1 || widths[i] > VAE__MAX_DIM)
            return vae__fail(VAE_EINVAL, "%s: width %zu of layer %zu; a width is 1 to %d", who,
                             widths[i], i, VAE__MAX_DIM);
        int length = snprintf(text + used, sizeof text - used, i ? ",%zu" : "%zu", widths[i]);
        used += (size_t)length;
    }
    return vae__options_set_text(who, &config->options, option, text);
}

vae_status vae_config_set_encoder(vae_config *config, const size_t *widths, size_t n)
{
    return set_widths(__func__, config, "encoder", widths, n);
}

vae_status vae_config_set_decoder(vae_config *config, const size_t *widths, size_t n)
{
    return set_widths(__func__, config, "decoder", widths, n);
}

vae_status vae_config_set_activation(vae_config *config, const char *name)
{
    VAE__NEED(config);
    return vae__options_set_both(__func__, &config->options, "encoder_activation",
                                 "decoder_activation", name);
}

vae_status vae_config_set_likelihood(vae_config *config, const char *name)
{
    VAE__NEED(config);
    return vae__options_set_text(__func__, &config->options, "likelihood", name);
}

vae_status vae_config_set_posterior(vae_config *config, const char *name)
{
    VAE__NEED(config);
    return vae__options_set_text(__func__, &config->options, "posterior", name);
}

vae_status vae_config_set_prior(vae_config *config, const char *name)
{
    VAE__NEED(config);
    return vae__options_set_text(__func__, &config->options, "prior", name);
}

vae_status vae_config_set_init(vae_config *config, const char *name)
{
    VAE__NEED(config);
    return vae__options_set_text(__func__, &config->options, "init", name);
}

static vae_status set_dim(const char *who, vae_config *config, const char *option, size_t dim)
{
    if (!config) return vae__fail_null(who, "config");
    VAE__TRY(check_dim(who, option, dim, 0));
    return vae__options_set_int(who, &config->options, option, (int64_t)dim);
}

vae_status vae_config_set_condition_dim(vae_config *config, size_t dim)
{
    return set_dim(__func__, config, "condition_dim", dim);
}

vae_status vae_config_set_output_dim(vae_config *config, size_t dim)
{
    return set_dim(__func__, config, "output_dim", dim);
}
