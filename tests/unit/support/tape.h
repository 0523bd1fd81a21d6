/* SPDX-License-Identifier: MIT */
/* Bytes that go out and come in by callback, as few at a time as wanted, failing where wanted. */
#ifndef TAPE_H
#define TAPE_H

#include <stdlib.h>
#include <string.h>

#define TAPE_ANSWER 77 /* of a call that fails */

typedef struct tape {
    unsigned char *bytes; /* owned */
    size_t n, at;         /* there, and read so far */
    size_t most;          /* bytes a read gives at once; 0: all */
    size_t calls, fail_at;
} tape;

static inline int tape_write(void *user, const void *data, size_t bytes)
{
    tape *t = user;
    if (++t->calls == t->fail_at) return TAPE_ANSWER;
    unsigned char *more = realloc(t->bytes, t->n + bytes + 1);
    if (!more) return -1;
    memcpy(more + t->n, data, bytes);
    t->bytes = more;
    t->n += bytes;
    return 0;
}

static inline int tape_read(void *user, void *data, size_t bytes, size_t *got)
{
    tape *t = user;
    if (++t->calls == t->fail_at) return TAPE_ANSWER;
    if (t->most > 0 && bytes > t->most) bytes = t->most;
    if (bytes > t->n - t->at) bytes = t->n - t->at;
    if (bytes > 0) memcpy(data, t->bytes + t->at, bytes);
    t->at += bytes;
    *got = bytes;
    return 0;
}

/* Plays from the start again. */
static inline void tape_rewind(tape *t)
{
    t->at = t->calls = t->fail_at = 0;
}

static inline void tape_free(tape *t)
{
    free(t->bytes);
    memset(t, 0, sizeof *t);
}

#endif
