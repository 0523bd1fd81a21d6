/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include <stdio.h>
#include <unistd.h>

#include "check_main.h"
#include "fixtures.h"

static int take_bytes(void *user, const void *data, size_t bytes)
{
    snapshot *f = user;
    if (f->n + bytes > f->capacity) {
        f->capacity = 2 * (f->n + bytes);
        f->bytes = realloc(f->bytes, f->capacity);
        if (!f->bytes) return 1;
    }
    memcpy(f->bytes + f->n, data, bytes);
    f->n += bytes;
    return 0;
}

/* Gives a prime number of bytes at most, so that nothing comes in whole pieces. */
static int give_bytes(void *user, void *data, size_t bytes, size_t *got)
{
    snapshot *f = user;
    size_t left = f->n - f->at;
    *got = bytes < 97 ? bytes : 97;
    if (*got > left) *got = left;
    memcpy(data, f->bytes + f->at, *got);
    f->at += *got;
    return 0;
}

static const char *temporary(void)
{
    static char path[64];
    snprintf(path, sizeof path, "checkpoint-%ld.safetensors", (long)getpid());
    return path;
}

static snapshot slurp(const char *path)
{
    snapshot f = {0};
    unsigned char piece[4096];
    size_t n;
    FILE *stream = fopen(path, "rb");

    ck_assert_ptr_nonnull(stream);
    while ((n = fread(piece, 1, sizeof piece, stream)) > 0)
        ck_assert_int_eq(take_bytes(&f, piece, n), 0);
    fclose(stream);
    return f;
}

snapshot snapshot_save(const vae_trainer *trainer, enum snapshot_way way)
{
    snapshot f = {0};

    if (way == SNAPSHOT_MEMORY) {
        MUST(vae_trainer_save_memory(trainer, NULL, 0, &f.n));
        f.bytes = fixture_alloc(f.n, 1);
        MUST(vae_trainer_save_memory(trainer, f.bytes, f.n, &f.n));
    } else if (way == SNAPSHOT_CALLBACK) {
        MUST(vae_trainer_write(trainer, take_bytes, &f));
    } else {
        MUST(vae_trainer_save(trainer, temporary()));
        f = slurp(temporary());
        ck_assert_int_eq(remove(temporary()), 0);
    }
    return f;
}

vae_status snapshot_load(vae_trainer *trainer, snapshot *f, enum snapshot_way way)
{
    f->at = 0;
    if (way == SNAPSHOT_MEMORY) return vae_trainer_load_memory(trainer, f->bytes, f->n);
    if (way == SNAPSHOT_CALLBACK) return vae_trainer_read(trainer, give_bytes, f);
    FILE *stream = fopen(temporary(), "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(f->bytes, 1, f->n, stream), f->n);
    ck_assert_int_eq(fclose(stream), 0);
    vae_status status = vae_trainer_load(trainer, temporary());
    ck_assert_int_eq(remove(temporary()), 0);
    return status;
}

snapshot snapshot_copy(const snapshot *f, size_t n)
{
    snapshot copy = {.bytes = fixture_alloc(n + 1, 1), .n = n};
    memcpy(copy.bytes, f->bytes, n);
    return copy;
}

void snapshot_replace(snapshot *f, const char *from, const char *to)
{
    size_t length = strlen(from);
    ck_assert_uint_eq(length, strlen(to));
    for (size_t i = 0; i + length <= f->n; i++)
        if (memcmp(f->bytes + i, from, length) == 0) {
            memcpy(f->bytes + i, to, length);
            return;
        }
    ck_abort_msg("the file has no \"%s\"", from);
}
