/* SPDX-License-Identifier: MIT */
#include "io/safetensors_header.h"

#include "support/context.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS_MAX 2 /* the header, a tensor in it; lists hold numbers alone */
#define TOO_DEEP "the header nests deeper than a tensor's shape"

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

/* Jansson's parser and its release recurse once per level, and small objects are what costs most
 * memory for a byte of text: nesting that no header has is refused before it is parsed. So is what
 * is not one object and blanks, which would reach the list the parser is given. Answers what is
 * wrong, or NULL and the longest string, its quotes included. */
static const char *scan(const char *text, size_t bytes, size_t *longest)
{
    size_t objects = 0, begin = 0;
    int in_string = 0, in_list = 0;
    *longest = 0;
    if (bytes == 0 || text[0] != '{')
        return "no safetensors file: its header does not begin with '{'";
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (i > 0 && objects == 0 && c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return "the header is not JSON: more follows its object";
        if (in_string && c == '\\') i++;
        if (c == '"') {
            if (in_string && i + 1 - begin > *longest) *longest = i + 1 - begin;
            begin = i;
            in_string = !in_string;
        }
        if (in_string) continue;
        if (in_list && (c == '{' || c == '[')) return TOO_DEEP;
        if (c == '{' && ++objects > OBJECTS_MAX) return TOO_DEEP;
        if (c == '}') objects--;
        if (c == '[' || c == ']') in_list = c == '[';
    }
    return objects > 0 ? "the header is not JSON: its object does not end" : NULL;
}

/* Jansson loses a byte of a token, the closing quote too, when its buffer cannot grow. So it gets
 * ["xxx...",HEADER]: the buffer grows over a string longer than any token of the header, where a
 * lost byte means nothing, and whose closing quote is not where it grows: after a power of two. */
struct feed {
    const char *text;
    size_t bytes, filling, at;
};

#define FILLING_MORE 32 /* digits of a number */

/* A json_load_callback_t. */
static size_t feed(void *to, size_t room, void *user)
{
    struct feed *from = user;
    size_t n = 0, header = from->filling + 4, end = header + from->bytes;
    for (; n < room && from->at <= end; n++, from->at++) {
        size_t at = from->at;
        char c = 'x';
        if (at == 0) c = '[';
        if (at == 1 || at == header - 2) c = '"';
        if (at == header - 1) c = ',';
        if (at >= header) c = at < end ? from->text[at - header] : ']';
        ((char *)to)[n] = c;
    }
    return n;
}

static json_t *load(const char *text, size_t bytes, size_t longest, json_error_t *error)
{
    struct feed from = {text, bytes, longest + FILLING_MORE, 0};
    size_t token = from.filling + 2;
    from.filling += (token & (token - 1)) == 0;
    json_t *list = json_load_callback(feed, &from, JSON_REJECT_DUPLICATES, error);
    int before = (int)from.filling + 4;
    error->position = error->position > before ? error->position - before : 0;
    json_t *header = json_incref(json_array_get(list, 1));
    json_decref(list);
    return header;
}

/* Whether Jansson can have as much memory as most headers take: some lack of it is reported as an
 * error of syntax. */
static int has_memory(size_t bytes)
{
    json_malloc_t take;
    json_free_t give;
    json_get_alloc_funcs(&take, &give);
    void *memory = take(VAE__HEADER_FACTOR / 2 * bytes);
    if (memory) give(memory);
    return memory != NULL;
}

static vae_status fail_header_memory(const struct vae__reader *reader, size_t bytes)
{
    return vae__fail_in(VAE_ENOMEM, reader->who, "out of memory for a header of %zu bytes", bytes);
}

static vae_status parse_json(struct vae__reader *reader, const char *text, size_t bytes)
{
    json_error_t error, again;
    size_t longest;
    const char *wrong = scan(text, bytes, &longest);
    if (wrong) return vae__fail_in(VAE_EFORMAT, reader->who, "%s", wrong);
    if (!has_memory(bytes)) return fail_header_memory(reader, bytes);
    reader->header = load(text, bytes, longest, &error);
    if (reader->header) return VAE_OK;
    json_t *header = load(text, bytes, longest, &again);
    json_decref(header);
    if (header || error.text[0] == '\0' || again.text[0] == '\0' || !has_memory(bytes))
        return fail_header_memory(reader, bytes);
    return vae__fail_in(VAE_EFORMAT, reader->who, "the header is not JSON: %.100s (at byte %d)",
                        error.text, error.position);
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
    struct vae__found checked;
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
    VAE__TRY(parse_json(reader, text, bytes));
    VAE__TRY(read_entries(reader));
    reader->tensors = vae__alloc_array(reader->context, reader->n, sizeof *reader->tensors);
    if (!reader->tensors) return vae__fail_memory(reader->who, reader->n * sizeof *reader->tensors);
    VAE__TRY(read_entries(reader));
    return check_places(reader);
}
