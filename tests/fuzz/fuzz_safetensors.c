/* SPDX-License-Identifier: MIT */
/* Any bytes as a safetensors file: opened or refused, and what was opened is written back equal. */
#include "fuzz.h"

#include "io/safetensors.h"

#include <string.h>

/* A vae__values_fn: what was found, in this machine's byte order. */
static void native_values(const void *from, const void *how, size_t first, size_t n, void *values)
{
    const struct vae__found *found = from;
    size_t bytes = found->dtype->bytes;
    (void)how;
    vae__file_order(bytes, found->data + first * bytes, n, values);
}

static vae_status copy_entries(struct vae__writer *writer, const struct vae__reader *reader)
{
    for (const char *key = NULL; (key = vae__reader_next_key(reader, key)) != NULL;)
        VAE__TRY(vae__writer_text(writer, key, vae__reader_text(reader, key)));
    for (size_t i = 0; i < reader->n; i++) {
        const struct vae__found *found = &reader->tensors[i];
        VAE__TRY(vae__writer_tensor(writer, found->name, found->dtype->name, found->rank,
                                    found->shape, native_values, found, NULL));
    }
    return VAE_OK;
}

static void expect_equal(const struct vae__reader *a, const struct vae__reader *b)
{
    EXPECT(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct vae__found *f = &a->tensors[i], *g = vae__reader_find(b, f->name);
        EXPECT(g && f->dtype == g->dtype && f->rank == g->rank && f->count == g->count);
        EXPECT(memcmp(f->shape, g->shape, f->rank * sizeof *f->shape) == 0);
        EXPECT(memcmp(f->data, g->data, f->count * f->dtype->bytes) == 0);
    }
    for (const char *key = NULL; (key = vae__reader_next_key(a, key)) != NULL;)
        EXPECT(strcmp(vae__reader_text(a, key), vae__reader_text(b, key)) == 0);
}

/* Every float of every tensor is read: a wrong length or offset would be seen. */
static void convert(const struct vae__reader *reader)
{
    for (size_t i = 0; i < reader->n; i++)
        for (size_t k = 0; k < reader->tensors[i].count; k++) {
            float value;
            if (vae__found_floats(reader, &reader->tensors[i], k, 1, &value) != VAE_OK) break;
        }
}

/* A header that is as long as allowed may grow by escapes, then it cannot be written. */
static void write_back(const struct vae__reader *reader)
{
    struct vae__writer writer;
    struct vae__reader again;
    size_t bytes = 0;
    vae_status status = vae__writer_init(&writer, "fuzz", NULL);
    if (status == VAE_OK) status = copy_entries(&writer, reader);
    if (status == VAE_OK) status = vae__writer_save_memory(&writer, NULL, 0, &bytes);
    unsigned char *memory = status == VAE_OK ? malloc(bytes) : NULL;
    if (memory) {
        EXPECT(vae__writer_save_memory(&writer, memory, bytes, &bytes) == VAE_OK);
        EXPECT(vae__reader_memory(&again, "fuzz", NULL, memory, bytes) == VAE_OK);
        EXPECT(vae__reader_data(&again) == VAE_OK);
        expect_equal(reader, &again);
        vae__reader_clear(&again);
    }
    free(memory);
    vae__writer_clear(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vae__reader reader, stream;
    struct fuzz_source source = {data, size};
    vae_status memory = vae__reader_memory(&reader, "fuzz", NULL, data, size);
    vae_status streamed = vae__reader_stream(&stream, "fuzz", NULL, fuzz_read, &source);
    EXPECT(memory == streamed);
    if (memory == VAE_OK) memory = vae__reader_data(&reader);
    if (streamed == VAE_OK) streamed = vae__reader_data(&stream);
    EXPECT(memory == streamed);
    if (memory == VAE_OK) {
        expect_equal(&reader, &stream);
        convert(&reader);
        write_back(&reader);
    } else {
        EXPECT(memory == VAE_EFORMAT && strncmp(vae_last_error(), "fuzz: ", 6) == 0);
        EXPECT(fuzz_is_sentence(vae_last_error()));
    }
    vae__reader_clear(&stream);
    vae__reader_clear(&reader);
    return 0;
}
