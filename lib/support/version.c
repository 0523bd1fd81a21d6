/* SPDX-License-Identifier: MIT */
/* Which libvae is running. */
#include <vae/version.h>

uint32_t vae_version(void)
{
    return VAE_VERSION_MAJOR * 1000000u + VAE_VERSION_MINOR * 1000u + VAE_VERSION_PATCH;
}
