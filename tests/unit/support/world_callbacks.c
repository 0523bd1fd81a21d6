/* SPDX-License-Identifier: MIT */
/* Callbacks that do as they are told, and those that do not. */
#include "tape.h"
#include "world.h"

static void *take(void *user, size_t bytes)
{
    (void)user;
    return malloc(bytes);
}

static void *take_none(void *user, size_t bytes)
{
    (void)user, (void)bytes;
    return NULL;
}

static void give(void *user, void *memory)
{
    (void)user;
    free(memory);
}

static int write_all(void *user, const void *data, size_t bytes)
{
    (void)user, (void)data, (void)bytes;
    return 0;
}

static int write_refused(void *user, const void *data, size_t bytes)
{
    (void)user, (void)data, (void)bytes;
    return 1;
}

static int read_refused(void *user, void *data, size_t bytes, size_t *got)
{
    (void)user, (void)data, (void)bytes, (void)got;
    return 1;
}

static int read_too_much(void *user, void *data, size_t bytes, size_t *got)
{
    (void)user, (void)data;
    *got = bytes + 1;
    return 0;
}

static const char *rename_not(void *user, const char *tensor)
{
    (void)user, (void)tensor;
    return NULL;
}

static const char *rename_wrong(void *user, const char *tensor)
{
    (void)user, (void)tensor;
    return "no such tensor";
}

/* Fails when the int that `user` points to says so. */
static int half_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    (void)rows;
    if (user && *(int *)user) return 1;
    for (size_t i = 0; i < n * WORLD_DIM; i++) out[i] = 0.5f;
    return 0;
}

static int go_on(vae_trainer *trainer, void *user)
{
    (void)trainer, (void)user;
    return 0;
}

static int leave_gradient(float *gradient, size_t n, uint64_t step, void *user)
{
    (void)gradient, (void)n, (void)step, (void)user;
    return 0;
}

void world_callbacks(union value *v)
{
    v[TAKE].take = take, v[TAKE_NONE].take = take_none, v[GIVE].give = give;
    v[WRITE].write = write_all, v[WRITE_REFUSED].write = write_refused;
    v[READ].read = tape_read, v[READ_REFUSED].read = read_refused;
    v[READ_TOO_MUCH].read = read_too_much;
    v[RENAME].rename = rename_not, v[RENAME_WRONG].rename = rename_wrong;
    v[ROWS_FN].rows = half_rows;
    v[PROGRESS].progress = go_on, v[GRADIENT_FN].gradient = leave_gradient;
}
