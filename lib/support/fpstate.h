/* SPDX-License-Identifier: MIT */
/* The floating-point state every computing call runs under: round to nearest, exceptions masked,
 * denormals flushed to zero. The caller's is put back. */
#ifndef VAE_SUPPORT_FPSTATE_H
#define VAE_SUPPORT_FPSTATE_H

#include <stdint.h>

typedef uint64_t vae__fpstate;

vae__fpstate vae__fp_enter(void);
void vae__fp_leave(vae__fpstate saved);

#endif
