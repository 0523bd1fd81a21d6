/* SPDX-License-Identifier: MIT */
#include "math/level.h"

#if VAE__LEVEL_COUNT > 1

#include <cpuid.h>

static const char *const names[VAE__LEVEL_COUNT] = {"baseline", "avx2", "avx512"};

#define YMM_STATE 0x06u
#define ZMM_STATE 0xe6u

/* Of XCR0: which registers the operating system saves. */
static unsigned saved_state(void)
{
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static int has(unsigned bits, unsigned of)
{
    return (of & bits) == bits;
}

/* The compiler's own test would link a constructor and four times the code. */
int vae__level_supported(size_t level)
{
    const unsigned wide = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
    unsigned a, b, c, d, features;
    if (level == 0) return 1;
    if (level >= VAE__LEVEL_COUNT) return 0;
    if (!__get_cpuid(1, &a, &b, &features, &d)) return 0;
    if (!has(bit_OSXSAVE | bit_AVX | bit_FMA, features)) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !has(bit_AVX2, b)) return 0;
    if (level == 1) return has(YMM_STATE, saved_state());
    return has(wide, b) && has(ZMM_STATE, saved_state());
}

#else

static const char *const names[VAE__LEVEL_COUNT] = {"baseline"};

int vae__level_supported(size_t level)
{
    return level == 0;
}

#endif

const char *vae__level_name(size_t level)
{
    return level < VAE__LEVEL_COUNT ? names[level] : NULL;
}

size_t vae__level_best(void)
{
    size_t level = VAE__LEVEL_COUNT - 1;
    while (!vae__level_supported(level)) level--;
    return level;
}
