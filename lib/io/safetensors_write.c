/* SPDX-License-Identifier: MIT */
#include "io/atomic_file.h"
#include "io/safetensors.h"
#include "support/context.h"
#include "support/number.h"

#include <jansson.h>
#include <string.h>

#define CHUNK_BYTES 65536

struct vae__output {
    const struct vae__dtype *dtype;
    size_t count;
    vae__values_fn fill;
    const void *from, *how;
};

static vae_status fail_json(const struct vae__writer *writer)
{
    return vae__fail_in(VAE_ENOMEM, writer->who, "out of memory for the header");
}

vae_status vae__writer_init(struct vae__writer *writer, const char *who, const vae_context *context)
{
    json_t *metadata = json_object();
    *writer = (struct vae__writer){.who = who, .context = context, .root = json_object()};
    if (json_object_set_new(writer->root, "__metadata__", metadata) != 0) return fail_json(writer);
    writer->metadata = metadata;
    return VAE_OK;
}

void vae__writer_clear(struct vae__writer *writer)
{
    json_decref(writer->root);
    vae__free(writer->context, writer->outputs);
    vae__free(writer->context, writer->header);
    *writer = (struct vae__writer){.who = writer->who};
}

vae_status vae__writer_text(struct vae__writer *writer, const char *key, const char *value)
{
    json_t *text = json_string(value);
    if (json_object_set_new(writer->metadata, key, text) != 0) return fail_json(writer);
    return VAE_OK;
}

vae_status vae__writer_int(struct vae__writer *writer, const char *key, int64_t value)
{
    char text[VAE__NUMBER_TEXT];
    vae__format_int(value, text);
    return vae__writer_text(writer, key, text);
}

vae_status vae__writer_double(struct vae__writer *writer, const char *key, double value)
{
    char text[VAE__NUMBER_TEXT];
    vae__format_double(value, text);
    return vae__writer_text(writer, key, text);
}

