/* SPDX-License-Identifier: MIT */
/* The context's inside: memory and the choice of kernels. */
#ifndef VAE_SUPPORT_CONTEXT_H
#define VAE_SUPPORT_CONTEXT_H

#include "support/kind.h"

#include <vae/context.h>

#include <stdatomic.h>

struct vae_context {
    atomic_size_t holds;
    vae_allocate_fn allocate;
    vae_release_fn release;
    void *user;
    const struct vae__kind *gemm, *simd; /* the choices (choice.c) */
};

/* Takes a hold for a new owner; NULL stays NULL. vae_context_free gives it up. */
vae_context *vae__context_hold(const vae_context *context);

/* Zeroed memory aligned to 64 bytes; NULL when there is none (or the size overflows). */
void *vae__alloc(const vae_context *context, size_t bytes);
void *vae__alloc_array(const vae_context *context, size_t n, size_t bytes_each);
void vae__free(const vae_context *context, void *memory);
char *vae__copy_text(const vae_context *context, const char *text);

/* The choices of the context, resolved for this machine: a SIMD level (math/level.h) and whether
 * BLAS multiplies matrices. */
extern const struct vae__family vae__gemms, vae__simds;
int vae__context_level(const vae_context *context);
int vae__context_blas(const vae_context *context);
/* Both as vae_workspace_kernels says them. Static. */
const char *vae__context_kernels(const vae_context *context);

#endif
