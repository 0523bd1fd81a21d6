/* SPDX-License-Identifier: MIT */
/* The floating-point state every computing call runs under: round to nearest, exceptions masked,
 * denormals flushed to zero. The caller's is put back. */
#ifndef VAE_SUPPORT_FPSTATE_H
#define VAE_SUPPORT_FPSTATE_H

#include <stdint.h>
#include <string.h>
#include <vae/status.h>

typedef uint64_t vae__fpstate;

vae__fpstate vae__fp_enter(void);
void vae__fp_leave(vae__fpstate saved);

/* Whether a float is finite; whether it is below 0. By its bits, so that nothing traps. */
static inline int vae__is_finite(const float *x)
{
    uint32_t bits;
    memcpy(&bits, x, sizeof bits);
    return (bits & 0x7f800000u) != 0x7f800000u;
}

static inline int vae__is_negative(const float *x)
{
    uint32_t bits;
    memcpy(&bits, x, sizeof bits);
    return bits > 0x80000000u;
}

/* VAE_EINVAL unless least <= v <= most, which NaN is not. Comparing and printing a signaling NaN or
 * a denormal number may trap under the caller's state. */
vae_status vae__fp_check(const char *who, const char *what, double v, double least, double most);

#endif
