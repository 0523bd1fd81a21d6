/* SPDX-License-Identifier: MIT */
/* Where memory comes from and which kernels compute: shared by the objects made under it. */
#ifndef VAE_CONTEXT_H
#define VAE_CONTEXT_H

#include <vae/status.h>

VAE_BEGIN_DECLS

/* Optional everywhere: NULL means malloc and the best kernels of this machine. Objects made from an
 * object inherit its context and keep it alive, so a context may be freed at any time after use.
 * Thread-safety: a context may be used by any number of threads once its setters have been
 * called. */
typedef struct vae_context vae_context;

/* Answers at least `bytes` bytes (never 0) suitably aligned for any C type, or NULL. */
typedef void *(*vae_allocate_fn)(void *user, size_t bytes);

/* Takes back what the allocate function answered; never called with NULL. */
typedef void (*vae_release_fn)(void *user, void *memory);

/* Makes a context that allocates through the caller's functions; both NULL: malloc and free. They
 * may be called from any thread that calls the library with an object of this context, never from
 * the library's own worker threads. Jansson (while a file is read or written) and the BLAS stay on
 * malloc. `out` is set to NULL on failure.
 * Errors: VAE_EINVAL (`out` NULL, or one function without the other), VAE_ENOMEM. */
VAE_API vae_status vae_context_new(vae_context **out, vae_allocate_fn allocate,
                                   vae_release_fn release, void *user) VAE_NODISCARD;

/* Gives up the caller's hold; objects made under the context keep theirs. NULL is fine. */
VAE_API void vae_context_free(vae_context *context);

/* Sets a choice by name. Options:
 *   "gemm"  which matrix product: "auto", "builtin", "blas". Default "auto": the built-in kernel on
 *           AVX2 and AVX-512 machines, BLAS elsewhere. With "builtin" a batch equals its rows to
 *           the bit; with "blas" within rounding.
 *   "simd"  the instruction set: "auto", "baseline", "avx2", "avx512". Default "auto": the best
 *           this machine has.
 * It holds for workspaces made afterwards, and for a trainer from when it next makes its plan (the
 * first step; new data, batch size, samples or threads). Results of different kernels agree within
 * rounding, not to the bit.
 * Errors: VAE_EINVAL (NULL; an instruction set this machine lacks; "blas" where libvae was built
 * without), VAE_EUNKNOWN (no such option or choice). */
VAE_API vae_status vae_context_set_text(vae_context *context, const char *option,
                                        const char *value) VAE_NODISCARD;

/* Reads an option back into `*value`: static text, never NULL on success. */
VAE_API vae_status vae_context_get_text(const vae_context *context, const char *option,
                                        const char **value) VAE_NODISCARD;

VAE_END_DECLS

#endif
