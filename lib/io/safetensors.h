/* SPDX-License-Identifier: MIT */
/* safetensors files: 8 bytes of header length, a JSON header, the tensors' data. docs/formats.md.
 *
 * Every call that can fail writes the thread's sentence, which begins with the `who` that writer or
 * reader was started with. */
#ifndef VAE_IO_SAFETENSORS_H
#define VAE_IO_SAFETENSORS_H

#include "io/dtype.h"
#include "io/stream.h"
#include "support/status.h"

#include <vae/io.h>

#define VAE__HEADER_MAX 1048576 /* bytes of JSON; a longer header is refused before it is parsed */
#define VAE__HEADER_FACTOR 48   /* opening takes up to this many times the header's bytes */
#define VAE__HEADER_MORE 2048   /* and these */
#define VAE__RANK_MAX 8

/* ---- writing: collect metadata and tensors, then save. Nothing is copied but the names. ---- */

/* Writes elements [first, first + n) of a tensor, in the standard order, to `values`: native
 * elements of its dtype, out of `from`, as `how` says. Called in order, and again for every time
 * the file is written. */
typedef void (*vae__values_fn)(const void *from, const void *how, size_t first, size_t n,
                               void *values);

struct vae__writer {
    const char *who;            /* static, or valid as long as the writer */
    const vae_context *context; /* borrowed */
    void *root, *metadata;      /* Jansson's objects */
    struct vae__output *outputs;
    size_t n, capacity;
    unsigned char *header; /* with its length; made when the file is first written or measured */
    size_t header_bytes, data_bytes;
};

vae_status vae__writer_init(struct vae__writer *writer, const char *who,
                            const vae_context *context);
/* Also after a failed init. */
void vae__writer_clear(struct vae__writer *writer);

/* __metadata__: text as it is, numbers as text that reads back exactly. A key once. */
vae_status vae__writer_text(struct vae__writer *writer, const char *key, const char *value);
vae_status vae__writer_int(struct vae__writer *writer, const char *key, int64_t value);
vae_status vae__writer_double(struct vae__writer *writer, const char *key, double value);

/* A tensor of what `fill` answers. `from` and `how` must stay until the file is written. rank 0 is
 * one number. */
vae_status vae__writer_tensor(struct vae__writer *writer, const char *name, const char *dtype,
                              size_t rank, const size_t *shape, vae__values_fn fill,
                              const void *from, const void *how);

/* The three ways out, as vae_model_write, vae_model_save and vae_model_save_memory are. Each may be
 * used more than once; nothing can be added after the first. */
vae_status vae__writer_send(struct vae__writer *writer, vae_write_fn write, void *user);
vae_status vae__writer_save(struct vae__writer *writer, const char *path);
vae_status vae__writer_save_memory(struct vae__writer *writer, void *memory, size_t capacity,
                                   size_t *bytes);

/* ---- reading: open (the header is checked here), look up, take the data, convert. ---- */

struct vae__found {
    const char *name;
    const struct vae__dtype *dtype;
    size_t rank, shape[VAE__RANK_MAX];
    size_t count;              /* elements */
    size_t begin;              /* offset in the data */
    const unsigned char *data; /* count * dtype->bytes, aligned to nothing; NULL until taken */
};

struct vae__reader {
    char who[320];              /* the function's name and the path, if there is one */
    const vae_context *context; /* borrowed */
    void *header;               /* Jansson's object; owns the names */
    unsigned char *owned;       /* the data, unless it is the caller's memory */
    struct vae__found *tensors; /* in the order of the data */
    size_t n, data_bytes;       /* tensors; what the header says follows it */
    vae_read_fn read;           /* where the data come from; NULL: they are in memory */
    void *user;
    struct vae__descriptor file; /* the path's, until the reader is cleared */
    size_t expected;             /* bytes to make room for at first */
    const unsigned char *memory; /* what follows the header there, and how much */
    size_t left;
};

/* Only the header is read, so that what it tells against a file is found before its data cost
 * anything. The header takes up to VAE__HEADER_FACTOR times its bytes and VAE__HEADER_MORE; the
 * data is held once, and up to three times while it arrives from something that is not a regular
 * file. No file makes the library ask for memory in proportion to anything but the bytes that are
 * really there. */
vae_status vae__reader_memory(struct vae__reader *reader, const char *who,
                              const vae_context *context, const void *memory, size_t bytes);
vae_status vae__reader_path(struct vae__reader *reader, const char *who, const vae_context *context,
                            const char *path);
vae_status vae__reader_stream(struct vae__reader *reader, const char *who,
                              const vae_context *context, vae_read_fn read, void *user);
/* The data, all of them. Memory, callback and its state must have stayed. */
vae_status vae__reader_data(struct vae__reader *reader);
/* Also after a failed open. */
void vae__reader_clear(struct vae__reader *reader);

/* __metadata__: the text of a key, NULL when there is none; numbers, VAE_EFORMAT when the key is
 * missing or no number. vae__reader_next_key goes through the keys: NULL gives the first, and is
 * after the last. */
const char *vae__reader_text(const struct vae__reader *reader, const char *key);
vae_status vae__reader_int(const struct vae__reader *reader, const char *key, int64_t *value);
vae_status vae__reader_double(const struct vae__reader *reader, const char *key, double *value);
const char *vae__reader_next_key(const struct vae__reader *reader, const char *key);

/* NULL when there is none. */
const struct vae__found *vae__reader_find(const struct vae__reader *reader, const char *name);

/* Whether a tensor has this rank and shape. */
int vae__found_fits(const struct vae__found *found, size_t rank, const size_t *shape);

/* VAE_EFORMAT for a tensor of no floating-point dtype. */
vae_status vae__found_is_float(const struct vae__reader *reader, const struct vae__found *found);

/* The tensor if it has this shape; VAE_EFORMAT when it is missing or has another. */
vae_status vae__reader_expect(const struct vae__reader *reader, const char *name, size_t rank,
                              const size_t *shape, const struct vae__found **found);

/* Elements [first, first + n) of a tensor of any floating-point dtype; VAE_EFORMAT for another. */
vae_status vae__found_floats(const struct vae__reader *reader, const struct vae__found *found,
                             size_t first, size_t n, float *values);

/* ---- shared by both ---- */

/* The elements of a shape; 0 and `*overflow` set when the product or its bytes do not fit. */
size_t vae__shape_count(size_t rank, const size_t *shape, size_t bytes_each, int *overflow);

/* "[2, 784]" for sentences. */
#define VAE__SHAPE_TEXT (VAE__RANK_MAX * 22 + 3)
const char *vae__shape_text(size_t rank, const size_t *shape, char text[VAE__SHAPE_TEXT]);

#endif
