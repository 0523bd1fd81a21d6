/* SPDX-License-Identifier: MIT */
#include "io/safetensors_header.h"

#include "support/context.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS_MAX 2 /* the header, a tensor in it; lists hold numbers alone */

size_t vae__shape_count(size_t rank, const size_t *shape, size_t bytes_each, int *overflow)
{
    size_t count = 1, most = SIZE_MAX / bytes_each;
    for (size_t i = 0; i < rank; i++)
        if (shape[i] == 0) return 0;
    for (size_t i = 0; i < rank; i++) {
        if (shape[i] > most / count) {
            *overflow = 1;
            return 0;
        }
        count *= shape[i];
    }
    return count;
}

const char *vae__shape_text(size_t rank, const size_t *shape, char text[VAE__SHAPE_TEXT])
{
    size_t used = 1;
    text[0] = '[';
    for (size_t i = 0; i < rank && i < VAE__RANK_MAX; i++)
        used +=
            (size_t)snprintf(text + used, VAE__SHAPE_TEXT - used, i ? ", %zu" : "%zu", shape[i]);
    memcpy(text + used, "]", 2);
    return text;
}

const char *vae__shown(const char *text, char shown[VAE__SHOWN_TEXT])
{
    size_t i = 0;
    for (; text[i] != '\0' && i < VAE__SHOWN_TEXT - 1; i++)
        shown[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    shown[i] = '\0';
    return shown;
}

/* Jansson's parser and its release recurse once per level, and small objects are what costs most
 * memory for a byte of text: nesting that no header has is refused before it is parsed. */
static int is_plain(const char *text, size_t bytes)
{
    size_t objects = 0;
    int in_string = 0, in_list = 0;
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (in_string && c == '\\') i++;
        if (c == '"') in_string = !in_string;
        if (in_string) continue;
        if (in_list && (c == '{' || c == '[')) return 0;
        if (c == '{' && ++objects > OBJECTS_MAX) return 0;
        if (c == '}' && objects > 0) objects--;
        if (c == '[' || c == ']') in_list = c == '[';
    }
    return 1;
}

static vae_status parse_json(struct vae__reader *reader, const char *text, size_t bytes)
{
    json_error_t error;
    if (bytes == 0 || text[0] != '{')
        return vae__fail_in(VAE_EFORMAT, reader->who,
                            "no safetensors file: its header does not begin with '{'");
    if (!is_plain(text, bytes))
        return vae__fail_in(VAE_EFORMAT, reader->who,
                            "the header nests deeper than a tensor's shape");
    reader->header = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    if (reader->header) return VAE_OK;
    if (error.text[0] == '\0')
        return vae__fail_in(VAE_ENOMEM, reader->who, "out of memory for a header of %zu bytes",
                            bytes);
    char shown[VAE__SHOWN_TEXT];
    return vae__fail_in(VAE_EFORMAT, reader->who, "the header is not JSON: %s (at byte %d)",
                        vae__shown(error.text, shown), error.position);
}

/* "tensor "NAME": " and what is wrong with it. */
static vae_status fail_tensor(const struct vae__reader *reader, const char *name, const char *what)
{
    char shown[VAE__SHOWN_TEXT];
    return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%s\": %s", vae__shown(name, shown),
                        what);
}

static vae_status check_metadata(const struct vae__reader *reader, json_t *metadata)
{
    const char *key;
    json_t *value;
    char shown[VAE__SHOWN_TEXT];
    if (!json_is_object(metadata))
        return vae__fail_in(VAE_EFORMAT, reader->who, "__metadata__ is not an object");
    json_object_foreach(metadata, key, value) if (!json_is_string(value)) return vae__fail_in(
        VAE_EFORMAT, reader->who, "__metadata__: \"%s\" is not a string", vae__shown(key, shown));
    return VAE_OK;
}