static json_t *integers(size_t n, const size_t *values)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < n; i++) {
        if (json_array_append_new(array, json_integer((json_int_t)values[i])) == 0) continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

static vae_status add_entry(struct vae__writer *writer, const char *name, const char *dtype,
                            size_t rank, const size_t *shape, const size_t offsets[2])
{
    json_t *entry = json_object();
    int failed = json_object_set_new(entry, "dtype", json_string(dtype)) != 0 ||
                 json_object_set_new(entry, "shape", integers(rank, shape)) != 0 ||
                 json_object_set_new(entry, "data_offsets", integers(2, offsets)) != 0;
    if (failed) {
        json_decref(entry);
        return fail_json(writer);
    }
    return json_object_set_new(writer->root, name, entry) == 0 ? VAE_OK : fail_json(writer);
}

static vae_status make_room(struct vae__writer *writer)
{
    if (writer->n < writer->capacity) return VAE_OK;
    size_t capacity = writer->capacity ? 2 * writer->capacity : 32;
    struct vae__output *more = vae__alloc_array(writer->context, capacity, sizeof *more);
    if (!more) return vae__fail_memory(writer->who, capacity * sizeof *more);
    if (writer->n > 0) memcpy(more, writer->outputs, writer->n * sizeof *more);
    vae__free(writer->context, writer->outputs);
    writer->outputs = more;
    writer->capacity = capacity;
    return VAE_OK;
}

vae_status vae__writer_tensor(struct vae__writer *writer, const char *name, const char *dtype,
                              size_t rank, const size_t *shape, vae__values_fn fill,
                              const void *from, const void *how)
{
    struct vae__output output = {vae__dtype_find(dtype), 0, fill, from, how};
    int overflow = 0;
    if (!output.dtype || rank > VAE__RANK_MAX || json_object_get(writer->root, name))
        return vae__fail_in(VAE_EINVAL, writer->who,
                            "tensor \"%.64s\": added twice, or of an unknown dtype or rank", name);
    output.count = vae__shape_count(rank, shape, output.dtype->bytes, &overflow);
    size_t bytes = output.count * output.dtype->bytes;
    if (overflow || bytes > SIZE_MAX - VAE__HEADER_MAX - 8 - writer->data_bytes)
        return vae__fail_in(VAE_EINVAL, writer->who, "tensor \"%.64s\": too large", name);
    VAE__TRY(make_room(writer));
    const size_t offsets[2] = {writer->data_bytes, writer->data_bytes + bytes};
    VAE__TRY(add_entry(writer, name, dtype, rank, shape, offsets));
    writer->data_bytes += bytes;
    writer->outputs[writer->n++] = output;
    return VAE_OK;
}

/* The header is padded with spaces so that the data begin at a multiple of 8 bytes. */
static vae_status make_header(struct vae__writer *writer)
{
    if (writer->header) return VAE_OK;
    size_t json = json_dumpb(writer->root, NULL, 0, JSON_COMPACT), padded = (json + 7) / 8 * 8;
    if (json == 0) return fail_json(writer);
    if (padded > VAE__HEADER_MAX)
        return vae__fail_in(VAE_EINVAL, writer->who, "the header has %zu bytes; the limit is %d",
                            padded, VAE__HEADER_MAX);
    unsigned char *header = vae__alloc(writer->context, 8 + padded);
    if (!header) return vae__fail_memory(writer->who, 8 + padded);
    vae__store_u64(padded, header);
    memset(header + 8, ' ', padded);
    if (json_dumpb(writer->root, (char *)header + 8, json, JSON_COMPACT) != json) {
        vae__free(writer->context, header);
        return fail_json(writer);
    }
    writer->header = header;
    writer->header_bytes = 8 + padded;
    return VAE_OK;
}

/* A vae_write_fn, and how much went through it. */
struct target {
    vae_write_fn write;
    void *user;
    size_t bytes;
};

static vae_status send(const struct vae__writer *writer, struct target *to, const void *data,
                       size_t bytes)
{
    int answer = to->write(to->user, data, bytes);
    if (answer != 0)
        return vae__fail_in(VAE_EIO, writer->who, "the write callback answered %d after %zu bytes",
                            answer, to->bytes);
    to->bytes += bytes;
    return VAE_OK;
}

static vae_status send_output(const struct vae__writer *writer, const struct vae__output *output,
                              struct target *to, unsigned char *chunk)
{
    unsigned char *native = chunk + CHUNK_BYTES;
    size_t size = output->dtype->bytes, most = CHUNK_BYTES / size;
    for (size_t first = 0; first < output->count; first += most) {
        size_t n = output->count - first < most ? output->count - first : most;
        output->fill(output->from, output->how, first, n, native);
        vae__file_order(size, native, n, chunk);
        VAE__TRY(send(writer, to, chunk, n * size));
    }
    return VAE_OK;
}

vae_status vae__writer_send(struct vae__writer *writer, vae_write_fn write, void *user)
{
    struct target to = {.write = write, .user = user};
    VAE__TRY(make_header(writer));
    unsigned char *chunk = vae__alloc(writer->context, 2 * CHUNK_BYTES);
    if (!chunk) return vae__fail_memory(writer->who, 2 * CHUNK_BYTES);
    vae_status status = send(writer, &to, writer->header, writer->header_bytes);
    for (size_t i = 0; status == VAE_OK && i < writer->n; i++)
        status = send_output(writer, &writer->outputs[i], &to, chunk);
    vae__free(writer->context, chunk);
    return status;
}

vae_status vae__writer_save(struct vae__writer *writer, const char *path)
{
    struct vae__atomic_file file;
    VAE__TRY(vae__atomic_open(&file, writer->who, writer->context, path));
    vae_status status = vae__writer_send(writer, vae__descriptor_write, &file.to);
    return status == VAE_OK ? vae__atomic_commit(&file) : vae__atomic_abandon(&file, status);
}

vae_status vae__writer_save_memory(struct vae__writer *writer, void *memory, size_t capacity,
                                   size_t *bytes)
{
    if (!bytes) return vae__fail_in(VAE_EINVAL, writer->who, "bytes is NULL");
    VAE__TRY(make_header(writer));
    *bytes = writer->header_bytes + writer->data_bytes;
    if (!memory) return VAE_OK;
    if (capacity < *bytes)
        return vae__fail_in(VAE_EINVAL, writer->who, "capacity is %zu bytes; %zu are needed",
                            capacity, *bytes);
    struct vae__memory_sink sink = {.to = memory, .left = capacity};
    return vae__writer_send(writer, vae__memory_write, &sink);
}
