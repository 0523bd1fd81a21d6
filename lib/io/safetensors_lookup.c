/* SPDX-License-Identifier: MIT */
#include "io/safetensors.h"
#include "support/number.h"

#include <jansson.h>
#include <string.h>

static json_t *metadata(const struct vae__reader *reader)
{
    return json_object_get(reader->header, "__metadata__");
}

const char *vae__reader_text(const struct vae__reader *reader, const char *key)
{
    return json_string_value(json_object_get(metadata(reader), key));
}

const char *vae__reader_next_key(const struct vae__reader *reader, const char *key)
{
    json_t *keys = metadata(reader);
    void *at =
        key ? json_object_iter_next(keys, json_object_key_to_iter(key)) : json_object_iter(keys);
    return json_object_iter_key(at);
}

static vae_status fail_number(const struct vae__reader *reader, const char *key, const char *text)
{
    if (!text) return vae__fail_in(VAE_EFORMAT, reader->who, "__metadata__: %s is missing", key);
    return vae__fail_in(VAE_EFORMAT, reader->who, "__metadata__: %s is not a number: \"%.64s\"",
                        key, text);
}

vae_status vae__reader_int(const struct vae__reader *reader, const char *key, int64_t *value)
{
    const char *text = vae__reader_text(reader, key);
    return text && vae__parse_int(text, value) == 0 ? VAE_OK : fail_number(reader, key, text);
}

vae_status vae__reader_double(const struct vae__reader *reader, const char *key, double *value)
{
    const char *text = vae__reader_text(reader, key);
    return text && vae__parse_double(text, value) == 0 ? VAE_OK : fail_number(reader, key, text);
}

const struct vae__found *vae__reader_find(const struct vae__reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->n; i++)
        if (strcmp(reader->tensors[i].name, name) == 0) return &reader->tensors[i];
    return NULL;
}

int vae__found_fits(const struct vae__found *found, size_t rank, const size_t *shape)
{
    if (found->rank != rank) return 0;
    for (size_t i = 0; i < rank; i++)
        if (found->shape[i] != shape[i]) return 0;
    return 1;
}

vae_status vae__found_is_float(const struct vae__reader *reader, const struct vae__found *found)
{
    if (found->dtype->to_floats) return VAE_OK;
    return vae__fail_in(VAE_EFORMAT, reader->who,
                        "tensor \"%.64s\" has dtype %s, not F32, F64, F16 or BF16", found->name,
                        found->dtype->name);
}

vae_status vae__reader_expect(const struct vae__reader *reader, const char *name, size_t rank,
                              const size_t *shape, const struct vae__found **found)
{
    char has[VAE__SHAPE_TEXT], needs[VAE__SHAPE_TEXT];
    *found = vae__reader_find(reader, name);
    if (!*found) return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%s\" is missing", name);
    if (vae__found_fits(*found, rank, shape)) return VAE_OK;
    return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%s\" has shape %s, not %s", name,
                        vae__shape_text((*found)->rank, (*found)->shape, has),
                        vae__shape_text(rank, shape, needs));
}

vae_status vae__found_floats(const struct vae__reader *reader, const struct vae__found *found,
                             size_t first, size_t n, float *values)
{
    VAE__TRY(vae__found_is_float(reader, found));
    found->dtype->to_floats(found->data + first * found->dtype->bytes, n, values);
    return VAE_OK;
}
