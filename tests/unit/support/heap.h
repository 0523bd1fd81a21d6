/* SPDX-License-Identifier: MIT */
/* Memory for a context that counts and runs out where a test wants it. */
#ifndef HEAP_H
#define HEAP_H

#include <stdlib.h>

/* An allocator that fails from its k-th call on, and counts what is still held. */
typedef struct heap {
    size_t calls, fail_at, held;
} heap;

static inline void *heap_take(void *user, size_t bytes)
{
    heap *h = user;
    if (++h->calls >= h->fail_at) return NULL;
    h->held++;
    return malloc(bytes);
}

static inline void heap_give(void *user, void *memory)
{
    heap *h = user;
    h->held--;
    free(memory);
}

#endif