/* A list of whole numbers, none negative. -1 when it is anything else or longer than `most`. */
static int read_sizes(const json_t *list, size_t most, size_t *values, size_t *n)
{
    *n = json_array_size(list);
    if (!json_is_array(list) || *n > most) return -1;
    for (size_t i = 0; i < *n; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t value = json_integer_value(item);
        if (!json_is_integer(item) || value < 0 || (uint64_t)value > SIZE_MAX) return -1;
        values[i] = (size_t)value;
    }
    return 0;
}

static vae_status read_tensor(const struct vae__reader *reader, const char *name, json_t *entry,
                              struct vae__found *found)
{
    char text[160], shown[VAE__SHOWN_TEXT], shape[VAE__SHAPE_TEXT];
    size_t n, offsets[2];
    int overflow = 0;
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    if (!json_is_object(entry) || json_object_size(entry) != 3 || !dtype)
        return fail_tensor(reader, name, "not an object of dtype, shape and data_offsets");
    found->name = name;
    found->dtype = vae__dtype_find(dtype);
    if (!found->dtype) {
        snprintf(text, sizeof text, "unknown dtype \"%s\"", vae__shown(dtype, shown));
        return fail_tensor(reader, name, text);
    }
    if (read_sizes(json_object_get(entry, "shape"), VAE__RANK_MAX, found->shape, &found->rank) != 0)
        return fail_tensor(reader, name, "shape is not a list of at most 8 whole numbers");
    if (read_sizes(json_object_get(entry, "data_offsets"), 2, offsets, &n) != 0 || n != 2)
        return fail_tensor(reader, name, "data_offsets is not a list of two whole numbers");
    found->count = vae__shape_count(found->rank, found->shape, found->dtype->bytes, &overflow);
    found->begin = offsets[0];
    size_t bytes = found->count * found->dtype->bytes;
    if (!overflow && offsets[0] <= offsets[1] && offsets[1] - offsets[0] == bytes) return VAE_OK;
    snprintf(text, sizeof text, "data_offsets [%zu, %zu] do not fit dtype %s and the shape",
             offsets[0], offsets[1], found->dtype->name);
    vae__shape_text(found->rank, found->shape, shape);
    return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%s\": %s %s", vae__shown(name, shown),
                        text, shape);
}

static size_t end_of(const struct vae__found *found)
{
    return found->begin + found->count * found->dtype->bytes;
}

static int by_place(const void *a, const void *b)
{
    const struct vae__found *f = a, *g = b;
    if (f->begin != g->begin) return f->begin < g->begin ? -1 : 1;
    return (end_of(f) > end_of(g)) - (end_of(f) < end_of(g));
}

/* Sorted by place the tensors must follow each other from 0 on. */
static vae_status check_places(struct vae__reader *reader, size_t *data_bytes)
{
    char text[128];
    *data_bytes = 0;
    if (reader->n > 0) qsort(reader->tensors, reader->n, sizeof *reader->tensors, by_place);
    for (size_t i = 0; i < reader->n; i++) {
        const struct vae__found *found = &reader->tensors[i];
        if (found->begin != *data_bytes) {
            snprintf(text, sizeof text, "its data begin at %zu, those before end at %zu",
                     found->begin, *data_bytes);
            return fail_tensor(reader, found->name, text);
        }
        *data_bytes = end_of(found);
    }
    return VAE_OK;
}

vae_status vae__header_parse(struct vae__reader *reader, const char *text, size_t bytes,
                             size_t *data_bytes)
{
    const char *name;
    json_t *entry;
    VAE__TRY(parse_json(reader, text, bytes));
    size_t n = json_object_size(reader->header);
    reader->tensors = vae__alloc_array(reader->context, n, sizeof *reader->tensors);
    if (!reader->tensors) return vae__fail_memory(reader->who, n * sizeof *reader->tensors);
    json_object_foreach(reader->header, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0)
            VAE__TRY(check_metadata(reader, entry));
        else
            VAE__TRY(read_tensor(reader, name, entry, &reader->tensors[reader->n++]));
    }
    return check_places(reader, data_bytes);
}
