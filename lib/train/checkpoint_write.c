/* SPDX-License-Identifier: MIT */
#include "train/checkpoint.h"

#include "support/number.h"

#include <stdio.h>
#include <string.h>

/* A trainer that resumed and was not yet given data goes on expecting what it did. */
static const struct vae__print *either(const struct vae__print *of_set,
                                       const struct vae__print *expected)
{
    return of_set->rows ? of_set : expected;
}

/* threads is the machine's affair: files are the same for any number. */
static vae_status write_options(struct vae__writer *writer, const struct vae__options *options)
{
    const struct vae__option *option;
    for (size_t i = 0; (option = vae__schema_at(options->schema, i)) != NULL; i++) {
        char key[VAE__KEY_TEXT], number[VAE__NUMBER_TEXT];
        const char *text = options->values[i].text;
        if (strcmp(option->name, "threads") == 0 || !vae__option_in_files(options, i)) continue;
        snprintf(key, sizeof key, VAE__KEY_OPTION "%s", option->name);
        if (option->type != VAE__TEXT) {
            VAE__TRY(
                vae__options_format(writer->who, options, option->name, number, sizeof number));
            text = number;
        }
        VAE__TRY(vae__writer_text(writer, key, text));
    }
    return VAE_OK;
}

static vae_status write_blocks(struct vae__writer *writer, const vae_trainer *t)
{
    const struct vae__layout *layout = &t->model->layout;
    for (size_t s = 0; s < t->optimizer->slots; s++) {
        char prefix[VAE__KEY_TEXT];
        snprintf(prefix, sizeof prefix, VAE__TRAIN_PREFIX "%s.", t->optimizer->slot_names[s]);
        VAE__TRY(vae__block_write(writer, prefix, layout, t->slots[s]));
    }
    if (t->progress.best_epoch == 0) return VAE_OK;
    return vae__block_write(writer, VAE__TRAIN_PREFIX "best.", layout, t->best);
}

static vae_status collect(struct vae__writer *writer, const char *who, const vae_trainer *t)
{
    VAE__TRY(vae__writer_init(writer, who, t->context));
    VAE__TRY(vae__model_file_write(writer, t->model));
    VAE__TRY(vae__writer_text(writer, VAE__KEY_OPTIMIZER, t->optimizer->kind.name));
    VAE__TRY(vae__writer_text(writer, VAE__KEY_KERNELS, t->kernels));
    VAE__TRY(write_options(writer, &t->options));
    VAE__TRY(vae__progress_write(writer, &t->progress));
    VAE__TRY(vae__print_write(writer, VAE__KEY_DATA, either(&t->data_print, &t->expected_data)));
    VAE__TRY(vae__print_write(writer, VAE__KEY_VALIDATION,
                              either(&t->validation_print, &t->expected_validation)));
    return write_blocks(writer, t);
}

vae_status vae_trainer_save(const vae_trainer *trainer, const char *path)
{
    VAE__NEED(trainer);
    VAE__NEED(path);
    struct vae__writer writer;
    vae_status status = collect(&writer, __func__, trainer);
    if (status == VAE_OK) status = vae__writer_save(&writer, path);
    vae__writer_clear(&writer);
    return status;
}

vae_status vae_trainer_save_memory(const vae_trainer *trainer, void *memory, size_t capacity,
                                   size_t *bytes)
{
    VAE__NEED(trainer);
    VAE__NEED(bytes);
    struct vae__writer writer;
    vae_status status = collect(&writer, __func__, trainer);
    if (status == VAE_OK) status = vae__writer_save_memory(&writer, memory, capacity, bytes);
    vae__writer_clear(&writer);
    return status;
}

vae_status vae_trainer_write(const vae_trainer *trainer, vae_write_fn write, void *user)
{
    VAE__NEED(trainer);
    VAE__NEED(write);
    struct vae__writer writer;
    vae_trainer *held = (vae_trainer *)(uintptr_t)trainer; /* what is written must stay as it is */
    vae__trainer_seize(held);
    vae_status status = collect(&writer, __func__, trainer);
    if (status == VAE_OK) status = vae__writer_send(&writer, write, user);
    vae__writer_clear(&writer);
    vae__trainer_let_go(held);
    return status;
}
