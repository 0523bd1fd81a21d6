/* SPDX-License-Identifier: MIT */
#include "support/fpstate.h"

#include "support/status.h"

#if defined(__SSE2__)

#include <xmmintrin.h>

/* All exceptions masked, denormal results (bit 15) and operands (bit 6) are zero. */
#define MXCSR 0x9fc0u

vae__fpstate vae__fp_enter(void)
{
    vae__fpstate saved = _mm_getcsr();
    _mm_setcsr(MXCSR);
    return saved;
}

void vae__fp_leave(vae__fpstate saved)
{
    _mm_setcsr((unsigned)saved);
}

#elif defined(__aarch64__)

/* FZ alone: to nearest, no traps. */
#define FPCR (UINT64_C(1) << 24)

static void set_fpcr(uint64_t value)
{
    __asm__ volatile("msr fpcr, %0\n\tisb" : : "r"(value) : "memory");
}

vae__fpstate vae__fp_enter(void)
{
    uint64_t saved;
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
    set_fpcr(FPCR);
    return saved;
}

void vae__fp_leave(vae__fpstate saved)
{
    set_fpcr(saved);
}

#else

#include <fenv.h>

vae__fpstate vae__fp_enter(void)
{
    int saved = fegetround();
    fesetround(FE_TONEAREST);
    return (vae__fpstate)saved;
}

void vae__fp_leave(vae__fpstate saved)
{
    fesetround((int)saved);
}

#endif

static vae_status check(const char *who, const char *what, double v, double least, double most)
{
    if (v >= least && v <= most) return VAE_OK;
    return vae__fail_in(VAE_EINVAL, who, "%s is %g; its range is %g to %g", what, v, least, most);
}

vae_status vae__fp_check(const char *who, const char *what, double v, double least, double most)
{
    vae__fpstate saved = vae__fp_enter();
    vae_status status = check(who, what, v, least, most);
    vae__fp_leave(saved);
    return status;
}
