/* SPDX-License-Identifier: MIT */
/* The floating-point state every computing call runs under: round to nearest, exceptions masked,
 * denormals flushed to zero. The caller's is put back. */
#ifndef VAE_SUPPORT_FPSTATE_H
#define VAE_SUPPORT_FPSTATE_H

#include <stdint.h>
#include <vae/status.h>

typedef uint64_t vae__fpstate;

vae__fpstate vae__fp_enter(void);
void vae__fp_leave(vae__fpstate saved);

/* VAE_EINVAL unless least <= v <= most, which NaN is not. Comparing and printing a signaling NaN or
 * a denormal number may trap under the caller's state. */
vae_status vae__fp_check(const char *who, const char *what, double v, double least, double most);

#endif
