/* SPDX-License-Identifier: MIT */
#include "io/model_file.h"

#include <stdio.h>
#include <string.h>

#include <vae/version.h>

#define FORMAT_KEY "libvae.format"
#define VERSION_KEY "libvae.version"
#define CONFIG_PREFIX "libvae.config."
#define KEY_BYTES 96
#define VALUE_BYTES 1024 /* the longest are 64 widths of 7 digits */

vae_status vae__options_write(struct vae__writer *writer, const char *prefix,
                              const struct vae__options *options)
{
    char key[KEY_BYTES], value[VALUE_BYTES];
    for (size_t i = 0; i < options->n; i++) {
        const char *name = vae__schema_at(options->schema, i)->name;
        if (!vae__option_in_files(options, i)) continue;
        snprintf(key, sizeof key, "%s%s", prefix, name);
        VAE__TRY(vae__options_format(writer->who, options, name, value, sizeof value));
        VAE__TRY(vae__writer_text(writer, key, value));
    }
    return VAE_OK;
}

static const char *writer_version(const struct vae__reader *reader)
{
    const char *version = vae__reader_text(reader, VERSION_KEY);
    return version ? version : "of unknown version";
}

vae_status vae__options_read(const struct vae__reader *reader, const char *prefix,
                             struct vae__options *options)
{
    char who[sizeof reader->who + 96];
    size_t length = strlen(prefix);
    snprintf(who, sizeof who, "%s: written by libvae %.64s", reader->who, writer_version(reader));
    for (const char *key = NULL; (key = vae__reader_next_key(reader, key)) != NULL;) {
        if (strncmp(key, prefix, length) != 0) continue;
        vae_status status =
            vae__options_parse(who, options, key + length, vae__reader_text(reader, key));
        if (status != VAE_OK) return status == VAE_EINVAL ? VAE_EFORMAT : status;
    }
    return VAE_OK;
}

vae_status vae__model_file_write(struct vae__writer *writer, const vae_model *model)
{
    VAE__TRY(vae__writer_int(writer, FORMAT_KEY, VAE__FORMAT));
    VAE__TRY(vae__writer_text(writer, VERSION_KEY, vae_version_string()));
    VAE__TRY(vae__options_write(writer, CONFIG_PREFIX, &model->config->options));
    return vae__block_write(writer, "", &model->layout, model->parameters);
}

static vae_status check_format(const struct vae__reader *reader)
{
    static const char *const needed[] = {FORMAT_KEY, CONFIG_PREFIX "input_dim",
                                         CONFIG_PREFIX "latent_dim"};
    int64_t format;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!vae__reader_text(reader, needed[i]))
            return vae__fail_in(VAE_EFORMAT, reader->who,
                                "not a model of libvae: its __metadata__ has no %s", needed[i]);
    VAE__TRY(vae__reader_int(reader, FORMAT_KEY, &format));
    if (format == VAE__FORMAT) return VAE_OK;
    return vae__fail_in(VAE_EUNKNOWN, reader->who,
                        "written by libvae %.64s in format %lld; this version reads format %d",
                        writer_version(reader), (long long)format, VAE__FORMAT);
}

static vae_status read_config(const struct vae__reader *reader, vae_context *context,
                              vae_config **out)
{
    vae_status status = vae_config_new(out, context, 1, 1);
    if (status != VAE_OK) return vae__fail_in(status, reader->who, "%s", vae_last_error());
    VAE__TRY(vae__options_read(reader, CONFIG_PREFIX, &(*out)->options));
    return vae__config_check(reader->who, *out) ? VAE_EFORMAT : VAE_OK;
}

/* Before any memory is asked for: the file has each of the model's tensors, and no others. */
static vae_status check_tensors(const struct vae__reader *reader, const struct vae__layout *layout)
{
    VAE__TRY(vae__block_read(reader, "", layout, NULL));
    for (size_t i = 0; i < reader->n; i++) {
        const char *name = reader->tensors[i].name;
        if (strncmp(name, VAE__TRAIN_PREFIX, strlen(VAE__TRAIN_PREFIX)) == 0) continue;
        if (!vae__layout_find(layout, name))
            return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%.64s\": the model has none",
                                name);
    }
    return VAE_OK;
}

static vae_status check_layout(const struct vae__reader *reader, const vae_config *config)
{
    struct vae__layout layout;
    VAE__TRY(vae__layout_init(reader->who, &layout, config));
    vae_status status = check_tensors(reader, &layout);
    vae__layout_clear(&layout, config->context);
    return status;
}

vae_status vae__model_file_config(const struct vae__reader *reader, vae_context *context,
                                  vae_config **out)
{
    *out = NULL;
    VAE__TRY(check_format(reader));
    vae_status status = read_config(reader, context, out);
    if (status == VAE_OK) status = check_layout(reader, *out);
    if (status == VAE_OK) return VAE_OK;
    vae_config_free(*out);
    *out = NULL;
    return status;
}

vae_status vae__model_file_read(const struct vae__reader *reader, const vae_config *config,
                                vae_model **out)
{
    *out = NULL;
    vae_status status = vae__model_build(reader->who, out, config);
    if (status == VAE_OK) status = vae__block_read(reader, "", &(*out)->layout, (*out)->parameters);
    if (status == VAE_OK) return VAE_OK;
    vae_model_free(*out);
    *out = NULL;
    return status;
}
