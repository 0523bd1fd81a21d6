/* SPDX-License-Identifier: MIT */
#include "io/model_file.h"

#include <string.h>

static vae_status collect(struct vae__writer *writer, const char *who, const vae_model *model)
{
    VAE__TRY(vae__writer_init(writer, who, model->context));
    return vae__model_file_write(writer, model);
}

vae_status vae_model_save(const vae_model *model, const char *path)
{
    struct vae__writer writer;
    VAE__NEED(model);
    VAE__NEED(path);
    vae_status status = collect(&writer, __func__, model);
    if (status == VAE_OK) status = vae__writer_save(&writer, path);
    vae__writer_clear(&writer);
    return status;
}

vae_status vae_model_save_memory(const vae_model *model, void *memory, size_t capacity,
                                 size_t *bytes)
{
    struct vae__writer writer;
    VAE__NEED(model);
    VAE__NEED(bytes);
    vae_status status = collect(&writer, __func__, model);
    if (status == VAE_OK) status = vae__writer_save_memory(&writer, memory, capacity, bytes);
    vae__writer_clear(&writer);
    return status;
}

vae_status vae_model_write(const vae_model *model, vae_write_fn write, void *user)
{
    struct vae__writer writer;
    VAE__NEED(model);
    VAE__NEED(write);
    vae_status status = collect(&writer, __func__, model);
    if (status == VAE_OK) status = vae__writer_send(&writer, write, user);
    vae__writer_clear(&writer);
    return status;
}

/* Ends every load: `status` is what opening the reader answered. */
static vae_status build(struct vae__reader *reader, vae_status status, vae_context *context,
                        vae_model **out)
{
    vae_config *config = NULL;
    if (status == VAE_OK) status = vae__model_file_config(reader, context, &config);
    if (status == VAE_OK) status = vae__reader_data(reader);
    if (status == VAE_OK) status = vae__model_file_read(reader, config, out);
    vae_config_free(config);
    vae__reader_clear(reader);
    return status;
}

vae_status vae_model_load(vae_model **out, vae_context *context, const char *path)
{
    struct vae__reader reader;
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(path);
    vae_status status = vae__reader_path(&reader, __func__, context, path);
    return build(&reader, status, context, out);
}

vae_status vae_model_load_memory(vae_model **out, vae_context *context, const void *memory,
                                 size_t bytes)
{
    struct vae__reader reader;
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(memory);
    vae_status status = vae__reader_memory(&reader, __func__, context, memory, bytes);
    return build(&reader, status, context, out);
}

vae_status vae_model_read(vae_model **out, vae_context *context, vae_read_fn read, void *user)
{
    struct vae__reader reader;
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(read);
    vae_status status = vae__reader_stream(&reader, __func__, context, read, user);
    return build(&reader, status, context, out);
}

/* The file's tensor for one of the model's, whatever it is called there. */
static vae_status find_renamed(const struct vae__reader *reader, const struct vae__tensor *tensor,
                               vae_rename_fn rename, void *user, const struct vae__found **found)
{
    char has[VAE__SHAPE_TEXT], needs[VAE__SHAPE_TEXT];
    const char *name = rename ? rename(user, tensor->name) : NULL;
    if (!name) name = tensor->name;
    *found = vae__reader_find(reader, name);
    if (!*found)
        return vae__fail_in(VAE_EUNKNOWN, reader->who, "no tensor \"%.64s\" for the model's \"%s\"",
                            name, tensor->name);
    if (vae__found_fits(*found, tensor->rank, tensor->shape))
        return vae__found_is_float(reader, *found);
    return vae__fail_in(VAE_ESHAPE, reader->who,
                        "tensor \"%.64s\" has shape %s, the model's \"%s\" has %s", name,
                        vae__shape_text((*found)->rank, (*found)->shape, has), tensor->name,
                        vae__shape_text(tensor->rank, tensor->shape, needs));
}

/* Every tensor is found and fits before the data are taken. */
static vae_status fill_block(struct vae__reader *reader, const struct vae__layout *layout,
                             vae_rename_fn rename, void *user, const struct vae__found **found,
                             float *block)
{
    for (size_t i = 0; i < layout->n_tensors; i++)
        VAE__TRY(find_renamed(reader, &layout->tensors[i], rename, user, &found[i]));
    VAE__TRY(vae__reader_data(reader));
    for (size_t i = 0; i < layout->n_tensors; i++)
        VAE__TRY(vae__tensor_load(reader, found[i], &layout->tensors[i], block));
    return VAE_OK;
}

/* All weights are read into a block of their own, then put into the model at once. */
static vae_status replace_weights(vae_model *model, struct vae__reader *reader, vae_status status,
                                  vae_rename_fn rename, void *user)
{
    const struct vae__layout *layout = &model->layout;
    const struct vae__found **found = NULL;
    size_t bytes = layout->floats * sizeof(float), list = layout->n_tensors * sizeof *found;
    float *block = status == VAE_OK ? vae__alloc(model->context, bytes + list) : NULL;
    if (block) found = (const struct vae__found **)(void *)(block + layout->floats);
    if (status == VAE_OK)
        status = block ? fill_block(reader, layout, rename, user, found, block)
                       : vae__fail_memory(reader->who, bytes + list);
    if (status == VAE_OK) status = vae__model_writable(reader->who, model);
    if (status == VAE_OK) {
        memcpy(model->parameters, block, bytes);
        model->version++;
    }
    vae__free(model->context, block);
    vae__reader_clear(reader);
    return status;
}

vae_status vae_model_load_weights(vae_model *model, const char *path, vae_rename_fn rename,
                                  void *user)
{
    struct vae__reader reader;
    VAE__NEED(model);
    VAE__NEED(path);
    vae_status status = vae__reader_path(&reader, __func__, model->context, path);
    return replace_weights(model, &reader, status, rename, user);
}

vae_status vae_model_load_weights_memory(vae_model *model, const void *memory, size_t bytes,
                                         vae_rename_fn rename, void *user)
{
    struct vae__reader reader;
    VAE__NEED(model);
    VAE__NEED(memory);
    vae_status status = vae__reader_memory(&reader, __func__, model->context, memory, bytes);
    return replace_weights(model, &reader, status, rename, user);
}
