/* SPDX-License-Identifier: MIT */
/* A config's options by name: the table-driven half of config.h. */
#include "model/config.h"

#include "distribution/likelihood.h"

#include <math.h>
#include <string.h>

vae_status vae_config_set_int(vae_config *config, const char *option, int64_t value)
{
    VAE__NEED(config);
    return vae__options_set_int(__func__, &config->options, option, value);
}

vae_status vae_config_set_double(vae_config *config, const char *option, double value)
{
    VAE__NEED(config);
    return vae__options_set_double(__func__, &config->options, option, value);
}

vae_status vae_config_set_text(vae_config *config, const char *option, const char *value)
{
    VAE__NEED(config);
    return vae__options_set_text(__func__, &config->options, option, value);
}

vae_status vae_config_get_int(const vae_config *config, const char *option, int64_t *value)
{
    VAE__NEED(config);
    return vae__options_get_int(__func__, &config->options, option, value);
}

vae_status vae_config_get_double(const vae_config *config, const char *option, double *value)
{
    VAE__NEED(config);
    return vae__options_get_double(__func__, &config->options, option, value);
}

vae_status vae_config_get_text(const vae_config *config, const char *option, const char **value)
{
    VAE__NEED(config);
    return vae__options_get_text(__func__, &config->options, option, value);
}

vae_status vae_config_parse(vae_config *config, const char *option, const char *text)
{
    VAE__NEED(config);
    return vae__options_parse(__func__, &config->options, option, text);
}

vae_status vae_config_format(const vae_config *config, const char *option, char *text, size_t size)
{
    VAE__NEED(config);
    return vae__options_format(__func__, &config->options, option, text, size);
}

const char *vae_config_option(size_t index)
{
    const struct vae__option *option = vae__schema_at(&vae__config_schema, index);
    return option ? option->name : NULL;
}

const char *vae_config_option_describe(const char *option)
{
    const struct vae__option *found =
        option ? vae__schema_find(&vae__config_schema, option, NULL) : NULL;
    return found ? found->describe : NULL;
}

vae_status vae_config_option_bounds(const char *option, double *least, double *most,
                                    double *initial)
{
    return vae__schema_bounds(__func__, &vae__config_schema, option, least, most, initial);
}

/* What single options cannot know: how large everything is together, and ranges that cross. */
static vae_status check_sizes(const char *who, const struct vae__options *o)
{
    size_t widths[VAE__MAX_LAYERS + 2], n;
    const char *sides[] = {"encoder", "decoder"};
    const struct vae__family *family = vae__family_named("likelihood");
    const struct vae__likelihood *likelihood =
        (const void *)vae__family_find(family, vae__option_text(o, "likelihood"));
    int64_t input = vae__option_int(o, "input_dim"), output = vae__option_int(o, "output_dim");
    int64_t latent = vae__option_int(o, "latent_dim"),
            condition = vae__option_int(o, "condition_dim");
    double ends[2][2] = {{(double)(input + condition), 2.0 * (double)latent},
                         {(double)(latent + condition),
                          (double)likelihood->parameters * (double)(output ? output : input)}};
    double floats = 0;
    for (size_t side = 0; side < 2; side++) {
        vae__parse_widths(vae__option_text(o, sides[side]), widths, &n);
        double in = ends[side][0];
        for (size_t i = 0; i <= n; i++) {
            double out = i < n ? (double)widths[i] : ends[side][1];
            floats += (in + 1) * (out + 32);
            in = out;
        }
    }
    const double most = fmin(4294967296.0, (double)(SIZE_MAX / sizeof(float)));
    if (floats > most)
        return vae__fail(VAE_EINVAL,
                         "%s: the layers hold %.3g parameters together; the limit is %.0f", who,
                         floats, most);
    return VAE_OK;
}

static vae_status check_range(const char *who, const struct vae__options *o, const char *least,
                              const char *most)
{
    double a = vae__option_double(o, least), b = vae__option_double(o, most);
    if (a >= b)
        return vae__fail(VAE_EINVAL, "%s: %s is %g, not below %s, %g", who, least, a, most, b);
    return VAE_OK;
}

/* The partner of an option called X_min; NULL when there is none. */
static const char *partner(const struct vae__options *o, const char *least, char most[64])
{
    size_t length = strlen(least);
    if (length < 4 || length >= 64 || strcmp(least + length - 4, "_min") != 0) return NULL;
    memcpy(most, least, length + 1);
    memcpy(most + length - 2, "ax", 2);
    return vae__schema_find(o->schema, most, NULL) ? most : NULL;
}

vae_status vae__config_check(const char *who, const vae_config *config)
{
    const struct vae__options *o = &config->options;
    char most[64];
    VAE__TRY(check_sizes(who, o));
    for (size_t i = 0; i < o->n; i++) {
        const char *least = vae__schema_at(o->schema, i)->name;
        if (partner(o, least, most)) VAE__TRY(check_range(who, o, least, most));
    }
    return VAE_OK;
}

const char *vae_config_check(const vae_config *config)
{
    vae_status status =
        config ? vae__config_check(__func__, config) : VAE__FAIL(VAE_EINVAL, "config is NULL");
    return status ? vae_last_error() : NULL;
}

/* Whether a config uses the kind an option belongs to; the config's own options are always used. */
static int used(const vae_config *config, const struct vae__option *option)
{
    const struct vae__schema *schema = config->options.schema;
    int owned = 0;
    for (size_t f = 0; schema->families[f]; f++)
        for (size_t k = 0; schema->families[f]->table[k]; k++) {
            const struct vae__kind *kind = schema->families[f]->table[k];
            for (const struct vae__option *o = kind->options; o && o->name; o++) {
                if (o != option) continue;
                owned = 1;
                for (const struct vae__option *own = schema->own; own->name; own++)
                    if (own->type == VAE__TEXT && own->family &&
                        strcmp(own->family, schema->families[f]->name) == 0 &&
                        strcmp(vae__option_text(&config->options, own->name), kind->name) == 0)
                        return 1;
            }
        }
    return !owned;
}

const char *vae__config_difference(const vae_config *a, const vae_config *b)
{
    const struct vae__option *option;
    for (size_t i = 0; (option = vae__schema_at(a->options.schema, i)) != NULL; i++) {
        if (strcmp(option->name, "init") == 0 || !(used(a, option) || used(b, option))) continue;
        if (!vae__options_same(&a->options, &b->options, i)) return option->name;
    }
    return NULL;
}
