/* SPDX-License-Identifier: MIT */
/* Which libvae this is: at compile time, at run time, and what it was built with. */
#ifndef VAE_VERSION_H
#define VAE_VERSION_H

#include <vae/export.h>

VAE_BEGIN_DECLS

#define VAE_VERSION_MAJOR 0
#define VAE_VERSION_MINOR 1
#define VAE_VERSION_PATCH 0

/* True when the headers in use are of this version or a later one. */
#define VAE_VERSION_AT_LEAST(major, minor, patch)                                                  \
    (VAE_VERSION_MAJOR > (major) ||                                                                \
     (VAE_VERSION_MAJOR == (major) &&                                                              \
      (VAE_VERSION_MINOR > (minor) ||                                                              \
       (VAE_VERSION_MINOR == (minor) && VAE_VERSION_PATCH >= (patch)))))

/* The running library's version as major * 1000000 + minor * 1000 + patch.
 * Thread-safety: any thread, any time. */
VAE_API uint32_t vae_version(void);

/* The same as text, for example "0.1.0". Static; never NULL. Thread-safety: any thread. */
VAE_API const char *vae_version_string(void);

/* Writes one sentence for --version and bug reports into `text` (at most `size` bytes with the
 * closing NUL; longer text is cut): the version, compiler, BLAS and its core, the SIMD levels
 * compiled in and the one this machine gets. Holds no date and nothing of the machine that built
 * it. Answers the length the whole sentence has. `text` may be NULL when `size` is 0.
 * Thread-safety: any thread. */
VAE_API size_t vae_build_info(char *text, size_t size);

VAE_END_DECLS

#endif
