/* SPDX-License-Identifier: MIT */
/* Bytes read as a program: handles that calls make, use and free; what every call is held to. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "fuzz.h"

#include <vae/vae.h>

#include <float.h>
#include <math.h>

enum { EACH = 2, SOURCES = 4, ROWS = 8, STRIDE = 9, DATA = ROWS * STRIDE, ROOM = 1 << 16 };

/* A workspace or trainer, and what must outlive it. */
struct user {
    void *handle;
    const void *model, *uses[6];
};

struct program {
    const uint8_t *data;
    size_t left;
    vae_context *contexts[EACH + 1]; /* the last is NULL */
    vae_config *configs[EACH];
    vae_model *models[EACH];
    vae_batch *batches[EACH];
    vae_source *sources[SOURCES];
    struct user workspaces[EACH], trainers[EACH];
    unsigned char *file; /* the latest that was saved, flipped bits and all */
    size_t file_bytes, file_read;
    int in_callback;
    int wild; /* a file was damaged or weights grew: moments may carry them out of range */
};

static float floats[DATA], odd_floats[DATA], out[ROOM];
static uint8_t bytes[DATA];
static double terms[2 * ROWS];

static const size_t sizes[] = {3, 1, 5, 8, 0, 7, 9, SIZE_MAX, SIZE_MAX / 4, SIZE_MAX / 8 + 2};
static const double numbers[] = {1.0,   0.5,  0.0,     1e-3,     -1.0,      3.0, 1e6,
                                 1e-18, 1e30, DBL_MAX, INFINITY, -INFINITY, NAN, 5e-324};
static const char *const texts[] = {"3",
                                    "1",
                                    "5,3",
                                    "0",
                                    "",
                                    "7",
                                    "0.5",
                                    "1e-3",
                                    "1,2",
                                    "-1",
                                    "nan",
                                    "1e400",
                                    "5,",
                                    "1e6",
                                    "80",
                                    "2,3,4",
                                    "9007199254740993",
                                    "no such thing"};
#define N(list) (sizeof(list) / sizeof *(list))

static inline size_t below(struct program *p, size_t n)
{
    if (p->left == 0) return 0;
    p->left--;
    return *p->data++ % n;
}

static inline size_t any_size(struct program *p)
{
    return sizes[below(p, N(sizes))];
}

static inline double any_number(struct program *p)
{
    return numbers[below(p, N(numbers))];
}

/* The name of a kind, or one of the texts. */
static inline const char *any_text(struct program *p)
{
    const char *family = vae_kind_family(below(p, 16));
    const char *kind = family ? vae_kind(family, below(p, 10)) : NULL;
    return kind ? kind : texts[below(p, N(texts))];
}

static inline const float *any_floats(struct program *p)
{
    switch (below(p, 16)) {
    case 0:
        return NULL;
    case 1:
        return odd_floats;
    default:
        return floats;
    }
}

static inline vae_context *any_context(struct program *p)
{
    return p->contexts[below(p, EACH + 1)];
}

/* A known code, and on failure a sentence that begins with the function's name. */
static inline vae_status hold(const char *call, vae_status status)
{
    size_t name = strcspn(call, "(");
    EXPECT(strcmp(vae_status_name(status), vae_status_name((vae_status)1)) != 0);
    if (status == VAE_OK) return status;
    EXPECT(fuzz_is_sentence(vae_last_error()));
    EXPECT(strncmp(vae_last_error(), call, name) == 0 && vae_last_error()[name] == ':');
    return status;
}

#define CALL(call) hold(#call, (call))

/* One that makes something: there it is, or NULL. */
#define MAKE(object, call) EXPECT(CALL(call) == VAE_OK ? (object) != NULL : (object) == NULL)

/* FNV-1a of a model's weights. */
static inline uint64_t weights_of(const vae_model *model)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const unsigned char *weights = (const unsigned char *)vae_model_parameters(model);
    for (size_t i = 0; i < vae_model_parameter_count(model) * sizeof(float); i++)
        hash = (hash ^ weights[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Frees what needs an object, before the object. */
static inline void leave(struct program *p, const void *object)
{
    for (size_t i = 0; object && i < EACH; i++) {
        struct user *t = &p->trainers[i];
        int uses = t->model == object;
        for (size_t k = 0; k < N(t->uses); k++) uses |= t->uses[k] == object;
        if (!uses) continue;
        vae_trainer_free(t->handle);
        *t = (struct user){0};
    }
}

static inline void drop_model(struct program *p, size_t i)
{
    leave(p, p->models[i]);
    vae_model_free(p->models[i]);
    p->models[i] = NULL;
}

static inline void drop_source(struct program *p, size_t i)
{
    leave(p, p->sources[i]);
    vae_source_free(p->sources[i]);
    p->sources[i] = NULL;
}

static inline int program_write(void *user, const void *data, size_t n)
{
    struct program *p = user;
    (void)data, (void)n;
    return below(p, 8) == 7;
}

static inline int program_read(void *user, void *data, size_t n, size_t *got)
{
    struct program *p = user;
    size_t left = p->file_bytes - p->file_read;
    if (below(p, 16) == 15) return 1;
    *got = n < left ? n : left;
    if (*got > 0) memcpy(data, p->file + p->file_read, *got);
    p->file_read += *got;
    return 0;
}

/* Takes over what was saved; now and then a bit of it is another. */
static inline void keep(struct program *p, unsigned char *file, size_t n)
{
    free(p->file);
    p->file = file;
    p->file_bytes = n;
    if (n > 0 && below(p, 4) == 3) {
        size_t page = below(p, 256), at = page << 8 | below(p, 256);
        file[at % n] ^= (unsigned char)(1 << below(p, 8));
        p->wild = 1;
    }
}

#endif
