/* SPDX-License-Identifier: MIT */
#include "math/level.h"

#if VAE__LEVEL_COUNT > 1

static const char *const names[VAE__LEVEL_COUNT] = {"baseline", "avx2", "avx512"};

/* The compiler's own test, which asks the operating system too. */
int vae__level_supported(size_t level)
{
    __builtin_cpu_init();
    if (level == 1) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (level == 2)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return level == 0;
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
