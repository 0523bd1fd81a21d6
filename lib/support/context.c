/* SPDX-License-Identifier: MIT */
#include "support/context.h"

#include "support/status.h"

#include <stdlib.h>
#include <string.h>

/* Every block is preceded by a word that leads back to what the allocator gave. */
#define ALIGNMENT 64

static void *allocate_plain(void *user, size_t bytes)
{
    (void)user;
    return malloc(bytes);
}

static void release_plain(void *user, void *memory)
{
    (void)user;
    free(memory);
}

void *vae__alloc(const vae_context *context, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGNMENT - sizeof(void *)) return NULL;
    size_t whole = bytes + ALIGNMENT + sizeof(void *);
    void *raw = context ? context->allocate(context->user, whole) : calloc(1, whole);
    if (!raw) return NULL;
    uintptr_t first = (uintptr_t)raw + sizeof(void *);
    char *memory = (char *)raw + sizeof(void *) + (ALIGNMENT - first % ALIGNMENT) % ALIGNMENT;
    memcpy(memory - sizeof(void *), &raw, sizeof raw);
    return context ? memset(memory, 0, bytes) : memory; /* calloc leaves untouched pages alone */
}

void *vae__alloc_array(const vae_context *context, size_t n, size_t bytes_each)
{
    if (bytes_each != 0 && n > SIZE_MAX / bytes_each) return NULL;
    return vae__alloc(context, n * bytes_each);
}

void vae__free(const vae_context *context, void *memory)
{
    if (!memory) return;
    void *raw;
    memcpy(&raw, (char *)memory - sizeof(void *), sizeof raw);
    if (context)
        context->release(context->user, raw);
    else
        free(raw);
}

char *vae__copy_text(const vae_context *context, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = vae__alloc(context, bytes);
    return copy ? memcpy(copy, text, bytes) : NULL;
}

vae_status vae_context_new(vae_context **out, vae_allocate_fn allocate, vae_release_fn release,
                           void *user)
{
    VAE__NEED(out);
    *out = NULL;
    if (!allocate != !release)
        return VAE__FAIL(VAE_EINVAL, "allocate and release must be given together");
    const vae_context plain = {.allocate = allocate ? allocate : allocate_plain,
                               .release = release ? release : release_plain,
                               .user = user};
    vae_context *context = plain.allocate(user, sizeof *context);
    if (!context) return vae__fail_memory(__func__, sizeof *context);
    *context = plain;
    context->gemm = vae__gemms.table[0];
    context->simd = vae__simds.table[0];
    atomic_init(&context->holds, 1);
    *out = context;
    return VAE_OK;
}

vae_context *vae__context_hold(const vae_context *context)
{
    if (!context) return NULL;
    vae_context *held = (vae_context *)(uintptr_t)context; /* the count is not part of its value */
    atomic_fetch_add_explicit(&held->holds, 1, memory_order_relaxed);
    return held;
}

void vae_context_free(vae_context *context)
{
    if (!context) return;
    if (atomic_fetch_sub_explicit(&context->holds, 1, memory_order_acq_rel) == 1)
        context->release(context->user, context);
}
