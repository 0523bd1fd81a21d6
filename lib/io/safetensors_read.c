/* SPDX-License-Identifier: MIT */
#include "io/safetensors_header.h"
#include "support/context.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH_BYTES 8
#define FIRST_BYTES ((size_t)1 << 20) /* asked for before it is known how much data will come */

static void start(struct vae__reader *reader, const char *who, const char *path,
                  const vae_context *context)
{
    *reader = (struct vae__reader){.context = context, .file = {.fd = -1}};
    if (path)
        snprintf(reader->who, sizeof reader->who, "%s: %s", who, path);
    else
        snprintf(reader->who, sizeof reader->who, "%s", who);
}

void vae__reader_clear(struct vae__reader *reader)
{
    json_decref(reader->header);
    vae__free(reader->context, reader->tensors);
    vae__free(reader->context, reader->owned);
    if (reader->file.fd >= 0) close(reader->file.fd);
    *reader = (struct vae__reader){.file = {.fd = -1}};
}

static vae_status fail_short(const struct vae__reader *reader, const char *what, size_t wanted,
                             size_t got)
{
    return vae__fail_in(VAE_EFORMAT, reader->who, "cut off: the %s has %zu bytes, %zu are there",
                        what, wanted, got);
}

static vae_status header_length(const struct vae__reader *reader, const unsigned char *bytes,
                                size_t *length)
{
    uint64_t value = vae__load_u64(bytes);
    *length = 0;
    if (value > VAE__HEADER_MAX)
        return vae__fail_in(VAE_EFORMAT, reader->who,
                            "no safetensors file: a header of %llu bytes; the limit is %d",
                            (unsigned long long)value, VAE__HEADER_MAX);
    *length = (size_t)value;
    return VAE_OK;
}

vae_status vae__reader_memory(struct vae__reader *reader, const char *who,
                              const vae_context *context, const void *memory, size_t bytes)
{
    size_t header;
    start(reader, who, NULL, context);
    if (!memory) return vae__fail_in(VAE_EINVAL, who, "memory is NULL");
    if (bytes < LENGTH_BYTES) return fail_short(reader, "header's length", LENGTH_BYTES, bytes);
    VAE__TRY(header_length(reader, memory, &header));
    const char *text = (const char *)memory + LENGTH_BYTES;
    bytes -= LENGTH_BYTES;
    if (bytes < header) return fail_short(reader, "header", header, bytes);
    reader->memory = (const unsigned char *)text + header;
    reader->left = bytes - header;
    return vae__header_parse(reader, text, header);
}

static vae_status fail_system(const struct vae__reader *reader, int error)
{
    char text[VAE__ERROR_TEXT];
    return vae__fail_in(VAE_EIO, reader->who, "%s", vae__error_text(error, text));
}

static vae_status get(const struct vae__reader *reader, void *to, size_t bytes, size_t *got)
{
    int answer = vae__read_fully(reader->read, reader->user, to, bytes, got);
    if (reader->file.error != 0) return fail_system(reader, reader->file.error);
    if (answer != 0)
        return vae__fail_in(VAE_EIO, reader->who, "the read callback answered %d", answer);
    if (*got > bytes)
        return vae__fail_in(VAE_EIO, reader->who,
                            "the read callback says it read more bytes than it was asked for");
    return VAE_OK;
}

static vae_status get_header(struct vae__reader *reader)
{
    unsigned char length[LENGTH_BYTES];
    size_t bytes, got;
    VAE__TRY(get(reader, length, sizeof length, &got));
    if (got < sizeof length) return fail_short(reader, "header's length", sizeof length, got);
    VAE__TRY(header_length(reader, length, &bytes));
    char *text = vae__alloc(reader->context, bytes);
    if (!text) return vae__fail_memory(reader->who, bytes);
    vae_status status = get(reader, text, bytes, &got);
    if (status == VAE_OK && got < bytes) status = fail_short(reader, "header", bytes, got);
    if (status == VAE_OK) status = vae__header_parse(reader, text, bytes);
    vae__free(reader->context, text);
    return status;
}

static vae_status grow(struct vae__reader *reader, size_t used, size_t capacity)
{
    unsigned char *more = vae__alloc(reader->context, capacity);
    if (!more) return vae__fail_memory(reader->who, capacity);
    if (used > 0) memcpy(more, reader->owned, used);
    vae__free(reader->context, reader->owned);
    reader->owned = more;
    return VAE_OK;
}

/* The header's word is not taken for how much memory is needed: that grows with what arrives. */
static vae_status get_data(struct vae__reader *reader)
{
    size_t bytes = reader->data_bytes, used = 0, got = 0;
    size_t capacity = bytes < reader->expected ? bytes : reader->expected;
    unsigned char beyond;
    do {
        VAE__TRY(grow(reader, used, capacity));
        VAE__TRY(get(reader, reader->owned + used, capacity - used, &got));
        if (got < capacity - used) return fail_short(reader, "data", bytes, used + got);
        used = capacity;
        capacity = bytes - used < used ? bytes : 2 * used;
    } while (used < bytes);
    VAE__TRY(get(reader, &beyond, 1, &got));
    return got == 0 ? VAE_OK
                    : vae__fail_in(VAE_EFORMAT, reader->who, "more bytes follow the last tensor");
}

static vae_status check_memory(const struct vae__reader *reader)
{
    size_t left = reader->left, bytes = reader->data_bytes;
    if (left < bytes) return fail_short(reader, "data", bytes, left);
    if (left == bytes) return VAE_OK;
    return vae__fail_in(VAE_EFORMAT, reader->who, "%zu bytes follow the last tensor", left - bytes);
}

vae_status vae__reader_data(struct vae__reader *reader)
{
    VAE__TRY(reader->read ? get_data(reader) : check_memory(reader));
    const unsigned char *data = reader->read ? reader->owned : reader->memory;
    for (size_t i = 0; i < reader->n; i++)
        reader->tensors[i].data = data + reader->tensors[i].begin;
    return VAE_OK;
}

vae_status vae__reader_stream(struct vae__reader *reader, const char *who,
                              const vae_context *context, vae_read_fn read_bytes, void *user)
{
    start(reader, who, NULL, context);
    if (!read_bytes) return vae__fail_in(VAE_EINVAL, who, "read is NULL");
    reader->read = read_bytes;
    reader->user = user;
    reader->expected = FIRST_BYTES;
    return get_header(reader);
}

/* How many bytes a file has; a guess for what is not a regular one. Never 0. */
static size_t size_hint(int fd)
{
    struct stat file;
    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size <= 0) return FIRST_BYTES;
    return (uint64_t)file.st_size < SIZE_MAX ? (size_t)file.st_size : FIRST_BYTES;
}

vae_status vae__reader_path(struct vae__reader *reader, const char *who, const vae_context *context,
                            const char *path)
{
    start(reader, who, path, context);
    VAE__TRY(vae__check_path(who, path));
    do {
        reader->file.fd = open(path, O_RDONLY | O_CLOEXEC);
    } while (reader->file.fd < 0 && errno == EINTR);
    if (reader->file.fd < 0) return fail_system(reader, errno);
    reader->read = vae__descriptor_read;
    reader->user = &reader->file;
    reader->expected = size_hint(reader->file.fd);
    return get_header(reader);
}
