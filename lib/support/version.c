/* SPDX-License-Identifier: MIT */
/* Which libvae is running and what it was built with. */
#include <stdio.h>
#include <string.h>

#include <vae/version.h>

#include "math/gemm.h"
#include "math/level.h"

#define TEXT_OF(macro) #macro
#define TEXT(macro) TEXT_OF(macro)

#if defined(__clang__)
#define COMPILER                                                                                   \
    "clang " TEXT(__clang_major__) "." TEXT(__clang_minor__) "." TEXT(__clang_patchlevel__)
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "another compiler"
#endif

uint32_t vae_version(void)
{
    return VAE_VERSION_MAJOR * 1000000u + VAE_VERSION_MINOR * 1000u + VAE_VERSION_PATCH;
}

const char *vae_version_string(void)
{
    return TEXT(VAE_VERSION_MAJOR) "." TEXT(VAE_VERSION_MINOR) "." TEXT(VAE_VERSION_PATCH);
}

static void list_levels(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < VAE__LEVEL_COUNT; i++) {
        const char *name = vae__level_name(i);
        if (used + strlen(name) + 2 > size) return;
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "", name);
    }
}

size_t vae_build_info(char *text, size_t size)
{
    char blas[128], levels[64];
    if (text == NULL) size = 0;
    list_levels(levels, sizeof levels);
    int length = snprintf(text, size, "libvae %s (%s), BLAS: %s, SIMD: %s (this machine: %s)",
                          vae_version_string(), COMPILER, vae__blas_describe(blas, sizeof blas),
                          levels, vae__level_name(vae__level_best()));
    return length < 0 ? 0 : (size_t)length;
}
