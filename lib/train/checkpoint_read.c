/* SPDX-License-Identifier: MIT */
/* Loading: everything is built and checked aside, then takes the trainer's place at once. */
#include "train/checkpoint.h"

#include "support/fpstate.h"

#include <stdio.h>
#include <string.h>

/* What a file holds, ready to be moved into a trainer. */
struct loaded {
    vae_config *config;
    vae_model *model;
    struct vae__options options;
    struct vae__progress progress;
    struct vae__print data, validation;
    float *slots[VAE__MAX_SLOTS];
    float *best;
    char kernels[32];
};

static void discard(const vae_trainer *t, struct loaded *l)
{
    vae_config_free(l->config);
    vae_model_free(l->model);
    vae__options_clear(&l->options);
    for (size_t s = 0; s < VAE__MAX_SLOTS; s++) vae__free(t->context, l->slots[s]);
    vae__free(t->context, l->best);
}

static vae_status read_config(const struct vae__reader *reader, const vae_trainer *t,
                              struct loaded *l)
{
    char theirs[128] = "longer text", ours[128] = "longer text";
    VAE__TRY(vae__model_file_config(reader, t->context, &l->config));
    const vae_config *read = l->config, *config = t->model->config;
    const char *option = vae__config_difference(read, config);
    if (!option) return VAE_OK;
    vae__options_format(reader->who, &read->options, option, theirs, sizeof theirs);
    vae__options_format(reader->who, &config->options, option, ours, sizeof ours);
    return vae__fail(VAE_ESHAPE, "%s: the checkpoint's model has %s %s, the trainer's %s",
                     reader->who, option, theirs, ours);
}

static vae_status check_optimizer(const struct vae__reader *reader, const vae_trainer *t)
{
    const char *name = vae__reader_text(reader, VAE__KEY_OPTIMIZER);
    if (!name)
        return vae__fail(VAE_EFORMAT, "%s: a model, but no checkpoint: it has no %s", reader->who,
                         VAE__KEY_OPTIMIZER);
    if (strcmp(name, t->optimizer->kind.name) == 0) return VAE_OK;
    return vae__fail(VAE_ESHAPE,
                     "%s: the checkpoint is of the optimizer %.64s; the trainer's is %s",
                     reader->who, name, t->optimizer->kind.name);
}

/* An option the file does not have has its default: the file is older than the option. */
static vae_status read_options(const struct vae__reader *reader, const vae_trainer *t,
                               struct loaded *l)
{
    VAE__TRY(vae__options_init(reader->who, &l->options, t->context, &vae__trainer_schema));
    VAE__TRY(vae__options_read(reader, VAE__KEY_OPTION, &l->options));
    return vae__options_set_int(reader->who, &l->options, "threads",
                                vae__option_int(&t->options, "threads"));
}

/* Without a block: only looks whether the file has it. */
static vae_status read_block(const struct vae__reader *reader, const vae_trainer *t,
                             const char *name, float **block)
{
    const struct vae__layout *layout = &t->model->layout;
    char prefix[VAE__KEY_TEXT];
    snprintf(prefix, sizeof prefix, VAE__TRAIN_PREFIX "%s.", name);
    if (!block) return vae__block_read(reader, prefix, layout, NULL);
    *block = vae__alloc_array(t->context, layout->floats, sizeof **block);
    if (!*block) return vae__fail_memory(reader->who, layout->floats * sizeof **block);
    return vae__block_read(reader, prefix, layout, *block);
}

static vae_status check_slot(const struct vae__reader *reader, const vae_trainer *t, size_t s,
                             const float *slot)
{
    for (size_t i = 0; t->optimizer->slot_is_square[s] && i < t->model->layout.floats; i++)
        if (vae__is_negative(&slot[i]))
            return vae__fail_in(VAE_EFORMAT, reader->who, "%s holds a negative mean of squares",
                                t->optimizer->slot_names[s]);
    return VAE_OK;
}

static vae_status read_blocks(const struct vae__reader *reader, const vae_trainer *t,
                              struct loaded *l, int only_look)
{
    for (size_t s = 0; s < t->optimizer->slots; s++) {
        float **slot = only_look ? NULL : &l->slots[s];
        VAE__TRY(read_block(reader, t, t->optimizer->slot_names[s], slot));
        if (slot) VAE__TRY(check_slot(reader, t, s, *slot));
    }
    if (!l->progress.best_epoch) return VAE_OK;
    return read_block(reader, t, "best", only_look ? NULL : &l->best);
}

