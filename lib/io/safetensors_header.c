/* SPDX-License-Identifier: MIT */
#include "io/safetensors_header.h"

#include "io/safetensors_json.h"
#include "support/context.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* "tensor "NAME": " and what is wrong with it. */
static vae_status fail_tensor(const struct vae__reader *reader, const char *name, const char *what)
{
    return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%.64s\": %s", name, what);
}

static vae_status check_metadata(const struct vae__reader *reader, json_t *metadata)
{
    const char *key;
    json_t *value;
    if (!json_is_object(metadata))
        return vae__fail_in(VAE_EFORMAT, reader->who, "__metadata__ is not an object");
    json_object_foreach(metadata, key, value) if (!json_is_string(value)) return vae__fail_in(
        VAE_EFORMAT, reader->who, "__metadata__: \"%.64s\" is not a string", key);
    return VAE_OK;
}

/* A list of whole numbers, none negative; one beyond this machine's sizes counts as the largest,
 * which no data have. -1 when it is anything else or longer than `most`. */
static int read_sizes(const json_t *list, size_t most, size_t *values, size_t *n)
{
    *n = json_array_size(list);
    if (!json_is_array(list) || *n > most) return -1;
    for (size_t i = 0; i < *n; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t value = json_integer_value(item);
        if (!json_is_integer(item) || value < 0) return -1;
        values[i] = (uint64_t)value < SIZE_MAX ? (size_t)value : SIZE_MAX;
    }
    return 0;
}

static vae_status read_tensor(const struct vae__reader *reader, const char *name, json_t *entry,
                              struct vae__found *found)
{
    char text[160], shape[VAE__SHAPE_TEXT];
    size_t n, offsets[2];
    int overflow = 0;
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    if (!json_is_object(entry) || json_object_size(entry) != 3 || !dtype)
        return fail_tensor(reader, name, "not an object of dtype, shape and data_offsets");
    found->name = name;
    found->dtype = vae__dtype_find(dtype);
    if (!found->dtype) {
        snprintf(text, sizeof text, "unknown dtype \"%.64s\"", dtype);
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
    return vae__fail_in(VAE_EFORMAT, reader->who, "tensor \"%.64s\": %s %s", name, text, shape);
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
static vae_status check_places(struct vae__reader *reader)
{
    char text[128];
    reader->data_bytes = 0;
    if (reader->n > 0) qsort(reader->tensors, reader->n, sizeof *reader->tensors, by_place);
    for (size_t i = 0; i < reader->n; i++) {
        const struct vae__found *found = &reader->tensors[i];
        if (found->begin != reader->data_bytes) {
            snprintf(text, sizeof text, "its data begin at %zu, those before end at %zu",
                     found->begin, reader->data_bytes);
            return fail_tensor(reader, found->name, text);
        }
        reader->data_bytes = end_of(found);
    }
    return VAE_OK;
}

/* Without the reader's array, the entries are checked and counted only. */
static vae_status read_entries(struct vae__reader *reader)
{
    struct vae__found checked = {0};
    const char *name;
    json_t *entry;
    reader->n = 0;
    json_object_foreach(reader->header, name, entry)
    {
        struct vae__found *found = reader->tensors ? &reader->tensors[reader->n] : &checked;
        if (strcmp(name, "__metadata__") == 0) {
            VAE__TRY(check_metadata(reader, entry));
            continue;
        }
        VAE__TRY(read_tensor(reader, name, entry, found));
        reader->n++;
    }
    return VAE_OK;
}

vae_status vae__header_parse(struct vae__reader *reader, const char *text, size_t bytes)
{
    VAE__TRY(vae__json_parse(reader, text, bytes));
    VAE__TRY(read_entries(reader));
    reader->tensors = vae__alloc_array(reader->context, reader->n, sizeof *reader->tensors);
    if (!reader->tensors) return vae__fail_memory(reader->who, reader->n * sizeof *reader->tensors);
    VAE__TRY(read_entries(reader));
    return check_places(reader);
}
