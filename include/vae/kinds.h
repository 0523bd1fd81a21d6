/* SPDX-License-Identifier: MIT */
/* The names of everything that is chosen by name: what --help, bindings and tests list. */
#ifndef VAE_KINDS_H
#define VAE_KINDS_H

#include <vae/status.h>

VAE_BEGIN_DECLS

/* The name of the index-th family ("activation", "init", "likelihood", ...), NULL after the last.
 * Static. Thread-safety: any thread. */
VAE_API const char *vae_kind_family(size_t index);

/* The name of the index-th kind of a family, for example vae_kind("activation", 1) = "relu"; NULL
 * after the last and for an unknown or NULL family. A released name is never removed. Static.
 * Thread-safety: any thread. */
VAE_API const char *vae_kind(const char *family, size_t index);

/* One line that says what a kind is, for example "max(0, z)"; NULL when there is no such kind.
 * Static. Thread-safety: any thread. */
VAE_API const char *vae_kind_describe(const char *family, const char *name);

VAE_END_DECLS

#endif