static vae_status read_progress(const struct vae__reader *reader, struct loaded *l)
{
    VAE__TRY(vae__progress_read(reader, &l->progress));
    VAE__TRY(vae__print_read(reader, VAE__KEY_DATA, &l->data));
    VAE__TRY(vae__print_read(reader, VAE__KEY_VALIDATION, &l->validation));
    if (l->progress.place > l->data.rows ||
        (l->progress.running && l->progress.place == l->data.rows))
        return vae__fail(VAE_EFORMAT, "%s: the place in the epoch is past its end", reader->who);
    return VAE_OK;
}

/* Whether the kernels that would compute now are those that wrote the file. */
static void compare_kernels(const struct vae__reader *reader, const vae_trainer *t,
                            struct loaded *l)
{
    const char *wrote = vae__reader_text(reader, VAE__KEY_KERNELS);
    if (!wrote || !*wrote) return;
    snprintf(l->kernels, sizeof l->kernels, "%s", vae__context_kernels(t->context));
    if (strcmp(wrote, l->kernels) != 0) l->progress.kernels_changed = 1;
}

/* What the header alone can tell is judged before the data cost anything. */
static vae_status read_header(const struct vae__reader *reader, const vae_trainer *t,
                              struct loaded *l)
{
    VAE__TRY(read_config(reader, t, l));
    VAE__TRY(check_optimizer(reader, t));
    VAE__TRY(read_options(reader, t, l));
    VAE__TRY(read_progress(reader, l));
    VAE__TRY(read_blocks(reader, t, l, 1));
    compare_kernels(reader, t, l);
    VAE__TRY(vae__print_check(reader->who, "data", &l->data, &t->data_print));
    return vae__print_check(reader->who, "validation set", &l->validation, &t->validation_print);
}

static vae_status read_all(struct vae__reader *reader, const vae_trainer *t, struct loaded *l)
{
    VAE__TRY(read_header(reader, t, l));
    VAE__TRY(vae__reader_data(reader));
    VAE__TRY(vae__model_file_read(reader, l->config, &l->model));
    return read_blocks(reader, t, l, 0);
}

/* Nothing here can fail. What the trainer had is left in `l`, to be discarded. */
static void exchange(vae_trainer *t, struct loaded *l)
{
    struct loaded old = {
        .config = l->config, .model = l->model, .options = t->options, .best = t->best};
    memcpy(old.slots, t->slots, sizeof old.slots);
    memcpy(t->model->parameters, l->model->parameters, t->model->layout.floats * sizeof(float));
    t->model->version++;
    memcpy(t->slots, l->slots, sizeof t->slots);
    t->options = l->options;
    t->best = l->best;
    t->progress = l->progress;
    t->expected_data = l->data;
    t->expected_validation = l->validation;
    memcpy(t->kernels, l->kernels, sizeof t->kernels);
    t->plan.order_epoch = 0;
    t->epoch_seconds = t->epoch_rows = 0.0;
    *l = old;
}

/* Ends every load: `status` is what opening the reader answered. */
static vae_status load(vae_trainer *t, struct vae__reader *reader, vae_status status)
{
    struct loaded l = {0};
    if (status == VAE_OK) status = read_all(reader, t, &l);
    if (status == VAE_OK) exchange(t, &l);
    discard(t, &l);
    vae__reader_clear(reader);
    return status;
}

static vae_status loadable(const char *who, const vae_trainer *t)
{
    VAE__TRY(vae__trainer_idle(who, t));
    return vae__model_writable(who, t->model);
}

vae_status vae_trainer_load(vae_trainer *trainer, const char *path)
{
    VAE__NEED(trainer);
    VAE__NEED(path);
    VAE__TRY(loadable(__func__, trainer));
    struct vae__reader reader;
    vae_status status = vae__reader_path(&reader, __func__, trainer->context, path);
    return load(trainer, &reader, status);
}

vae_status vae_trainer_load_memory(vae_trainer *trainer, const void *memory, size_t bytes)
{
    VAE__NEED(trainer);
    VAE__NEED(memory);
    VAE__TRY(loadable(__func__, trainer));
    struct vae__reader reader;
    vae_status status = vae__reader_memory(&reader, __func__, trainer->context, memory, bytes);
    return load(trainer, &reader, status);
}

vae_status vae_trainer_read(vae_trainer *trainer, vae_read_fn read, void *user)
{
    VAE__NEED(trainer);
    VAE__NEED(read);
    VAE__TRY(loadable(__func__, trainer));
    struct vae__reader reader;
    vae__trainer_seize(trainer);
    vae_status status = vae__reader_stream(&reader, __func__, trainer->context, read, user);
    status = load(trainer, &reader, status);
    vae__trainer_let_go(trainer);
    return status;
}
